#include "interceptor/rule.h"

#include "interceptor/place.h"

#include <string.h>

/* A list of words, or everything. */
struct words {
    bool any;
    char **items;
    size_t count;
};

struct rule {
    char *name;
    char *document;
    bool active;
    struct words manifests;
    struct words attributes;
    struct words classifications;
    struct words owners;
    struct words countries; /* "same" is kept apart */
    bool same_country;
    struct claims *claims; /* NULL: none asked for */
    bool any_usage;
    int64_t *usage_ids;
    size_t usage_count;
    struct instant from;  /* first one at which it counts */
    struct instant until; /* first one at which it does not any more */
};

static void words_done(struct words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->items[i]);
    free(w->items);
}

void rule_free(struct rule *rule)
{
    if (!rule)
        return;
    words_done(&rule->manifests);
    words_done(&rule->attributes);
    words_done(&rule->classifications);
    words_done(&rule->owners);
    words_done(&rule->countries);
    claims_free(rule->claims);
    free(rule->usage_ids);
    free(rule->document);
    free(rule->name);
    free(rule);
}

static bool words_have(const struct words *w, const char *word)
{
    if (w->any)
        return true;
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->items[i], word) == 0)
            return true;
    return false;
}

/* ---- reading ---- */

static enum status read_words(const json_t *object, const char *name, struct words *ret,
                              struct why *why)
{
    const json_t *list = NULL;
    enum status st = json_get_array(object, name, &list, why);

    if (st != ST_OK || !list)
        return st;
    if (json_array_size(list) > RULE_LIST_MAX)
        return fail_at(why, ST_TOO_LARGE, name, "may have %d entries", RULE_LIST_MAX);
    ret->items = calloc(json_array_size(list) + 1, sizeof *ret->items);
    if (!ret->items)
        return fail_memory(why);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));

        if (!word || word[0] == '\0')
            return place_before(why,
                                fail_at(why, ST_BAD_INPUT, "", "must be a text that is not empty"),
                                "%s[%zu]", name, i);
        if (strcmp(word, "*") == 0)
            ret->any = true;
        ret->items[ret->count] = strdup(word);
        if (!ret->items[ret->count++])
            return fail_memory(why);
    }
    return ST_OK;
}

/* Country codes are turned into capitals; "same" is taken out where it may stand. */
static enum status read_countries(const json_t *object, const char *name, struct words *ret,
                                  bool *ret_same, struct why *why)
{
    enum status st = read_words(object, name, ret, why);

    if (st != ST_OK)
        return st;
    if (!json_is_array(json_object_get(object, name)))
        ret->any = true;
    for (size_t i = 0; i < ret->count; i++) {
        char code[3];

        if (strcmp(ret->items[i], "*") == 0)
            continue;
        if (ret_same && strcmp(ret->items[i], "same") == 0) {
            *ret_same = true;
            continue;
        }
        if (!country_read(slice_of(ret->items[i]), code))
            return place_before(why,
                                fail_at(why, ST_BAD_INPUT, "", "is no ISO 3166-1 alpha-2 code"),
                                "%s[%zu]", name, i);
        memcpy(ret->items[i], code, sizeof code);
    }
    return ST_OK;
}

static enum status read_usage_ids(const json_t *object, struct rule *rule, struct why *why)
{
    const json_t *list = NULL;
    enum status st = json_get_array(object, "dataUsageIds", &list, why);

    if (st != ST_OK)
        return st;
    rule->any_usage = !list;
    if (!list)
        return ST_OK;
    if (json_array_size(list) > RULE_LIST_MAX)
        return fail_at(why, ST_TOO_LARGE, "dataUsageIds", "may have %d entries", RULE_LIST_MAX);
    rule->usage_ids = calloc(json_array_size(list) + 1, sizeof *rule->usage_ids);
    if (!rule->usage_ids)
        return fail_memory(why);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *id = json_array_get(list, i);

        if (!json_is_integer(id))
            return place_before(why, fail_at(why, ST_BAD_INPUT, "", "must be an integer"),
                                "dataUsageIds[%zu]", i);
        rule->usage_ids[rule->usage_count++] = json_integer_value(id);
    }
    return ST_OK;
}

static enum status read_instant(const json_t *object, const char *name, struct instant *ret,
                                struct why *why)
{
    const char *text = NULL;
    enum status st = json_get_text(object, name, &text, why);

    if (st != ST_OK || !text)
        return st;
    st = clock_parse_instant(slice_of(text), ret, why);
    return st == ST_OK ? ST_OK : fail_at(why, st, name, "is no ISO 8601 instant with a zone");
}

static enum status read_span(const json_t *object, struct rule *rule, struct why *why)
{
    enum status st;

    rule->from = (struct instant){.us = INT64_MIN};
    rule->until = (struct instant){.us = INT64_MAX};
    st = read_instant(object, "validFrom", &rule->from, why);
    if (st == ST_OK)
        st = read_instant(object, "validUntil", &rule->until, why);
    if (st == ST_OK && !instant_before(rule->from, rule->until))
        return fail_at(why, ST_BAD_INPUT, "validUntil", "must be after validFrom");
    return st;
}

static enum status read_claims(const json_t *object, struct rule *rule, struct why *why)
{
    const json_t *expression = json_object_get(object, "claims");

    if (!expression || json_is_null(expression))
        return ST_OK;
    return place_before(why, claims_parse(expression, &rule->claims, why), "claims");
}

static enum status read_name(const json_t *object, struct rule *rule, struct why *why)
{
    const char *name = NULL;
    enum status st = json_need_text(object, "name", &name, why);

    if (st != ST_OK)
        return st;
    if (strlen(name) > RULE_NAME_MAX)
        return fail_at(why, ST_TOO_LARGE, "name", "is longer than %d bytes", RULE_NAME_MAX);
    rule->name = strdup(name);
    rule->document = json_dumps(object, JSON_COMPACT);
    rule->active = true;
    if (!rule->name || !rule->document)
        return fail_memory(why);
    return json_get_bool(object, "active", &rule->active, why);
}

static enum status read_scope(const json_t *object, struct rule *rule, struct why *why)
{
    enum status st = read_words(object, "manifests", &rule->manifests, why);

    if (st == ST_OK)
        st = read_words(object, "attributes", &rule->attributes, why);
    if (st == ST_OK)
        st = read_words(object, "classifications", &rule->classifications, why);
    if (st != ST_OK)
        return st;
    if (rule->manifests.count == 0)
        return fail_at(why, ST_BAD_INPUT, "manifests", "must name a manifest, or \"*\"");
    if (rule->attributes.count + rule->classifications.count == 0)
        return fail_at(why, ST_BAD_INPUT, "attributes",
                       "must name an attribute or \"*\", unless \"classifications\" does");
    return ST_OK;
}

enum status rule_parse(const json_t *object, struct rule **ret, struct why *why)
{
    static const char *const known[] = {"name",       "active",          "manifests",
                                        "attributes", "classifications", "dataOwningCountries",
                                        "countries",  "claims",          "dataUsageIds",
                                        "validFrom",  "validUntil",      NULL};
    auto_rule struct rule *rule = NULL;
    enum status st = json_only(object, known, why);

    if (st != ST_OK)
        return st;
    rule = calloc(1, sizeof *rule);
    if (!rule)
        return fail_memory(why);
    st = read_name(object, rule, why);
    if (st == ST_OK)
        st = read_scope(object, rule, why);
    if (st == ST_OK)
        st = read_countries(object, "dataOwningCountries", &rule->owners, NULL, why);
    if (st == ST_OK)
        st = read_countries(object, "countries", &rule->countries, &rule->same_country, why);
    if (st == ST_OK)
        st = read_claims(object, rule, why);
    if (st == ST_OK)
        st = read_usage_ids(object, rule, why);
    if (st == ST_OK)
        st = read_span(object, rule, why);
    if (st != ST_OK)
        return st;
    *ret = take(rule);
    return ST_OK;
}

/* ---- asking ---- */

const char *rule_name(const struct rule *rule)
{
    return rule->name;
}

const char *rule_document(const struct rule *rule)
{
    return rule->document;
}

const char *rule_manifest_at(const struct rule *rule, size_t i)
{
    return i < rule->manifests.count ? rule->manifests.items[i] : NULL;
}

const char *rule_attribute_at(const struct rule *rule, size_t i)
{
    return i < rule->attributes.count ? rule->attributes.items[i] : NULL;
}

bool rule_covers_all(const struct rule *rule)
{
    return rule->manifests.any;
}

bool rule_covers_attribute(const struct rule *rule, const char *path, const char *classification)
{
    return words_have(&rule->attributes, path) ||
           (classification && words_have(&rule->classifications, classification));
}

static bool country_allowed(const struct rule *rule, const struct rule_request *request)
{
    if (rule->same_country && strcmp(request->country, request->owner) == 0)
        return true;
    return words_have(&rule->countries, request->country);
}

static bool usage_allowed(const struct rule *rule, const struct rule_request *request)
{
    if (rule->any_usage)
        return true;
    for (size_t i = 0; request->has_usage && i < rule->usage_count; i++)
        if (rule->usage_ids[i] == request->usage_id)
            return true;
    return false;
}

enum rule_outcome rule_test(const struct rule *rule, const struct rule_request *request)
{
    if (!rule->active)
        return RULE_INACTIVE;
    if (request->owner[0] == '\0')
        return RULE_OWNER_UNKNOWN;
    if (!words_have(&rule->owners, request->owner))
        return RULE_OTHER_OWNER;
    if (!country_allowed(rule, request))
        return RULE_OTHER_COUNTRY;
    if (rule->claims && !claims_hold(rule->claims, request->claims, request->claim_count))
        return RULE_CLAIMS_MISSING;
    if (!usage_allowed(rule, request))
        return RULE_OTHER_PURPOSE;
    if (instant_before(request->at, rule->from) || !instant_before(request->at, rule->until))
        return RULE_OTHER_TIME;
    return RULE_GRANTS;
}

const char *rule_outcome_word(enum rule_outcome outcome)
{
    static const char *const words[] = {
        [RULE_GRANTS] = "granted",
        [RULE_INACTIVE] = "the rule is not active",
        [RULE_OWNER_UNKNOWN] = "the data owning country is not known",
        [RULE_OTHER_OWNER] = "the data owning country is not among the rule's",
        [RULE_OTHER_COUNTRY] = "the requesting country is not among the rule's",
        [RULE_CLAIMS_MISSING] = "the claims do not hold",
        [RULE_OTHER_PURPOSE] = "the purpose of use is not among the rule's",
        [RULE_OTHER_TIME] = "the snapshot date is outside the rule's span",
    };

    return words[outcome];
}
