/* Keywords of JSON Schema about arrays. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_ask.h"

#include <stdio.h>

bool schema_max_items(struct ask *a)
{
    double most;

    return !json_is_array(a->instance) || !schema_limit(a->value, &most) ||
           schema_hold(a, (double)json_array_size(a->instance) <= most);
}

bool schema_min_items(struct ask *a)
{
    double least;

    return !json_is_array(a->instance) || !schema_limit(a->value, &least) ||
           schema_hold(a, (double)json_array_size(a->instance) >= least);
}

bool schema_unique_items(struct ask *a)
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
        valid &= schema_ask(a, schema, json_array_get(a->instance, i), NULL);
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
        valid &= schema_ask(a, json_array_get(schemas, i), json_array_get(a->instance, i), NULL);
    if (i > a->seen->first_items)
        a->seen->first_items = i;
    return valid;
}

bool schema_items(struct ask *a)
{
    bool is_new = a->v->schema->version >= SCHEMA_V202012;

    if (!json_is_array(a->instance))
        return true;
    if (json_is_array(a->value) && !is_new)
        return check_tuple(a, a->value);
    return check_items(a, a->value,
                       is_new ? json_array_size(json_object_get(a->schema, "prefixItems")) : 0);
}

bool schema_prefix_items(struct ask *a)
{
    return !json_is_array(a->instance) || check_tuple(a, a->value);
}

bool schema_additional_items(struct ask *a)
{
    const json_t *tuple = json_object_get(a->schema, "items");
    bool valid = true;

    if (!json_is_array(a->instance) || !json_is_array(tuple))
        return true;
    for (size_t i = json_array_size(tuple); i < json_array_size(a->instance); i++)
        valid &= schema_ask_additional(a, json_array_get(a->instance, i));
    a->seen->all_items = true;
    return valid;
}

static void note_item(struct evaluated *seen, size_t i)
{
    char name[24];

    if (!seen->items)
        seen->items = json_object();
    snprintf(name, sizeof name, "%zu", i);
    json_object_set_new(seen->items, name, json_true());
}

bool schema_contains(struct ask *a)
{
    double least = 1;
    double most;
    size_t found = 0;

    if (!json_is_array(a->instance))
        return true;
    (void)schema_limit(json_object_get(a->schema, "minContains"), &least);
    for (size_t i = 0; i < json_array_size(a->instance); i++) {
        if (!schema_try(a, a->value, json_array_get(a->instance, i), NULL))
            continue;
        found++;
        if (a->v->schema->version >= SCHEMA_V202012)
            note_item(a->seen, i);
    }
    if (schema_limit(json_object_get(a->schema, "maxContains"), &most) && (double)found > most)
        return schema_fault(a->v);
    return schema_hold(a, (double)found >= least);
}
