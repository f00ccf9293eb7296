#include "employees-mock/settings.h"

#include "common/json.h"
#include "employees-mock/bind.h"
#include "employees-mock/json_own.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct settings {
    pthread_mutex_t lock;
    json_t *json;
    bool has_fixed_delay;
    uint64_t fixed_delay_ms;
    struct delay delay;
    atomic_bool slow; /* some global delay is set; saves the lock */
};

static const char *const wrapper_members[] = {"settings", NULL};
static const char *const members[] = {"fixedDelay", "delayDistribution", "proxyPassThrough",
                                      "extended", NULL};

static const char parameters_class[] = "com.github.tomakehurst.wiremock.extension.Parameters";

enum status settings_new(bool pass_through, struct settings **ret, struct why *why)
{
    struct settings *s = calloc(1, sizeof *s);

    if (!s)
        return fail_memory(why);
    s->json = json_pack("{s:b}", "proxyPassThrough", pass_through);
    pthread_mutex_init(&s->lock, NULL);
    *ret = s;
    return ST_OK;
}

void settings_free(struct settings *s)
{
    if (!s)
        return;
    json_decref(s->json);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static enum status read_members(const struct bind *b, const char *delay_pointer,
                                struct settings *made)
{
    long long fixed_ms = 0;
    bool pass = false;
    const json_t *distribution = bind_any(b, "delayDistribution");
    const json_t *extended = NULL;
    enum status st = bind_int(b, "fixedDelay", "java.lang.Integer", &fixed_ms);

    made->has_fixed_delay = bind_any(b, "fixedDelay") != NULL;
    made->fixed_delay_ms = fixed_ms > 0 ? (uint64_t)fixed_ms : 0;
    if (st == ST_OK)
        st = bind_bool(b, "proxyPassThrough", JAVA_BOOLEAN, &pass);
    if (st == ST_OK)
        st = bind_map(b, "extended", parameters_class, parameters_class, &extended);
    if (st == ST_OK)
        st = delay_parse(distribution, delay_pointer, &made->delay, b->fault);
    if (st != ST_OK)
        return st;
    made->json = json_object();
    if (made->has_fixed_delay)
        json_object_set_new(made->json, "fixedDelay", json_integer(fixed_ms));
    if (distribution)
        json_object_set_new(made->json, "delayDistribution", delay_json(&made->delay));
    if (extended)
        json_object_set_new(made->json, "extended", json_without_nulls(extended));
    json_object_set_new(made->json, "proxyPassThrough", json_boolean(pass));
    return ST_OK;
}

static void put(struct settings *s, const struct settings *made)
{
    json_t *old;

    pthread_mutex_lock(&s->lock);
    old = s->json;
    s->json = made->json;
    s->has_fixed_delay = made->has_fixed_delay;
    s->fixed_delay_ms = made->fixed_delay_ms;
    s->delay = made->delay;
    atomic_store(&s->slow, made->fixed_delay_ms > 0 || made->delay.kind != DELAY_NONE);
    pthread_mutex_unlock(&s->lock);
    json_decref(old);
}

enum status settings_replace(struct settings *s, const json_t *given, struct match_fault *fault)
{
    static const struct bind_class wrapper = {"admin.model.GetGlobalSettingsResult",
                                              wrapper_members};
    static const struct bind_class plain = {"global.GlobalSettings", members};
    struct settings made = {0};
    bool wrapped = json_object_get(given, "settings") != NULL;
    bool known = false;
    struct bind b;
    enum status st;

    for (const char *const *m = members; *m; m++)
        known = known || json_object_get(given, *m);
    st = known && !wrapped ? ST_OK : bind_object(given, "", &wrapper, &b, fault);
    if (st == ST_OK && (wrapped || known))
        st = bind_object(wrapped ? json_object_get(given, "settings") : given,
                         wrapped ? "/settings" : "", &plain, &b, fault);
    if (st == ST_OK)
        st =
            read_members(&b, wrapped ? "/settings/delayDistribution" : "/delayDistribution", &made);
    /* WireMock tries the wrapper when the plain form fails, and words its refusal after that */
    if (st != ST_OK && !wrapped)
        st = bind_object(given, "", &wrapper, &b, fault);
    else if (st == ST_OK)
        put(s, &made);
    return st;
}

/* What is null goes, as WireMock never writes it. A new value; NULL: memory is out. */
static json_t *merged(const json_t *old, const json_t *more)
{
    auto_json json_t *both = old ? json_own(old) : json_object();
    auto_json json_t *copy = json_own(more);

    return both && copy && json_object_update(both, copy) == 0 ? json_without_nulls(both) : NULL;
}

enum status settings_extend(struct settings *s, const json_t *more)
{
    auto_json json_t *json = NULL;
    enum status st = ST_NO_MEMORY;

    pthread_mutex_lock(&s->lock);
    json = json_own(s->json);
    json_object_del(json, "proxyPassThrough");
    /* WireMock builds the settings anew, and forgets this one */
    if (json_object_set_new(json, "extended", merged(json_object_get(json, "extended"), more)) ==
            0 &&
        json_object_set_new(json, "proxyPassThrough", json_true()) == 0) {
        json_decref(s->json);
        s->json = take(json);
        st = ST_OK;
    }
    pthread_mutex_unlock(&s->lock);
    return st;
}

json_t *settings_json(struct settings *s)
{
    json_t *json;

    pthread_mutex_lock(&s->lock);
    json = json_own(s->json);
    pthread_mutex_unlock(&s->lock);
    return json;
}

uint64_t settings_delay_ms(struct settings *s, const struct answer *a)
{
    bool has_fixed = false;
    uint64_t fixed_ms = 0;
    struct delay delay = {0};

    if (atomic_load_explicit(&s->slow, memory_order_relaxed)) {
        pthread_mutex_lock(&s->lock);
        has_fixed = s->has_fixed_delay;
        fixed_ms = s->fixed_delay_ms;
        delay = s->delay;
        pthread_mutex_unlock(&s->lock);
    }
    if (a->has_fixed_delay)
        fixed_ms = a->fixed_delay_ms;
    else if (!has_fixed)
        fixed_ms = 0;
    return fixed_ms + delay_draw(a->delay.kind != DELAY_NONE ? &a->delay : &delay);
}
