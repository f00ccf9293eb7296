#include "employees-mock/match/json_schema.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_rules.h"

#include <stdlib.h>

static const char *const versions[] = {
    [SCHEMA_V4] = "V4",           [SCHEMA_V6] = "V6",           [SCHEMA_V7] = "V7",
    [SCHEMA_V201909] = "V201909", [SCHEMA_V202012] = "V202012",
};

bool json_schema_version_parse(const char *name, enum json_schema_version *ret)
{
    for (enum json_schema_version v = SCHEMA_V4; v <= SCHEMA_V202012; v++) {
        if (strcmp(versions[v], name) == 0) {
            *ret = v;
            return true;
        }
    }
    return false;
}

const char *json_schema_version_name(enum json_schema_version version)
{
    return versions[version];
}

/* ---- compiling ---- */

void json_schema_free(struct json_schema *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->regex_count; i++)
        regex_free(s->regexes[i]);
    free(s->regexes);
    json_decref(s->regex_numbers);
    json_decref(s->targets);
    json_decref(s->bases);
    json_decref(s->root);
    free(s);
}

const struct regex *schema_regex(const struct json_schema *s, const char *pattern)
{
    const json_t *number = json_object_get(s->regex_numbers, pattern);

    return number ? s->regexes[json_integer_value(number)] : NULL;
}

static enum status add_regex(struct json_schema *s, const char *pattern, struct why *why)
{
    struct regex **regexes;
    struct regex *re = NULL;
    enum status st;

    if (schema_regex(s, pattern))
        return ST_OK;
    st = regex_compile(slice_of(pattern), 0, &re, why);
    if (st == ST_BAD_INPUT) {
        s->broken = true;
        return ST_OK;
    }
    if (st != ST_OK)
        return st;
    regexes = realloc(s->regexes, (s->regex_count + 1) * sizeof(struct regex *));
    if (!regexes) {
        regex_free(re);
        return fail_memory(why);
    }
    s->regexes = regexes;
    s->regexes[s->regex_count] = re;
    if (json_object_set_new(s->regex_numbers, pattern,
                            json_integer((json_int_t)s->regex_count++)) != 0)
        return fail_memory(why);
    return ST_OK;
}

static enum status add_name_regexes(struct json_schema *s, const json_t *properties,
                                    struct why *why)
{
    enum status st = ST_OK;
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)properties, name, value) {
        if (st == ST_OK)
            st = add_regex(s, name, why);
    }
    return st;
}

/* All regular expressions of the document, wherever they stand. */
static enum status add_regexes(struct json_schema *s, const json_t *value, struct why *why)
{
    const json_t *pattern = json_object_get(value, "pattern");
    enum status st =
        json_is_string(pattern) ? add_regex(s, json_string_value(pattern), why) : ST_OK;
    const char *name;
    json_t *child;
    size_t i;

    if (st == ST_OK)
        st = add_name_regexes(s, json_object_get(value, "patternProperties"), why);
    if (json_object_get(value, "unevaluatedProperties") ||
        json_object_get(value, "unevaluatedItems"))
        s->uses_unevaluated = true;
    json_object_foreach ((json_t *)value, name, child) {
        if (st == ST_OK)
            st = add_regexes(s, child, why);
    }
    json_array_foreach (value, i, child) {
        if (st == ST_OK)
            st = add_regexes(s, child, why);
    }
    return st;
}

enum status json_schema_compile(json_t *document, enum json_schema_version version,
                                struct json_schema **ret, struct why *why)
{
    auto_json_schema struct json_schema *s = calloc(1, sizeof *s);
    enum status st;

    if (!s)
        return fail_memory(why);
    s->root = json_incref(document);
    s->version = version;
    s->regex_numbers = json_object();
    s->targets = json_object();
    s->bases = json_object();
    s->broken = !schema_read_dialect(document, &s->version) || !schema_is_one(document, s->version);
    st = add_regexes(s, document, why);
    if (st == ST_OK)
        st = schema_index_refs(s, why);
    if (st != ST_OK)
        return st;
    *ret = take(s);
    return ST_OK;
}

static size_t count_properties(const json_t *schema)
{
    size_t count = 0;
    const char *name;
    json_t *property;

    json_object_foreach (json_object_get(schema, "properties"), name, property) {
        count += 1 + count_properties(property);
    }
    return count;
}

size_t json_schema_property_count(const struct json_schema *s)
{
    return count_properties(s->root);
}

/* ---- what has been looked at ---- */

static void evaluated_done(struct evaluated *e)
{
    json_decref(e->names);
    json_decref(e->items);
}

static void merge_set(json_t **to, const json_t *from)
{
    if (!from)
        return;
    if (!*to)
        *to = json_object();
    json_object_update(*to, (json_t *)from);
}

static void evaluated_merge(struct evaluated *to, const struct evaluated *from)
{
    merge_set(&to->names, from->names);
    merge_set(&to->items, from->items);
    to->all_names |= from->all_names;
    to->all_items |= from->all_items;
    if (from->first_items > to->first_items)
        to->first_items = from->first_items;
}

/* ---- validating ---- */

bool schema_fault(struct validation *v)
{
    if (v->muted == 0)
        v->errors++;
    return false;
}

static bool work_is_left(struct validation *v)
{
    if (v->st != ST_OK)
        return false;
    if (v->steps++ < SCHEMA_STEPS_MAX && v->depth < SCHEMA_DEPTH_MAX)
        return true;
    v->st = fail(v->why, ST_TIMEOUT, "the schema needs more work than is allowed");
    return false;
}

/* Up to V7 nothing beside $ref counts. */
static bool stands_alone(const struct validation *v, const char *keyword)
{
    return v->schema->version <= SCHEMA_V7 && strcmp(keyword, "$ref") == 0;
}

static bool check_keywords(struct validation *v, const json_t *schema, const json_t *instance,
                           struct evaluated *seen)
{
    const json_t *ref = json_object_get(schema, "$ref");
    bool valid = true;
    const char *keyword;
    json_t *value;

    if (json_is_string(ref) && stands_alone(v, "$ref"))
        return schema_check_keyword(v, "$ref", ref, schema, instance, seen);
    json_object_foreach ((json_t *)schema, keyword, value) {
        if (v->st != ST_OK || (!valid && !v->count_all))
            break;
        valid &= schema_check_keyword(v, keyword, value, schema, instance, seen);
    }
    return valid;
}

static bool is_resource(const struct validation *v, const json_t *schema)
{
    return schema == v->schema->root || json_object_get(schema, "$id");
}

bool schema_check(struct validation *v, const json_t *schema, const json_t *instance,
                  struct evaluated *seen)
{
    struct evaluated own = {0};
    size_t scopes = v->scope_count;
    bool valid;

    if (!work_is_left(v))
        return false;
    if (json_is_boolean(schema)) /* which V4 does not know */
        return json_is_true(schema) || v->schema->version == SCHEMA_V4 || schema_fault(v);
    if (!json_is_object(schema))
        return true;
    if (is_resource(v, schema) && scopes < sizeof v->scopes / sizeof v->scopes[0])
        v->scopes[v->scope_count++] = schema;
    v->depth++;
    valid = check_keywords(v, schema, instance, &own);
    if (valid && v->schema->uses_unevaluated)
        valid = schema_check_unevaluated(v, schema, instance, &own);
    v->depth--;
    v->scope_count = scopes;
    if (valid && seen)
        evaluated_merge(seen, &own);
    evaluated_done(&own);
    return valid && v->st == ST_OK;
}

enum status json_schema_validate(const struct json_schema *s, const json_t *instance,
                                 bool *ret_valid, size_t *ret_errors, struct why *why)
{
    struct validation v = {.schema = s, .count_all = ret_errors != NULL, .why = why};

    *ret_valid = !s->broken && schema_check(&v, s->root, instance, NULL);
    if (ret_errors)
        *ret_errors = v.errors;
    return v.st;
}
