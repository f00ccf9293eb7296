#include "plugin/settings.h"

#include "common/cleanup.h"
#include "plugin/route.h"
#include "plugin/settings_internal.h"
#include "plugin/text.h"

enum { DEFAULT_TIMEOUT_MS = 5000, DEFAULT_BODY_BYTES = 33554432, ORIGINS_MAX = 1 << 20 };

struct block {
    struct block *next;
    max_align_t data[];
};

DEFINE_CLEANUP(settings, struct settings *, settings_free)
#define auto_settings __attribute__((cleanup(cleanup_settings)))

void *settings_alloc(struct settings *settings, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);

    if (!block)
        return NULL;
    block->next = settings->blocks;
    settings->blocks = block;
    return block->data;
}

struct settings *settings_share(struct settings *settings)
{
    settings->users++;
    return settings;
}

void settings_free(struct settings *settings)
{
    if (!settings || --settings->users > 0)
        return;
    while (settings->blocks) {
        struct block *block = settings->blocks;

        settings->blocks = block->next;
        free(block);
    }
    buf_done(&settings->origins);
    free(settings->text);
    free(settings);
}

static void set_place(struct why *why, struct slice place)
{
    size_t len = place.len < sizeof why->place - 1 ? place.len : sizeof why->place - 1;

    memcpy(why->place, place.data, len);
    why->place[len] = '\0';
}

static enum status fault_at(struct why *why, struct slice place, const char *text)
{
    struct reading reading = {.why = why};

    set_place(why, place);
    return settings_fault(&reading, text);
}

/* One line: where it came from, its name and its value, unless that is a secret. */
static void note(struct settings *settings, const char *from, const struct member *member,
                 struct slice value)
{
    buf_put_text(&settings->origins, member->name);
    buf_put_char(&settings->origins, '=');
    text_put_json(&settings->origins, member->secret ? SLICE("***") : value);
    buf_put_slice(&settings->origins, SLICE(" from "));
    buf_put_text(&settings->origins, from);
    buf_put_char(&settings->origins, '\n');
}

static enum status read_environment(struct settings *settings, struct why *why)
{
    for (size_t i = 0; i < settings_members_count; i++) {
        const struct member *member = &settings_members[i];
        struct reading reading = {settings, &settings->base, member, why};
        struct slice text = slice_of(member->variable ? getenv(member->variable) : NULL);
        enum status st;

        if (text.len == 0)
            continue;
        note(settings, "the environment", member, text);
        st = member->read_text(&reading, text);
        if (st != ST_OK) {
            set_place(why, slice_of(member->variable));
            return st;
        }
    }
    return ST_OK;
}

/* The members of one object: the configuration, or a route in it. Routes are only noted, as they
 * begin with all that stands around them. */
struct object {
    struct policy *policy;
    bool is_route;
    uint32_t seen;
    bool has_routes;
    bool has_prefix;
    bool has_intercept;
    struct json_in routes;
};

static enum status read_member(struct settings *settings, struct object *object,
                               const struct member *member, struct json_in *in, struct why *why)
{
    struct reading reading = {settings, object->policy, member, why};
    uint32_t bit = 1u << (member - settings_members);
    struct slice value;
    struct json_in copy = *in;
    enum status st;

    if (object->seen & bit)
        return settings_fault(&reading, "is given twice");
    object->seen |= bit;
    if (!json_in_raw(&copy, &value))
        return settings_fault(&reading, "is not valid JSON");
    note(settings, object->is_route ? "a route" : "the configuration", member, value);
    st = member->read(&reading, in);
    return st == ST_OK && in->failed ? settings_fault(&reading, "is not valid JSON") : st;
}

static enum status read_prefix(struct settings *settings, struct object *object, struct json_in *in,
                               struct why *why)
{
    struct slice *prefix = &object->policy->path_prefix;
    auto_buf struct buf plain = BUF_INIT(SETTINGS_PREFIX_MAX);
    char *copy;

    if (!json_in_once(&object->has_prefix) || json_in_peek(in) != '"' ||
        !json_in_string(in, prefix) || prefix->len == 0 || prefix->data[0] != '/' ||
        memchr(prefix->data, '?', prefix->len) || !route_put_plain(*prefix, &plain))
        return fault_at(why, SLICE("pathPrefix"), "is no path");
    copy = settings_alloc(settings, plain.len);
    if (!copy)
        return fault_at(why, SLICE("pathPrefix"), "finds no memory");
    memcpy(copy, plain.data, plain.len);
    *prefix = (struct slice){copy, plain.len};
    buf_put_slice(&settings->origins, SLICE("route "));
    text_put_json(&settings->origins, *prefix);
    buf_put_char(&settings->origins, '\n');
    return ST_OK;
}

static enum status read_intercept(struct object *object, struct json_in *in, struct why *why)
{
    struct slice value;

    if (!json_in_once(&object->has_intercept) || json_in_peek(in) == '"' ||
        !json_in_raw(in, &value) || (!slice_is(value, "true") && !slice_is(value, "false")))
        return fault_at(why, SLICE("intercept"), "is neither true nor false");
    object->policy->intercept = slice_is(value, "true");
    return ST_OK;
}

static enum status note_routes(struct object *object, struct json_in *in, struct why *why)
{
    struct slice value;

    if (!json_in_once(&object->has_routes) || json_in_peek(in) != '[' || !json_in_raw(in, &value))
        return fault_at(why, SLICE("routes"), "is not one list");
    object->routes = json_in_open((char *)value.data, value.len);
    return ST_OK;
}

static enum status read_object(struct settings *settings, struct object *object, struct json_in *in,
                               struct why *why)
{
    struct slice name;
    bool first = true;
    enum status st = ST_OK;

    if (!json_in_enter(in, '{'))
        return fault_at(why, object->is_route ? SLICE("routes") : SLICE("configuration"),
                        "is not a JSON object");
    while (st == ST_OK && json_in_member(in, &first, &name)) {
        const struct member *member = settings_member_find(name);

        if (member && (member->in_routes || !object->is_route))
            st = read_member(settings, object, member, in, why);
        else if (object->is_route && slice_is(name, "pathPrefix"))
            st = read_prefix(settings, object, in, why);
        else if (object->is_route && slice_is(name, "intercept"))
            st = read_intercept(object, in, why);
        else if (!object->is_route && slice_is(name, "routes"))
            st = note_routes(object, in, why);
        else
            st = fault_at(why, name, object->is_route ? "can't stand in a route" : "is unknown");
    }
    if (st == ST_OK && in->failed)
        return fault_at(why, SLICE("configuration"), "is not valid JSON");
    return st;
}

static enum status read_routes(struct settings *settings, struct json_in in, struct why *why)
{
    bool first = true;
    enum status st;

    settings->routes = settings_alloc(settings, SETTINGS_ROUTES_MAX * sizeof *settings->routes);
    if (!settings->routes)
        return fault_at(why, SLICE("routes"), "finds no memory");
    json_in_enter(&in, '[');
    while (json_in_item(&in, &first)) {
        struct policy *route = &settings->routes[settings->routes_count];
        struct object object = {.policy = route, .is_route = true};

        if (settings->routes_count++ == SETTINGS_ROUTES_MAX)
            return fault_at(why, SLICE("routes"), "has too many items");
        *route = settings->base;
        st = read_object(settings, &object, &in, why);
        if (st != ST_OK)
            return st;
        if (!object.has_prefix)
            return fault_at(why, SLICE("pathPrefix"), "is missing in a route");
    }
    return ST_OK;
}

static enum status read_configuration(struct settings *settings, size_t len, struct why *why)
{
    struct json_in in = json_in_open(settings->text, len);
    struct object object = {.policy = &settings->base};
    enum status st = read_object(settings, &object, &in, why);

    if (st != ST_OK)
        return st;
    if (!json_in_ended(&in))
        return fault_at(why, SLICE("configuration"), "goes on behind its end");
    return object.has_routes ? read_routes(settings, object.routes, why) : ST_OK;
}

/* ---- can it work? ---- */

static enum status needs(struct slice value, const char *member, struct why *why)
{
    return value.len > 0 ? ST_OK : fault_at(why, slice_of(member), "is missing");
}

static enum status check_policy(const struct policy *policy, struct why *why)
{
    enum status st = ST_OK;

    if (policy->intercept)
        st = needs(policy->job_type, "jobType", why);
    if (policy->intercept && st == ST_OK)
        st = needs(policy->manifest_name, "manifestName", why);
    return st;
}

static enum status check(const struct settings *settings, struct why *why)
{
    bool base_counts = true;
    enum status st = needs(settings->cluster, "interceptorCluster", why);

    if (st == ST_OK)
        st = needs(settings->api_key, "apiKey", why);
    if (st == ST_OK)
        st = needs(settings->client_id, "clientId", why);
    if (st == ST_OK)
        st = needs(settings->client_secret, "clientSecret", why);
    for (uint32_t i = 0; i < settings->routes_count && st == ST_OK; i++) {
        st = check_policy(&settings->routes[i], why);
        base_counts = base_counts && !slice_is(settings->routes[i].path_prefix, "/");
    }
    return st == ST_OK && base_counts ? check_policy(&settings->base, why) : st;
}

/* What the first deployments of such plugins had in their manifests. */
static bool is_placeholder(struct slice text)
{
    static const struct slice tokens[] = {
        {"{", 1}, {"\"value\"", 7}, {":", 1}, {"\"test\"", 6}, {"}", 1}};

    text = slice_trim(text);
    if (slice_is(text, "test") || slice_is(text, "\"test\""))
        return true;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        if (!slice_starts(text, tokens[i]))
            return false;
        text = slice_trim(slice_from(text, tokens[i].len));
    }
    return text.len == 0;
}

static void set_defaults(struct settings *settings)
{
    settings->authority = SLICE("api.exate.co");
    settings->base_path = SLICE("/apigator");
    settings->base.timeout_ms = DEFAULT_TIMEOUT_MS;
    settings->base.max_body_bytes = DEFAULT_BODY_BYTES;
    settings->base.intercept = true;
    settings->users = 1;
    buf_init(&settings->origins, ORIGINS_MAX);
}

enum status settings_read(struct slice configuration, struct settings **ret, struct why *why)
{
    auto_settings struct settings *settings = calloc(1, sizeof *settings);
    enum status st;

    if (!settings)
        return fault_at(why, SLICE("configuration"), "finds no memory");
    set_defaults(settings);
    if (configuration.len > SETTINGS_TEXT_MAX)
        return fault_at(why, SLICE("configuration"), "is too long");
    settings->text = slice_dup(configuration);
    if (!settings->text)
        return fault_at(why, SLICE("configuration"), "finds no memory");
    st = settings_default_passes(settings, why);
    if (st == ST_OK)
        st = read_environment(settings, why);
    settings->placeholder = is_placeholder(configuration);
    if (st == ST_OK && !settings->placeholder && slice_trim(configuration).len > 0)
        st = read_configuration(settings, configuration.len, why);
    if (st == ST_OK)
        st = check(settings, why);
    if (st == ST_OK)
        *ret = take(settings);
    return st;
}
