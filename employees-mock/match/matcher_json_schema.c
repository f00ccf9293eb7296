/* matchesJsonSchema. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema.h"
#include "employees-mock/match/matcher_json.h"

#include <stdlib.h>

static enum status read_version(const json_t *node, const struct matcher_place *place,
                                enum json_schema_version *ret)
{
    const json_t *version = json_object_get(node, "schemaVersion");

    *ret = SCHEMA_V202012;
    if (!version ||
        json_schema_version_parse(json_is_string(version) ? json_string_value(version) : "", ret))
        return ST_OK;
    return matcher_refuse(
        place, "schemaVersion must be one of [ \"V4\", \"V6\", \"V7\", \"V201909\", \"V202012\" ]");
}

struct schema_state {
    struct json_schema *schema;
    enum json_schema_version version;
};

static void schema_release(struct value_matcher *m)
{
    struct schema_state *s = m->state;

    json_schema_free(s->schema);
    free(s);
}

static enum status schema_compile(struct value_matcher *m, const json_t *operand,
                                  const json_t *node, const struct matcher_place *place)
{
    struct schema_state *s = calloc(1, sizeof *s);
    auto_json json_t *document = NULL;
    struct why why = {0};
    enum status st;

    m->state = s;
    if (!s)
        return matcher_out_of_memory(place);
    st = read_version(node, place, &s->version);
    if (st == ST_OK)
        st = matcher_json_take_text(m, operand, place);
    if (st == ST_OK)
        st = matcher_json_parse(m, place, &document);
    if (st != ST_OK)
        return st;
    st = json_schema_compile(document, s->version, &s->schema, &why);
    return st == ST_OK ? ST_OK : matcher_refuse_why(place, st, &why);
}

/* A text that is no JSON counts as a string, and so does a scalar: a number that the schema takes
 * is asked again as the text that it is (WireMock's own way). */
static enum status validate(const struct schema_state *s, const struct value_input *in,
                            bool *ret_valid, size_t *ret_errors, struct why *why)
{
    auto_json json_t *instance = matcher_json_read(in);
    enum json_kind kind = instance ? json_loose_kind(instance) : JSON_KIND_STRING;
    enum status st;

    *ret_valid = false;
    if (!in->present)
        return ST_OK;
    if (!instance)
        instance = json_stringn(in->text.data, in->text.len);
    if (!instance)
        return fail_memory(why);
    st = json_schema_validate(s->schema, instance, ret_valid, ret_errors, why);
    if (st != ST_OK || *ret_valid || kind >= JSON_KIND_STRING)
        return st;
    json_decref(instance);
    instance = json_stringn(in->text.data, in->text.len);
    return json_schema_validate(s->schema, instance, ret_valid, ret_errors, why);
}

static enum status schema_matches(const struct value_matcher *m, const struct value_input *in,
                                  bool *ret, struct why *why)
{
    return validate(m->state, in, ret, NULL, why);
}

static double schema_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct schema_state *s = m->state;
    size_t properties = json_schema_property_count(s->schema);
    size_t errors = 0;
    bool valid = false;

    if (!in->present || validate(s, in, &valid, &errors, NULL) != ST_OK)
        return 1;
    if (valid)
        return 0;
    return properties == 0 ? 1 : (double)errors / (double)properties;
}

static json_t *schema_write(const struct value_matcher *m)
{
    const struct schema_state *s = m->state;

    return json_pack("{s:s%,s:s}", "matchesJsonSchema", m->text.data, m->text.len, "schemaVersion",
                     json_schema_version_name(s->version));
}

const struct matcher_kind matcher_json_schema = {
    .name = "matchesJsonSchema",
    .compile = schema_compile,
    .matches = schema_matches,
    .distance = schema_distance,
    .write = schema_write,
    .expected = matcher_json_expected,
    .release = schema_release,
};
