#include "plugin/settings_internal.h"
#include "plugin/text.h"

enum { PASS_TYPES_MAX = 256 };

static enum status no_memory(const struct reading *reading)
{
    settings_fault(reading, "finds no memory");
    return ST_NO_MEMORY;
}

/* A lower-case copy with a NUL behind it. */
static enum status lower_copy(const struct reading *reading, struct slice text, struct slice *ret)
{
    char *copy = settings_alloc(reading->settings, text.len + 1);

    if (!copy)
        return no_memory(reading);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text_lower(text.data[i]);
    *ret = (struct slice){copy, text.len};
    return ST_OK;
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text_lower(text.data[i]);

        if (!(c >= 'a' && c <= 'z') && !text_is_digit(c) && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.len > 0;
}

static bool is_named(const struct claim_header *claims, uint32_t count, struct slice header)
{
    while (count > 0) {
        if (slice_equal_nocase(claims[--count].header, header))
            return true;
    }
    return false;
}

enum status settings_read_claim_headers(struct reading *reading, struct json_in *in)
{
    struct policy *policy = reading->policy;
    struct claim_header *claims =
        settings_alloc(reading->settings, SETTINGS_CLAIMS_MAX * sizeof *claims);
    struct slice header, claim;
    uint32_t count = 0;
    bool first = true;
    enum status st;

    if (!claims)
        return no_memory(reading);
    if (!json_in_enter(in, '{'))
        return settings_fault(reading, "is not an object of header names and claim names");
    while (json_in_member(in, &first, &header)) {
        if (count == SETTINGS_CLAIMS_MAX)
            return settings_fault(reading, "has too many members");
        if (!is_token(header))
            return settings_fault(reading, "has a member that is no header name");
        if (is_named(claims, count, header))
            return settings_fault(reading, "names a header twice");
        if (json_in_peek(in) != '"' || !json_in_string(in, &claim) || claim.len == 0)
            return settings_fault(reading, "has a header without the name of a claim");
        st = lower_copy(reading, header, &claims[count].header);
        if (st != ST_OK)
            return st;
        claims[count++].claim = claim;
    }
    policy->claim_headers = claims;
    policy->claim_headers_count = count;
    return ST_OK;
}

/* Finds where the claims end, so that those of headers can be put behind them. */
enum status settings_read_matching_rule(struct reading *reading, struct json_in *in)
{
    struct policy *policy = reading->policy;
    struct slice rule, name, claims;
    struct json_in inside;
    bool first = true;
    char *copy;

    if (json_in_peek(in) != '{' || !json_in_raw(in, &rule))
        return settings_fault(reading, "is not an object");
    copy = settings_alloc(reading->settings, rule.len);
    if (!copy)
        return no_memory(reading);
    memcpy(copy, rule.data, rule.len); /* reading names may change what is read */
    inside = json_in_open(copy, rule.len);
    policy->claims_at = 0;
    json_in_enter(&inside, '{');
    while (json_in_member(&inside, &first, &name)) {
        bool is_claims = slice_is(name, "claims");

        if ((is_claims && (policy->claims_at > 0 || json_in_peek(&inside) != '[')) ||
            !json_in_raw(&inside, &claims))
            return settings_fault(reading, "needs one list of claims");
        if (is_claims)
            policy->claims_at = (uint32_t)(claims.data + claims.len - 1 - copy);
    }
    if (policy->claims_at == 0)
        return settings_fault(reading, "has no list of claims");
    policy->matching_rule = rule;
    return ST_OK;
}

enum status settings_read_pass_types(struct reading *reading, struct json_in *in)
{
    struct policy *policy = reading->policy;
    struct slice *types = settings_alloc(reading->settings, PASS_TYPES_MAX * sizeof *types);
    struct slice type;
    uint32_t count = 0;
    bool first = true;
    enum status st;

    if (!types)
        return no_memory(reading);
    if (!json_in_enter(in, '['))
        return settings_fault(reading, "is not a list of content types");
    while (json_in_item(in, &first)) {
        if (count == PASS_TYPES_MAX)
            return settings_fault(reading, "has too many items");
        if (json_in_peek(in) != '"' || !json_in_string(in, &type) || type.len == 0 ||
            !memchr(type.data, '/', type.len))
            return settings_fault(reading, "has an item that is no content type");
        st = lower_copy(reading, type, &types[count++]);
        if (st != ST_OK)
            return st;
    }
    policy->pass_types = types;
    policy->pass_types_count = count;
    return ST_OK;
}

enum status settings_default_passes(struct settings *settings, struct why *why)
{
    static char list[] = "[\"text/plain\",\"text/html\",\"text/css\",\"text/javascript\","
                         "\"application/javascript\",\"application/x-javascript\","
                         "\"application/ecmascript\",\"text/ecmascript\",\"image/*\",\"font/*\","
                         "\"application/font-*\",\"application/x-font-*\","
                         "\"application/vnd.ms-fontobject\",\"audio/*\",\"video/*\"]";
    struct reading reading = {.settings = settings, .policy = &settings->base, .why = why};
    struct json_in in = json_in_open(list, sizeof list - 1);

    return settings_read_pass_types(&reading, &in);
}
