/* systemValue, hostname. */
#include "employees-mock/template/helper.h"

#include "employees-mock/match/regex.h"
#include "employees-mock/template/render.h"

#include <stdlib.h>
#include <unistd.h>

static bool fits(const char *pattern, struct slice key)
{
    auto_regex struct regex *re = NULL;
    bool matches = false;

    return regex_compile(slice_of(pattern), REGEX_ANY_CASE, &re, NULL) == ST_OK &&
           regex_matches(re, key, &matches, NULL) == ST_OK && matches;
}

static bool is_permitted(const struct call *c, struct slice key)
{
    static const char *const usual[] = {"wiremock.*", NULL};
    const struct template_settings *s = c->render->context->settings;
    const char *const *patterns = s && s->permitted_keys ? s->permitted_keys : usual;

    for (; *patterns; patterns++)
        if (fits(*patterns, key))
            return true;
    return false;
}

/* There are no system properties outside Java: each answers its default. */
static struct value run_system_value(struct call *c)
{
    struct slice key = SLICE("");
    struct slice type = SLICE("ENVIRONMENT");
    struct slice otherwise = {0};
    auto_free char *name = NULL;
    const char *value = NULL;

    if (!call_hash_text(c, "key", &key) || !call_hash_text(c, "type", &type) ||
        !call_hash_text(c, "default", &otherwise))
        return VALUE_NULL;
    if (key.len == 0)
        return call_error(c, "The key cannot be empty");
    if (!is_permitted(c, key))
        return call_error(c, "Access to %.*s is denied", SHOW(key));
    if (!slice_is(type, "ENVIRONMENT") && !slice_is(type, "PROPERTY"))
        return value_text(SLICE(""));
    name = slice_dup(key);
    if (name && slice_is(type, "ENVIRONMENT"))
        value = getenv(name);
    if (value)
        return value_text(arena_copy(call_arena(c), slice_of(value)));
    return otherwise.data ? value_text(otherwise) : VALUE_NULL;
}

static struct value run_hostname(struct call *c)
{
    char name[256];

    if (gethostname(name, sizeof name) != 0)
        return value_text(SLICE("localhost"));
    name[sizeof name - 1] = '\0';
    return value_text(arena_copy(call_arena(c), slice_of(name)));
}

const struct helper helpers_system[] = {
    {.name = "systemValue", .run = run_system_value},
    {.name = "hostname", .run = run_hostname},
    {.name = NULL},
};
