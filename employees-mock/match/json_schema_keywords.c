/* The table of JSON Schema's keywords, each with the versions that know it; those that put schemas
 * together; and what all keywords share. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_ask.h"

#include <stdio.h>
#include <string.h>

bool schema_is_object(const json_t *value)
{
    return json_loose_kind(value) == JSON_KIND_OBJECT;
}

bool schema_hold(struct ask *a, bool holds)
{
    return holds || schema_fault(a->v);
}

bool schema_ask(struct ask *a, const json_t *schema, const json_t *instance, struct evaluated *seen)
{
    return schema_check(a->v, schema, instance, seen);
}

bool schema_ask_additional(struct ask *a, const json_t *instance)
{
    return json_is_false(a->value) ? schema_fault(a->v) : schema_ask(a, a->value, instance, NULL);
}

/* The verdict alone; what is wrong does not count. */
bool schema_try(struct ask *a, const json_t *schema, const json_t *instance, struct evaluated *seen)
{
    bool valid;

    a->v->muted++;
    valid = schema_check(a->v, schema, instance, seen);
    a->v->muted--;
    return valid;
}

bool schema_limit(const json_t *value, double *ret)
{
    if (!value || !json_loose_is_number(value))
        return false;
    *ret = json_loose_double(value);
    return true;
}

bool schema_finds(struct ask *a, const char *pattern, struct slice text)
{
    const struct regex *re = schema_regex(a->v->schema, pattern);
    struct regex_found found;
    bool is_there = false;
    enum status st = re ? regex_find(re, text, 0, &found, &is_there, a->v->why) : ST_OK;

    if (st == ST_TIMEOUT)
        a->v->st = st;
    return is_there;
}

/* ---- schemas put together ---- */

static bool all_of(struct ask *a)
{
    bool valid = true;

    for (size_t i = 0; i < json_array_size(a->value) && (valid || a->v->count_all); i++)
        valid &= schema_ask(a, json_array_get(a->value, i), a->instance, a->seen);
    return valid;
}

static bool any_of(struct ask *a)
{
    size_t errors = a->v->errors;
    bool valid = false;

    for (size_t i = 0; i < json_array_size(a->value); i++) {
        valid |= schema_ask(a, json_array_get(a->value, i), a->instance, a->seen);
        if (valid && !a->v->schema->uses_unevaluated)
            break;
    }
    if (valid)
        a->v->errors = errors;
    return valid || a->v->errors > errors ? valid : schema_fault(a->v);
}

static bool one_of(struct ask *a)
{
    size_t errors = a->v->errors;
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(a->value); i++)
        count += schema_ask(a, json_array_get(a->value, i), a->instance, a->seen);
    if (count == 1) {
        a->v->errors = errors;
        return true;
    }
    return schema_fault(a->v);
}

static bool negation(struct ask *a)
{
    return schema_hold(a, !schema_try(a, a->value, a->instance, NULL));
}

static bool condition(struct ask *a)
{
    bool holds = schema_try(a, a->value, a->instance, a->seen);
    const json_t *branch = json_object_get(a->schema, holds ? "then" : "else");

    return !branch || schema_ask(a, branch, a->instance, a->seen);
}

static bool reference(struct ask *a)
{
    const json_t *target = json_is_string(a->value) ? schema_find_ref(a->v->schema, a->schema,
                                                                      json_string_value(a->value))
                                                    : NULL;

    return target ? schema_ask(a, target, a->instance, a->seen) : schema_fault(a->v);
}

static bool dynamic_reference(struct ask *a)
{
    const json_t *target = json_is_string(a->value)
                               ? schema_find_dynamic(a->v, a->schema, json_string_value(a->value))
                               : NULL;

    return target ? schema_ask(a, target, a->instance, a->seen) : schema_fault(a->v);
}

/* The outermost schema entered that says "$recursiveAnchor": true, from the nearest on. */
static bool recursive_reference(struct ask *a)
{
    const json_t *target = schema_find_ref(a->v->schema, a->schema, "#");

    if (json_is_true(json_object_get(target, "$recursiveAnchor"))) {
        for (size_t i = 0; i < a->v->scope_count; i++) {
            if (json_is_true(json_object_get(a->v->scopes[i], "$recursiveAnchor"))) {
                target = a->v->scopes[i];
                break;
            }
        }
    }
    return schema_ask(a, target, a->instance, a->seen);
}

/* ---- the table ---- */

static const struct keyword {
    const char *name;
    enum json_schema_version first;
    enum json_schema_version last;
    bool (*holds)(struct ask *a);
} keywords[] = {
    {"type", SCHEMA_V4, SCHEMA_V202012, schema_type},
    {"properties", SCHEMA_V4, SCHEMA_V202012, schema_properties},
    {"required", SCHEMA_V4, SCHEMA_V202012, schema_required},
    {"enum", SCHEMA_V4, SCHEMA_V202012, schema_enumeration},
    {"const", SCHEMA_V6, SCHEMA_V202012, schema_constant},
    {"items", SCHEMA_V4, SCHEMA_V202012, schema_items},
    {"prefixItems", SCHEMA_V202012, SCHEMA_V202012, schema_prefix_items},
    {"additionalItems", SCHEMA_V4, SCHEMA_V201909, schema_additional_items},
    {"contains", SCHEMA_V6, SCHEMA_V202012, schema_contains},
    {"maxItems", SCHEMA_V4, SCHEMA_V202012, schema_max_items},
    {"minItems", SCHEMA_V4, SCHEMA_V202012, schema_min_items},
    {"uniqueItems", SCHEMA_V4, SCHEMA_V202012, schema_unique_items},
    {"maximum", SCHEMA_V4, SCHEMA_V202012, schema_maximum},
    {"minimum", SCHEMA_V4, SCHEMA_V202012, schema_minimum},
    {"exclusiveMaximum", SCHEMA_V6, SCHEMA_V202012, schema_exclusive_maximum},
    {"exclusiveMinimum", SCHEMA_V6, SCHEMA_V202012, schema_exclusive_minimum},
    {"multipleOf", SCHEMA_V4, SCHEMA_V202012, schema_multiple_of},
    {"maxLength", SCHEMA_V4, SCHEMA_V202012, schema_max_length},
    {"minLength", SCHEMA_V4, SCHEMA_V202012, schema_min_length},
    {"pattern", SCHEMA_V4, SCHEMA_V202012, schema_pattern},
    {"format", SCHEMA_V4, SCHEMA_V202012, schema_format},
    {"contentEncoding", SCHEMA_V7, SCHEMA_V7, schema_content},
    {"contentMediaType", SCHEMA_V7, SCHEMA_V7, schema_content},
    {"maxProperties", SCHEMA_V4, SCHEMA_V202012, schema_max_properties},
    {"minProperties", SCHEMA_V4, SCHEMA_V202012, schema_min_properties},
    {"patternProperties", SCHEMA_V4, SCHEMA_V202012, schema_pattern_properties},
    {"additionalProperties", SCHEMA_V4, SCHEMA_V202012, schema_additional_properties},
    {"propertyNames", SCHEMA_V6, SCHEMA_V202012, schema_property_names},
    {"dependencies", SCHEMA_V4, SCHEMA_V202012, schema_dependencies},
    {"dependentRequired", SCHEMA_V201909, SCHEMA_V202012, schema_dependencies},
    {"dependentSchemas", SCHEMA_V201909, SCHEMA_V202012, schema_dependencies},
    {"allOf", SCHEMA_V4, SCHEMA_V202012, all_of},
    {"anyOf", SCHEMA_V4, SCHEMA_V202012, any_of},
    {"oneOf", SCHEMA_V4, SCHEMA_V202012, one_of},
    {"not", SCHEMA_V4, SCHEMA_V202012, negation},
    {"if", SCHEMA_V7, SCHEMA_V202012, condition},
    {"$ref", SCHEMA_V4, SCHEMA_V202012, reference},
    {"$dynamicRef", SCHEMA_V202012, SCHEMA_V202012, dynamic_reference},
    {"$recursiveRef", SCHEMA_V201909, SCHEMA_V201909, recursive_reference},
};

bool schema_check_keyword(struct validation *v, const char *keyword, const json_t *value,
                          const json_t *schema, const json_t *instance, struct evaluated *seen)
{
    struct ask a = {v, value, schema, instance, seen};

    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        const struct keyword *k = &keywords[i];

        if (strcmp(k->name, keyword) == 0)
            return v->schema->version < k->first || v->schema->version > k->last || k->holds(&a);
    }
    return true;
}

/* ---- what nothing has looked at ---- */

static bool unevaluated_properties(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *member;

    if (!a->value || !schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        if (!a->seen->all_names && !json_object_get(a->seen->names, name))
            valid &= schema_ask(a, a->value, member, NULL);
    }
    a->seen->all_names = true;
    return valid;
}

static bool unevaluated_items(struct ask *a)
{
    bool valid = true;

    if (!a->value || !json_is_array(a->instance))
        return true;
    for (size_t i = a->seen->first_items; i < json_array_size(a->instance); i++) {
        char name[24];

        snprintf(name, sizeof name, "%zu", i);
        if (!a->seen->all_items && !json_object_get(a->seen->items, name))
            valid &= schema_ask(a, a->value, json_array_get(a->instance, i), NULL);
    }
    a->seen->all_items = true;
    return valid;
}

bool schema_check_unevaluated(struct validation *v, const json_t *schema, const json_t *instance,
                              struct evaluated *seen)
{
    struct ask a = {v, json_object_get(schema, "unevaluatedProperties"), schema, instance, seen};
    bool valid;

    if (v->schema->version < SCHEMA_V201909)
        return true;
    valid = unevaluated_properties(&a);
    a.value = json_object_get(schema, "unevaluatedItems");
    return unevaluated_items(&a) && valid;
}
