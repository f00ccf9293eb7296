#include "interceptor/engine/envelope.h"

#include "common/clock.h"
#include "interceptor/engine/envelope_claims.h"
#include "interceptor/engine/json_item.h"
#include "interceptor/engine/scan.h"
#include "interceptor/engine/unescape.h"
#include "interceptor/rule.h"

#include <stdlib.h>

/* Reads a value that is there; false: it is not what the field may be. */
typedef bool field_check(struct envelope_reader *r, const struct json_item *item,
                         struct envelope *e);

enum need { OPTIONAL, MANDATORY, WITH_SQL };

static field_check check_manifest, check_job, check_country, check_nulls, check_length,
    check_data_set, check_owner, check_snapshot, check_restricted, check_usage, check_rule,
    check_third_party, check_sql_type, check_model;

/* In the order of the contract's table, in which faults are told. */
static const struct field {
    const char *name;
    enum need need;
    field_check *check;
    const char *expected;
} fields[] = {
    {"manifestName", MANDATORY, check_manifest, "a string"},
    {"jobType", MANDATORY, check_job, "a job type"},
    {"countryCode", MANDATORY, check_country, "an ISO 3166-1 alpha-2 code"},
    {"protectNullValues", MANDATORY, check_nulls, "true or false"},
    {"preserveStringLength", MANDATORY, check_length, "true or false"},
    {"dataSet", MANDATORY, check_data_set, "a string"},
    {"dataOwningCountryCode", OPTIONAL, check_owner, "an ISO 3166-1 alpha-2 code"},
    {"snapshotDate", OPTIONAL, check_snapshot, "an ISO 8601 instant"},
    {"restrictedText", OPTIONAL, check_restricted, "a string"},
    {"dataUsageId", OPTIONAL, check_usage, "an integer"},
    {"matchingRule", OPTIONAL, check_rule, "an object with claims, 10000 at most"},
    {"thirdPartyIdentifer", OPTIONAL, check_third_party,
     "an object with thirdPartyName or thirdPartyId"},
    {"sqlType", WITH_SQL, check_sql_type, "an SQL type"},
    {"classificationModel", OPTIONAL, check_model, "a string"},
};

enum { FIELDS = sizeof fields / sizeof *fields, DATA_SET_FIELD = 5 };

static bool read_text(struct envelope_reader *r, const struct json_item *item, struct slice *ret)
{
    if (item->kind != ITEM_STRING)
        return false;
    *ret = envelope_text(r, item);
    return true;
}

static bool check_manifest(struct envelope_reader *r, const struct json_item *item,
                           struct envelope *e)
{
    return read_text(r, item, &e->manifest_name);
}

static bool check_job(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    struct slice text;

    return read_text(r, item, &text) && job_parse(text, &e->job);
}

static bool check_country(struct envelope_reader *r, const struct json_item *item,
                          struct envelope *e)
{
    struct slice text;

    return read_text(r, item, &text) && country_read(text, e->country);
}

/* true and false, as words or as strings. */
static bool read_flag(struct envelope_reader *r, const struct json_item *item, bool *ret)
{
    struct slice text = item->raw;

    if (item->kind != ITEM_BOOLEAN && !read_text(r, item, &text))
        return false;
    *ret = slice_is(text, "true");
    return *ret || slice_is(text, "false");
}

static bool check_nulls(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    return read_flag(r, item, &e->protect_null_values);
}

static bool check_length(struct envelope_reader *r, const struct json_item *item,
                         struct envelope *e)
{
    return read_flag(r, item, &e->preserve_string_length);
}

/* It was decoded when it was read. */
static bool check_data_set(struct envelope_reader *r, const struct json_item *item,
                           struct envelope *e)
{
    e->data_set = item->raw;
    e->data_set_end = r->data_set_end;
    return item->kind == ITEM_STRING;
}

static bool check_owner(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    struct slice text;

    return read_text(r, item, &text) && country_read(text, e->owner);
}

static bool check_snapshot(struct envelope_reader *r, const struct json_item *item,
                           struct envelope *e)
{
    struct slice text;

    e->has_snapshot = true;
    return read_text(r, item, &text) && clock_parse_instant(text, &e->snapshot, NULL) == ST_OK;
}

static bool check_restricted(struct envelope_reader *r, const struct json_item *item,
                             struct envelope *e)
{
    return read_text(r, item, &e->restricted_text);
}

static bool check_usage(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    (void)r;
    e->has_usage = true;
    return envelope_integer(item, &e->usage_id);
}

static bool check_rule(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    return envelope_claims(r, item, e);
}

static bool check_third_party(struct envelope_reader *r, const struct json_item *item,
                              struct envelope *e)
{
    return envelope_third_party(r, item, e);
}

static bool check_sql_type(struct envelope_reader *r, const struct json_item *item,
                           struct envelope *e)
{
    struct slice text;

    e->has_sql_type = true;
    return read_text(r, item, &text) && sql_type_parse(text, &e->sql_type);
}

static bool check_model(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    return read_text(r, item, &e->classification_model);
}

/* Fields mostly come in the table's order: the search begins behind the last one found. */
static size_t find_field(const struct envelope_reader *r, struct slice raw, size_t last)
{
    for (size_t i = 1; i <= FIELDS; i++) {
        size_t field = (last + i) % FIELDS;

        if (envelope_is_name(r, raw, fields[field].name))
            return field;
    }
    return FIELDS;
}

/* The data set is decoded at once, by the reader that leaves its faults to the engine. */
static const char *read_data_set(struct envelope_reader *r, const char *p, struct json_item *ret)
{
    const char *fault = NULL;
    const char *behind;

    ret->kind = ITEM_STRING;
    behind = unescape_unchecked(r->body + (p + 1 - r->body), r->text.end, &ret->raw, &fault);
    r->data_set_end = behind;
    return behind ? behind : json_text_fail(&r->text, p, fault);
}

/* A field tells by its item whether it was there; the set has the names of other members alone. */
static bool is_new(struct envelope_reader *r, struct name_scope *scope, struct slice name,
                   const struct json_item *field)
{
    if (!field)
        return json_item_add_name(&r->text, &r->names, scope, 1, name);
    return field->kind == ITEM_ABSENT || json_item_given_twice(&r->text, name);
}

static const char *read_member(struct envelope_reader *r, const char *p, struct name_scope *scope,
                               struct json_item items[], size_t *last)
{
    struct json_item ignored, *item;
    struct slice name;

    p = json_item_name(&r->text, p, &name);
    if (!p)
        return NULL;
    *last = find_field(r, name, *last);
    item = *last < FIELDS ? &items[*last] : NULL;
    if (!is_new(r, scope, name, item))
        return NULL;
    if (*last == DATA_SET_FIELD && p < r->text.end && *p == '"')
        return read_data_set(r, p, item);
    return json_item_read(&r->text, p, &r->names, 1, item ? item : &ignored);
}

/* The whole body; each known field's item, ITEM_ABSENT where it is missing. False: see the text's
 * fault; none: out of memory. */
static bool read_body(struct envelope_reader *r, struct json_item items[])
{
    const char *p = scan_blanks(r->text.start, r->text.end);
    struct name_scope scope;
    size_t last = FIELDS - 1;

    name_set_open(&r->names, &scope);
    if (p == r->text.end || *p != '{')
        return json_text_fail(&r->text, p, "an object is expected");
    p = scan_blanks(p + 1, r->text.end);
    if (p < r->text.end && *p == '}')
        p++;
    else
        do {
            p = read_member(r, scan_blanks(p, r->text.end), &scope, items, &last);
            if (!p)
                return false;
            p = scan_blanks(p, r->text.end);
            if (p == r->text.end || (*p != ',' && *p != '}'))
                return json_text_fail(&r->text, p, "a comma or } is expected");
        } while (*p++ == ',');
    p = scan_blanks(p, r->text.end);
    return p == r->text.end || json_text_fail(&r->text, p, "something follows the object");
}

static enum envelope_fault find_missing(const struct json_item items[], bool sql, struct why *why)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (items[i].kind > ITEM_NULL || fields[i].need == OPTIONAL ||
            (fields[i].need == WITH_SQL && !sql))
            continue;
        (void)fail_at(why, ST_BAD_INPUT, fields[i].name, "%s is missing", fields[i].name);
        return ENVELOPE_MISSING;
    }
    return ENVELOPE_FINE;
}

static enum envelope_fault check_fields(struct envelope_reader *r, const struct json_item items[],
                                        struct envelope *e, struct why *why)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (items[i].kind <= ITEM_NULL || fields[i].check(r, &items[i], e))
            continue;
        if (r->no_memory)
            return ENVELOPE_NO_MEMORY;
        (void)fail_at(why, ST_BAD_INPUT, fields[i].name, "%s must be %s", fields[i].name,
                      fields[i].expected);
        return ENVELOPE_INVALID;
    }
    return ENVELOPE_FINE;
}

static enum envelope_fault tell_malformed(const struct envelope_reader *r, struct why *why)
{
    if (!r->text.fault)
        return ENVELOPE_NO_MEMORY;
    (void)fail_at(why, ST_BAD_INPUT, "", "byte %zu of the body: %s",
                  (size_t)(r->text.fault_at - r->text.start), r->text.fault);
    return ENVELOPE_MALFORMED;
}

enum envelope_fault envelope_read(char *body, size_t len, bool sql, struct envelope *ret,
                                  struct why *why)
{
    struct envelope_reader r = {
        .body = body,
        .text = {.start = body, .end = body + len, .quote = '"', .apostrophe = '\''},
        .names = {.equal = json_item_same_name, .ctx = &r.text},
    };
    struct json_item items[FIELDS] = {{ITEM_ABSENT, {NULL, 0}}};
    struct envelope e = {.restricted_text = SLICE("*********")};
    enum envelope_fault fault;

    *ret = (struct envelope){0};
    fault = read_body(&r, items) ? find_missing(items, sql, why) : tell_malformed(&r, why);
    if (fault == ENVELOPE_FINE)
        fault = check_fields(&r, items, &e, why);
    name_set_done(&r.names);
    if (fault == ENVELOPE_FINE)
        *ret = e;
    else
        envelope_done(&e);
    return fault;
}

void envelope_done(struct envelope *e)
{
    free(e->claims);
    *e = (struct envelope){0};
}
