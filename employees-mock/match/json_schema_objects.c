/* Keywords of JSON Schema about objects. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_ask.h"

bool schema_max_properties(struct ask *a)
{
    double most;

    return !schema_is_object(a->instance) || !schema_limit(a->value, &most) ||
           schema_hold(a, (double)json_object_size(a->instance) <= most);
}

bool schema_min_properties(struct ask *a)
{
    double least;

    return !schema_is_object(a->instance) || !schema_limit(a->value, &least) ||
           schema_hold(a, (double)json_object_size(a->instance) >= least);
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

bool schema_required(struct ask *a)
{
    return !schema_is_object(a->instance) || has_all(a, a->value);
}

static void note_name(struct evaluated *seen, const char *name)
{
    if (!seen->names)
        seen->names = json_object();
    json_object_set_new(seen->names, name, json_true());
}

bool schema_properties(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *schema;

    if (!schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, name, schema) {
        const json_t *member = json_object_get(a->instance, name);

        if (!member)
            continue;
        valid &= schema_ask(a, schema, member, NULL);
        if (a->v->schema->uses_unevaluated)
            note_name(a->seen, name);
        if (!valid && !a->v->count_all)
            return false;
    }
    return valid;
}

bool schema_pattern_properties(struct ask *a)
{
    bool valid = true;
    const char *expression;
    const char *name;
    json_t *schema;
    json_t *member;

    if (!schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, expression, schema) {
        json_object_foreach ((json_t *)a->instance, name, member) {
            if (a->v->st != ST_OK || !schema_finds(a, expression, slice_of(name)))
                continue;
            valid &= schema_ask(a, schema, member, NULL);
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
        if (schema_finds(a, expression, slice_of(name)))
            return false;
    }
    return true;
}

bool schema_additional_properties(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *member;

    if (!schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        if (is_additional(a, name))
            valid &= schema_ask_additional(a, member);
    }
    a->seen->all_names = true;
    return valid;
}

bool schema_property_names(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *member;

    if (!schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->instance, name, member) {
        auto_json json_t *text = json_string(name);

        valid &= schema_ask(a, a->value, text, NULL);
    }
    return valid;
}

bool schema_dependencies(struct ask *a)
{
    bool valid = true;
    const char *name;
    json_t *dependency;

    if (!schema_is_object(a->instance))
        return true;
    json_object_foreach ((json_t *)a->value, name, dependency) {
        if (!json_object_get(a->instance, name))
            continue;
        valid &= json_is_array(dependency) ? has_all(a, dependency)
                                           : schema_ask(a, dependency, a->instance, a->seen);
    }
    return valid;
}
