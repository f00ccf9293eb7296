/* Scalars and lists of matchers out of JSON, refused in Jackson's words where they are none. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern_read.h"

#include <stdio.h>
#include <stdlib.h>

enum status pattern_read_text(const json_t *value, const struct matcher_place *place, char **ret)
{
    auto_buf struct buf text = BUF_INIT(16 << 20);
    char *copy;

    if (json_is_string(value))
        buf_put(&text, json_string_value(value), json_string_length(value));
    else if (json_loose_kind(value) >= JSON_KIND_ARRAY)
        return matcher_refuse(place, "Cannot deserialize value of type `java.lang.String` from %s",
                              matcher_java_value(value));
    else
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
    copy = buf_take(&text, NULL);
    if (!copy)
        return matcher_out_of_memory(place);
    free(*ret);
    *ret = copy;
    return ST_OK;
}

enum status pattern_refuse_scalar(const char *java_class, const json_t *value,
                                  const struct matcher_place *place)
{
    auto_buf struct buf text = BUF_INIT(256);
    bool is_map = slice_starts(slice_of(java_class), SLICE("java.util.")) ||
                  strcmp(java_class, PARAMETERS_CLASS) == 0;
    const char *constructor = "int/Int-argument constructor/factory method to deserialize from "
                              "Number value";
    const char *before = "";

    if (json_is_string(value) && json_string_length(value) == 0)
        return matcher_refuse(place,
                              "Cannot coerce empty String (\"\") to %s`%s`%s (but could if "
                              "coercion was enabled using `CoercionConfig`)",
                              is_map ? "element of " : "", java_class, is_map ? "" : " value");
    switch (json_loose_kind(value)) {
    case JSON_KIND_STRING:
        constructor = "String-argument constructor/factory method to deserialize from String value";
        before = "'";
        buf_put(&text, json_string_value(value), json_string_length(value));
        break;
    case JSON_KIND_TRUE:
    case JSON_KIND_FALSE:
        constructor = "boolean/Boolean-argument constructor/factory method to deserialize from "
                      "boolean value";
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
        break;
    case JSON_KIND_ARRAY:
        return matcher_refuse(place, "Cannot deserialize value of type `%s` from %s", java_class,
                              matcher_java_value(value));
    default:
        if (json_loose_kind(value) == JSON_KIND_REAL)
            constructor = "double/Double-argument constructor/factory method to deserialize from "
                          "Number value";
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
        break;
    }
    return matcher_refuse(place,
                          "Cannot construct instance of `%s` (although at least one Creator "
                          "exists): no %s (%s%.*s%s)",
                          java_class, constructor, before, (int)text.len,
                          text.data ? text.data : "", before);
}

const struct matcher_place *pattern_step_down(struct below *b, const struct matcher_place *place,
                                              const char *name)
{
    snprintf(b->pointer, sizeof b->pointer, "%s/%s", place->pointer, name);
    b->place = (struct matcher_place){b->pointer, place->depth + 1, place->fault};
    return &b->place;
}

const struct matcher_place *pattern_step_to_item(struct below *b, const struct matcher_place *place,
                                                 size_t index)
{
    char name[24];

    snprintf(name, sizeof name, "%zu", index);
    return pattern_step_down(b, place, name);
}

static enum status expect_map(const json_t *value, const char *item,
                              const struct matcher_place *place)
{
    if (json_loose_kind(value) == JSON_KIND_OBJECT)
        return ST_OK;
    if (json_is_string(value))
        return pattern_refuse_scalar("java.util.LinkedHashMap", value, place);
    return matcher_refuse(place,
                          "Cannot deserialize value of type `java.util.LinkedHashMap"
                          "<java.lang.String," MATCHING "%s>` from %s",
                          item, matcher_java_value(value));
}

enum status pattern_expect_list(const json_t *value, const char *item,
                                const struct matcher_place *place)
{
    if (json_is_array(value))
        return ST_OK;
    return matcher_refuse(
        place, "Cannot deserialize value of type `java.util.ArrayList<" MATCHING "%s>` from %s",
        item, matcher_java_value(value));
}

enum status pattern_read_values(const json_t *object, const struct matcher_place *place,
                                struct value_matchers *ret)
{
    enum status st = expect_map(object, "StringValuePattern", place);
    const char *name;
    json_t *value;

    if (st != ST_OK)
        return st;
    pattern_free_value_matchers(ret);
    *ret = (struct value_matchers){.said = true};
    ret->items = calloc(json_object_size(object) + 1, sizeof *ret->items);
    if (!ret->items)
        return matcher_out_of_memory(place);
    json_object_foreach ((json_t *)object, name, value) {
        struct named_value_matcher *item = &ret->items[ret->count];
        struct below b;

        ret->has_null |= json_is_null(value);
        if (json_is_null(value))
            continue;
        ret->count++;
        item->name = strdup(name);
        st = item->name ? matcher_compile(value, pattern_step_down(&b, place, name), &item->matcher)
                        : matcher_out_of_memory(place);
        if (st != ST_OK)
            return st;
        ret->has_null |= item->matcher->has_null;
    }
    return ST_OK;
}

enum status pattern_read_multis(const json_t *object, const struct matcher_place *place,
                                struct multi_matchers *ret)
{
    enum status st = expect_map(object, "MultiValuePattern", place);
    const char *name;
    json_t *value;

    if (st != ST_OK)
        return st;
    pattern_free_multi_matchers(ret);
    *ret = (struct multi_matchers){.said = true};
    ret->items = calloc(json_object_size(object) + 1, sizeof *ret->items);
    if (!ret->items)
        return matcher_out_of_memory(place);
    json_object_foreach ((json_t *)object, name, value) {
        struct named_multi_matcher *item = &ret->items[ret->count];
        struct below b;

        ret->has_null |= json_is_null(value);
        if (json_is_null(value))
            continue;
        ret->count++;
        item->name = strdup(name);
        st = item->name
                 ? multi_matcher_compile(value, pattern_step_down(&b, place, name), &item->matcher)
                 : matcher_out_of_memory(place);
        if (st != ST_OK)
            return st;
        ret->has_null |= item->matcher->has_null;
    }
    return ST_OK;
}

enum status pattern_read_contents(const json_t *list, const struct matcher_place *place,
                                  struct content_matchers *ret)
{
    enum status st = pattern_expect_list(list, "ContentPattern<java.lang.Object>", place);
    json_t *value;
    size_t i;

    if (st != ST_OK)
        return st;
    pattern_free_content_matchers(ret);
    *ret = (struct content_matchers){.said = true};
    ret->items = calloc(json_array_size(list) + 1, sizeof *ret->items);
    if (!ret->items)
        return matcher_out_of_memory(place);
    json_array_foreach (list, i, value) {
        struct below b;

        ret->has_null |= json_is_null(value);
        st = json_is_null(value)
                 ? ST_OK
                 : matcher_compile_content(value, pattern_step_to_item(&b, place, i),
                                           &ret->items[ret->count]);
        if (st != ST_OK)
            return st;
        ret->has_null |= ret->items[ret->count] && ret->items[ret->count]->has_null;
        ret->count++;
    }
    return ST_OK;
}

enum status pattern_refuse_member(const char *name, const char *java_class,
                                  const struct matcher_place *place)
{
    struct below b;

    return matcher_refuse(pattern_step_down(&b, place, name),
                          "Unrecognized field \"%s\" (class %s), not marked as ignorable", name,
                          java_class);
}
