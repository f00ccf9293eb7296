/* The keywords of JSON Schema: a table of them, each with the versions that know it. */
#include "common/json.h"
#include "common/utf8.h"
#include "employees-mock/match/decimal.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_rules.h"

#include <stdio.h>
#include <string.h>

struct ask {
    struct validation *v;
    const json_t *value;  /* of the keyword */
    const json_t *schema; /* it stands in */
    const json_t *instance;
    struct evaluated *seen;
};

static bool is_object(const json_t *value)
{
    return json_loose_kind(value) == JSON_KIND_OBJECT;
}

static bool hold(struct ask *a, bool holds)
{
    return holds || schema_fault(a->v);
}

static bool check(struct ask *a, const json_t *schema, const json_t *instance,
                  struct evaluated *seen)
{
    return schema_check(a->v, schema, instance, seen);
}

/* The verdict alone; what is wrong does not count. */
static bool try_check(struct ask *a, const json_t *schema, const json_t *instance,
                      struct evaluated *seen)
{
    bool valid;

    a->v->muted++;
    valid = schema_check(a->v, schema, instance, seen);
    a->v->muted--;
    return valid;
}

/* ---- any type ---- */

static bool is_whole(const json_t *number)
{
    const char *digits = json_loose_digits(number);
    auto_buf struct buf text = BUF_INIT(64);

    if (json_is_integer(number))
        return true;
    if (digits)
        return decimal_is_whole(slice_of(digits));
    json_loose_write_double(json_real_value(number), &text);
    return decimal_is_whole(buf_slice(&text));
}

/* In V4 1.0 is no integer. */
static bool is_integer(enum json_schema_version version, const json_t *instance)
{
    if (version == SCHEMA_V4)
        return json_loose_kind(instance) == JSON_KIND_INTEGER;
    return json_loose_is_number(instance) && is_whole(instance);
}

static bool is_of_type(enum json_schema_version version, const json_t *instance, const char *type)
{
    static const struct {
        const char *name;
        enum json_kind first;
        enum json_kind last;
    } types[] = {
        {"null", JSON_KIND_NULL, JSON_KIND_NULL},
        {"boolean", JSON_KIND_FALSE, JSON_KIND_TRUE},
        {"number", JSON_KIND_INTEGER, JSON_KIND_REAL},
        {"string", JSON_KIND_STRING, JSON_KIND_STRING},
        {"array", JSON_KIND_ARRAY, JSON_KIND_ARRAY},
        {"object", JSON_KIND_OBJECT, JSON_KIND_OBJECT},
    };
    enum json_kind kind = json_loose_kind(instance);

    if (strcmp(type, "integer") == 0)
        return is_integer(version, instance);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, type) == 0)
            return kind >= types[i].first && kind <= types[i].last;
    }
    return strcmp(type, "any") == 0;
}

static bool type(struct ask *a)
{
    bool nullable = json_is_true(json_object_get(a->schema, "nullable"));
    bool holds = json_is_null(a->instance) && nullable;
    json_t *one;
    size_t i;

    if (json_is_string(a->value))
        holds =
            holds || is_of_type(a->v->schema->version, a->instance, json_string_value(a->value));
    json_array_foreach (a->value, i, one) {
        holds = holds || (json_is_string(one) ? is_of_type(a->v->schema->version, a->instance,
                                                           json_string_value(one))
                                              : try_check(a, one, a->instance, NULL));
    }
    return hold(a, holds);
}

/* Numbers by value, but inside of containers only those that are written alike (1, 1.0 differ). */
static bool same(const json_t *x, const json_t *y)
{
    if (json_loose_is_number(x) && json_loose_is_number(y))
        return json_loose_compare_numbers(x, y) == 0;
    return json_loose_equal(x, y);
}

static bool enumeration(struct ask *a)
{
    bool nullable = json_is_true(json_object_get(a->schema, "nullable"));
    bool holds = json_is_null(a->instance) && nullable;
    json_t *one;
    size_t i;

    json_array_foreach (a->value, i, one) {
        holds = holds || same(one, a->instance);
    }
    return hold(a, holds || !json_is_array(a->value));
}

static bool constant(struct ask *a)
{
    return hold(a, same(a->value, a->instance));
}

/* ---- numbers ---- */

static bool both_numbers(const struct ask *a)
{
    return json_loose_is_number(a->instance) && json_loose_is_number(a->value);
}

static int compare(const struct ask *a)
{
    return json_loose_compare_numbers(a->instance, a->value);
}

/* In V4 "exclusiveMaximum": true goes with "maximum". */
static bool excludes(const struct ask *a, const char *keyword)
{
    return json_is_true(json_object_get(a->schema, keyword));
}

static bool maximum(struct ask *a)
{
    return !both_numbers(a) ||
           hold(a, compare(a) < 0 || (compare(a) == 0 && !excludes(a, "exclusiveMaximum")));
}

static bool minimum(struct ask *a)
{
    return !both_numbers(a) ||
           hold(a, compare(a) > 0 || (compare(a) == 0 && !excludes(a, "exclusiveMinimum")));
}

static bool exclusive_maximum(struct ask *a)
{
    return !both_numbers(a) || hold(a, compare(a) < 0);
}

static bool exclusive_minimum(struct ask *a)
{
    return !both_numbers(a) || hold(a, compare(a) > 0);
}

static void put_literal(const json_t *number, struct buf *ret)
{
    const char *digits = json_loose_digits(number);

    if (digits)
        buf_put_text(ret, digits);
    else
        json_loose_write_number(number, ret);
}

static bool multiple_of(struct ask *a)
{
    auto_buf struct buf number = BUF_INIT(JSON_LOOSE_DIGITS + 16);
    auto_buf struct buf divisor = BUF_INIT(JSON_LOOSE_DIGITS + 16);

    if (!both_numbers(a) || json_loose_double(a->value) == 0)
        return true;
    put_literal(a->instance, &number);
    put_literal(a->value, &divisor);
    return hold(a, decimal_is_multiple(buf_slice(&number), buf_slice(&divisor)));
}

/* ---- text ---- */

static size_t count_code_points(const json_t *text)
{
    const char *at = json_string_value(text);
    size_t len = json_string_length(text);
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)at[i] & 0xC0) != 0x80;
    return count;
}

static bool limit(const json_t *value, double *ret)
{
    if (!value || !json_loose_is_number(value))
        return false;
    *ret = json_loose_double(value);
    return true;
}

static bool max_length(struct ask *a)
{
    double most;

    return !json_is_string(a->instance) || !limit(a->value, &most) ||
           hold(a, (double)count_code_points(a->instance) <= most);
}

static bool min_length(struct ask *a)
{
    double least;

    return !json_is_string(a->instance) || !limit(a->value, &least) ||
           hold(a, (double)count_code_points(a->instance) >= least);
}

static bool finds(struct ask *a, const char *pattern, struct slice text)
{
    const struct regex *re = schema_regex(a->v->schema, pattern);
    struct regex_found found;
    bool is_there = false;
    enum status st = re ? regex_find(re, text, 0, &found, &is_there, a->v->why) : ST_OK;

    if (st == ST_TIMEOUT)
        a->v->st = st;
    return is_there;
}

static bool pattern(struct ask *a)
{
    struct slice text = {json_string_value(a->instance), json_string_length(a->instance)};

    return !json_is_string(a->instance) || !json_is_string(a->value) ||
           hold(a, finds(a, json_string_value(a->value), text));
}

/* Up to V7 a format asserts; later it only annotates. */
static bool format(struct ask *a)
{
    struct slice text = {json_string_value(a->instance), json_string_length(a->instance)};

    if (a->v->schema->version > SCHEMA_V7 || !json_is_string(a->instance) ||
        !json_is_string(a->value))
        return true;
    return hold(a, schema_format_holds(json_string_value(a->value), text));
}

/* ---- arrays ---- */

static bool max_items(struct ask *a)
{
    double most;

    return !json_is_array(a->instance) || !limit(a->value, &most) ||
           hold(a, (double)json_array_size(a->instance) <= most);
}

static bool min_items(struct ask *a)
{
    double least;

    return !json_is_array(a->instance) || !limit(a->value, &least) ||
           hold(a, (double)json_array_size(a->instance) >= least);
}

static bool unique_items(struct ask *a)
{
    size_t size = json_array_size(a->instance);

    if (!json_is_true(a->value))
        return true;
    for (size_t i = 0; i < size; i++) {
        for (size_t j = i + 1; j < size; j++) {
            if (a->v->steps++ >= SCHEMA_STEPS_MAX) {
                a->v->st = fail(a->v->why, ST_TIMEOUT, "the array is too long");
                return false;
            }
            if (json_loose_equal(json_array_get(a->instance, i), json_array_get(a->instance, j)))
                return schema_fault(a->v);
        }
    }
    return true;
}

static bool check_items(struct ask *a, const json_t *schema, size_t from)
{
    bool valid = true;

    for (size_t i = from; i < json_array_size(a->instance); i++) {
        valid &= check(a, schema, json_array_get(a->instance, i), NULL);
        if (!valid && !a->v->count_all)
            return false;
    }
    a->seen->all_items = true;
    return valid;
}

static bool check_tuple(struct ask *a, const json_t *schemas)
{
    bool valid = true;
    size_t i;

    for (i = 0; i < json_array_size(schemas) && i < json_array_size(a->instance); i++)
        valid &= check(a, json_array_get(schemas, i), json_array_get(a->instance, i), NULL);
    if (i > a->seen->first_items)
        a->seen->first_items = i;
    return valid;
}

static bool items(struct ask *a)
{
    bool is_new = a->v->schema->version >= SCHEMA_V202012;

    if (!json_is_array(a->instance))
        return true;
    if (json_is_array(a->value) && !is_new)
        return check_tuple(a, a->value);
    return check_items(a, a->value,
                       is_new ? json_array_size(json_object_get(a->schema, "prefixItems")) : 0);
}

static bool prefix_items(struct ask *a)
{
    return !json_is_array(a->instance) || check_tuple(a, a->value);
}

static bool additional_items(struct ask *a)
{
    const json_t *tuple = json_object_get(a->schema, "items");

    return !json_is_array(a->instance) || !json_is_array(tuple) ||
           check_items(a, a->value, json_array_size(tuple));
}

static void note_item(struct evaluated *seen, size_t i)
{
    char name[24];

    if (!seen->items)
        seen->items = json_object();
    snprintf(name, sizeof name, "%zu", i);
    json_object_set_new(seen->items, name, json_true());
}

static bool contains(struct ask *a)
{
    bool counts = a->v->schema->version >= SCHEMA_V201909;
    double least = 1;
    double most;
    size_t found = 0;

    if (!json_is_array(a->instance))
        return true;
    if (counts)
        (void)limit(json_object_get(a->schema, "minContains"), &least);
    for (size_t i = 0; i < json_array_size(a->instance); i++) {
        if (!try_check(a, a->value, json_array_get(a->instance, i), NULL))
            continue;
        found++;
        if (a->v->schema->version >= SCHEMA_V202012)
            note_item(a->seen, i);
    }
    if (counts && limit(json_object_get(a->schema, "maxContains"), &most) && (double)found > most)
        return schema_fault(a->v);
    return hold(a, (double)found >= least);
}

/* ---- objects ---- */

static bool max_properties(struct ask *a)
{
    double most;

    return !is_object(a->instance) || !limit(a->value, &most) ||
           hold(a, (double)json_object_size(a->instance) <= most);
}

static bool min_properties(struct ask *a)
{
    double least;

    return !is_object(a->instance) || !limit(a->value, &least) ||
           hold(a, (double)json_object_size(a->instance) >= least);
}

static bool has_all(struct ask *a, const json_t *names)
{
    bool valid = true;
    json_t *name;
    size_t i;

    json_array_foreach (names, i, name) {
        if (json_is_string(name) && !json_object_get(a->instance, json_string_value(name)))
            valid = schema_fault(a->v);
    }
    return valid;
}

static bool required(struct ask *a)
{
    return !is_object(a->instance) || has_all(a, a->value);
}

static void note_name(struct evaluated *seen, const char *name)
{
    if (!seen->names)
        seen->names = json_object();
    json_object_set_new(seen->names, name, json_true());
}

static bool properties(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *schema;

    if (!is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, name, schema) {
        const json_t *member = json_object_get(a->instance, name);

        if (!member)
            continue;
        valid &= check(a, schema, member, NULL);
        if (a->v->schema->uses_unevaluated)
            note_name(a->seen, name);
        if (!valid && !a->v->count_all)
            return false;
    }
    return valid;
}

static bool pattern_properties(struct ask *a)
{
    bool valid = true;
    const char *expression;
    const char *name;
    json_t *schema;
    json_t *member;

    if (!is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, expression, schema) {
        json_object_foreach ((json_t *)a->instance, name, member) {
            if (a->v->st != ST_OK || !finds(a, expression, slice_of(name)))
                continue;
            valid &= check(a, schema, member, NULL);
            note_name(a->seen, name);
        }
    }
    return valid;
}

static bool is_additional(struct ask *a, const char *name)
{
    const char *expression;
    json_t *schema;

    if (json_object_get(json_object_get(a->schema, "properties"), name))
        return false;
    json_object_foreach (json_object_get(a->schema, "patternProperties"), expression, schema) {
        if (finds(a, expression, slice_of(name)))
            return false;
    }
    return true;
}

static bool additional_properties(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *member;

    if (!is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        if (is_additional(a, name))
            valid &= check(a, a->value, member, NULL);
    }
    a->seen->all_names = true;
    return valid;
}

static bool property_names(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *member;

    if (!is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        auto_json json_t *text = json_string(name);

        valid &= check(a, a->value, text, NULL);
    }
    return valid;
}

static bool dependencies(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *dependency;

    if (!is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, name, dependency) {
        if (!json_object_get(a->instance, name))
            continue;
        valid &= json_is_array(dependency) ? has_all(a, dependency)
                                           : check(a, dependency, a->instance, a->seen);
    }
    return valid;
}

/* ---- schemas put together ---- */

static bool all_of(struct ask *a)
{
    bool valid = true;

    for (size_t i = 0; i < json_array_size(a->value) && (valid || a->v->count_all); i++)
        valid &= check(a, json_array_get(a->value, i), a->instance, a->seen);
    return valid;
}

static bool any_of(struct ask *a)
{
    size_t errors = a->v->errors;
    bool valid = false;

    for (size_t i = 0; i < json_array_size(a->value); i++) {
        valid |= check(a, json_array_get(a->value, i), a->instance, a->seen);
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
        count += check(a, json_array_get(a->value, i), a->instance, a->seen);
    if (count == 1) {
        a->v->errors = errors;
        return true;
    }
    return schema_fault(a->v);
}

static bool negation(struct ask *a)
{
    return hold(a, !try_check(a, a->value, a->instance, NULL));
}

static bool condition(struct ask *a)
{
    bool holds = try_check(a, a->value, a->instance, a->seen);
    const json_t *branch = json_object_get(a->schema, holds ? "then" : "else");

    return !branch || check(a, branch, a->instance, a->seen);
}

static bool reference(struct ask *a)
{
    const json_t *target = json_is_string(a->value) ? schema_find_ref(a->v->schema, a->schema,
                                                                      json_string_value(a->value))
                                                    : NULL;

    return target ? check(a, target, a->instance, a->seen) : schema_fault(a->v);
}

static bool dynamic_reference(struct ask *a)
{
    const json_t *target = json_is_string(a->value)
                               ? schema_find_dynamic(a->v, a->schema, json_string_value(a->value))
                               : NULL;

    return target ? check(a, target, a->instance, a->seen) : schema_fault(a->v);
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
    return check(a, target, a->instance, a->seen);
}

/* ---- the table ---- */

static const struct keyword {
    const char *name;
    enum json_schema_version first;
    enum json_schema_version last;
    bool (*holds)(struct ask *a);
} keywords[] = {
    {"type", SCHEMA_V4, SCHEMA_V202012, type},
    {"properties", SCHEMA_V4, SCHEMA_V202012, properties},
    {"required", SCHEMA_V4, SCHEMA_V202012, required},
    {"enum", SCHEMA_V4, SCHEMA_V202012, enumeration},
    {"const", SCHEMA_V6, SCHEMA_V202012, constant},
    {"items", SCHEMA_V4, SCHEMA_V202012, items},
    {"prefixItems", SCHEMA_V202012, SCHEMA_V202012, prefix_items},
    {"additionalItems", SCHEMA_V4, SCHEMA_V201909, additional_items},
    {"contains", SCHEMA_V6, SCHEMA_V202012, contains},
    {"maxItems", SCHEMA_V4, SCHEMA_V202012, max_items},
    {"minItems", SCHEMA_V4, SCHEMA_V202012, min_items},
    {"uniqueItems", SCHEMA_V4, SCHEMA_V202012, unique_items},
    {"maximum", SCHEMA_V4, SCHEMA_V202012, maximum},
    {"minimum", SCHEMA_V4, SCHEMA_V202012, minimum},
    {"exclusiveMaximum", SCHEMA_V6, SCHEMA_V202012, exclusive_maximum},
    {"exclusiveMinimum", SCHEMA_V6, SCHEMA_V202012, exclusive_minimum},
    {"multipleOf", SCHEMA_V4, SCHEMA_V202012, multiple_of},
    {"maxLength", SCHEMA_V4, SCHEMA_V202012, max_length},
    {"minLength", SCHEMA_V4, SCHEMA_V202012, min_length},
    {"pattern", SCHEMA_V4, SCHEMA_V202012, pattern},
    {"format", SCHEMA_V4, SCHEMA_V202012, format},
    {"maxProperties", SCHEMA_V4, SCHEMA_V202012, max_properties},
    {"minProperties", SCHEMA_V4, SCHEMA_V202012, min_properties},
    {"patternProperties", SCHEMA_V4, SCHEMA_V202012, pattern_properties},
    {"additionalProperties", SCHEMA_V4, SCHEMA_V202012, additional_properties},
    {"propertyNames", SCHEMA_V6, SCHEMA_V202012, property_names},
    {"dependencies", SCHEMA_V4, SCHEMA_V202012, dependencies},
    {"dependentRequired", SCHEMA_V201909, SCHEMA_V202012, dependencies},
    {"dependentSchemas", SCHEMA_V201909, SCHEMA_V202012, dependencies},
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

    if (!a->value || !is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        if (!a->seen->all_names && !json_object_get(a->seen->names, name))
            valid &= check(a, a->value, member, NULL);
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
            valid &= check(a, a->value, json_array_get(a->instance, i), NULL);
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
