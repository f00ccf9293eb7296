/* Lists and maps out of JSON, as Jackson's deserialisers for collections take and refuse them. */
#include "employees-mock/bind.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/matcher.h"

#include <stdio.h>

static enum status refuse_type(const struct bind *b, const char *name, const char *java_type,
                               const json_t *value)
{
    return bind_fail(b->fault, b->pointer, name, "Cannot deserialize value of type `%s` from %s",
                     java_type, matcher_java_value(value));
}

/* Text where something with elements belongs. */
static enum status refuse_text(const struct bind *b, const char *name, const char *java_type,
                               const char *text)
{
    if (!*text)
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot coerce empty String (\"\") to element of `%s` (but could if "
                         "coercion was enabled using `CoercionConfig`)",
                         java_type);
    return bind_fail(b->fault, b->pointer, name,
                     "Cannot construct instance of `%s` (although at least one Creator exists): no "
                     "String-argument constructor/factory method to deserialize from String value "
                     "('%s')",
                     java_type, text);
}

enum status bind_array(const struct bind *b, const char *name, const char *java_type,
                       const json_t **ret)
{
    const json_t *value = bind_any(b, name);

    if (!value)
        return ST_OK;
    if (!json_is_array(value))
        return refuse_type(b, name, java_type, value);
    *ret = value;
    return ST_OK;
}

static enum status read_texts(const struct bind *b, const char *name, const json_t *list,
                              json_t *texts)
{
    char pointer[256];
    size_t i;
    json_t *item;

    snprintf(pointer, sizeof pointer, "%s/%s", b->pointer, name);
    json_array_foreach ((json_t *)list, i, item) {
        char index[24];
        auto_json json_t *holder = NULL;
        struct bind element = {.pointer = pointer, .fault = b->fault};
        const char *text = NULL;
        enum status st;

        snprintf(index, sizeof index, "%zu", i);
        element.object = holder = json_pack("{s:O}", index, item);
        st = bind_text(&element, index, &text);
        if (st != ST_OK)
            return st;
        if (json_array_append(texts, json_object_get(holder, index)) != 0)
            return bind_fail_memory(b->fault);
    }
    return ST_OK;
}

enum status bind_texts(const struct bind *b, const char *name, const json_t **ret)
{
    const json_t *value = bind_any(b, name);
    json_t *texts;
    enum status st;

    if (!value)
        return ST_OK;
    if (json_is_string(value))
        return refuse_text(b, name, "java.util.ArrayList", json_string_value(value));
    if (!json_is_array(value))
        return refuse_type(b, name, "java.util.ArrayList<java.lang.String>", value);
    texts = json_array();
    st = read_texts(b, name, value, texts);
    if (st == ST_OK) {
        *ret = texts;
        return json_object_set_new((json_t *)b->object, name, texts) == 0
                   ? ST_OK
                   : bind_fail_memory(b->fault);
    }
    json_decref(texts);
    return st;
}

enum status bind_map(const struct bind *b, const char *name, const char *java_type,
                     const char *java_type_of_items, const json_t **ret)
{
    const json_t *value = bind_any(b, name);

    if (!value)
        return ST_OK;
    if (json_is_string(value))
        return refuse_text(b, name, java_type, json_string_value(value));
    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return refuse_type(b, name, java_type_of_items, value);
    *ret = value;
    return ST_OK;
}
