#include "employees-mock/json_own.h"

#include "employees-mock/match/json_loose.h"

static json_t *own_object(const json_t *object)
{
    json_t *made = json_object();
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)object, name, value) {
        if (json_object_set_new_nocheck(made, name, json_own(value)) != 0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

static json_t *own_array(const json_t *array)
{
    json_t *made = json_array();
    size_t i;
    json_t *value;

    json_array_foreach ((json_t *)array, i, value) {
        if (json_array_append_new(made, json_own(value)) != 0) {
            json_decref(made);
            return NULL;
        }
    }
    return made;
}

json_t *json_own(const json_t *value)
{
    const char *digits = value ? json_loose_digits(value) : NULL;

    if (digits) /* they need not be such as JSON takes: a lenient reader keeps "5." */
        return json_loose_number(slice_of(digits));
    if (json_is_object(value))
        return own_object(value);
    return json_is_array(value) ? own_array(value) : json_deep_copy(value);
}

json_t *json_without_nulls(const json_t *value)
{
    json_t *made;
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_array(value)) {
        made = json_array();
        json_array_foreach ((json_t *)value, i, member) {
            json_array_append_new(made, json_without_nulls(member));
        }
        return made;
    }
    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return json_own(value);
    made = json_object();
    json_object_foreach ((json_t *)value, name, member) {
        if (!json_is_null(member))
            json_object_set_new(made, name, json_without_nulls(member));
    }
    return made;
}

void json_put_last(json_t *object, const char *name)
{
    json_t *value = json_incref(json_object_get(object, name));

    if (!value)
        return;
    json_object_del(object, name);
    json_object_set_new(object, name, value);
}
