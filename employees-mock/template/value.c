#include "employees-mock/template/value.h"

#include "employees-mock/match/json_loose.h"
#include "employees-mock/template/java_number.h"

#include <math.h>
#include <stdlib.h>

struct value value_whole(int64_t i)
{
    bool small = i >= INT32_MIN && i <= INT32_MAX;

    return (struct value){.kind = small ? V_INT : V_LONG, .integer = i};
}

/* A number that is kept as digits. Jackson makes a BigDecimal of every fraction in a stub's
 * parameters, json-smart only of more than 18 characters. */
static struct value kept_number(const json_t *json, enum value_style style)
{
    struct slice digits = slice_of(json_loose_digits(json));
    bool exact = style == STYLE_EXACT || style == STYLE_DATA_PLAIN || style == STYLE_PARAMETERS;

    if (json_loose_kind(json) == JSON_KIND_REAL && !exact &&
        (style == STYLE_PLAIN || digits.len <= 18))
        return value_double(json_loose_double(json));
    return (struct value){.kind = V_DECIMAL, .text = digits};
}

struct value value_json(const json_t *json, enum value_style style)
{
    if (!json)
        return VALUE_NULL;
    switch (json_loose_kind(json)) {
    case JSON_KIND_NULL:
        return VALUE_NULL;
    case JSON_KIND_FALSE:
    case JSON_KIND_TRUE:
        return value_bool(json_is_true(json));
    case JSON_KIND_INTEGER:
        return json_loose_digits(json) ? kept_number(json, style)
                                       : value_whole(json_integer_value(json));
    case JSON_KIND_REAL:
        return json_loose_digits(json) ? kept_number(json, style)
                                       : value_double(json_real_value(json));
    case JSON_KIND_STRING:
        return value_text((struct slice){json_string_value(json), json_string_length(json)});
    default:
        return (struct value){.kind = V_JSON, .style = (uint8_t)style, .json = json};
    }
}

/* A head with its places behind it, zeroed. */
static void *with_places(struct arena *a, size_t head, size_t count, size_t size)
{
    size_t places = (head + size - 1) / size;

    return arena_array(a, count < SIZE_MAX - places ? places + count : SIZE_MAX, size);
}

struct value_list *value_new_list(struct arena *a, size_t count)
{
    struct value_list *list = with_places(a, sizeof *list, count, sizeof *list->items);

    if (!list)
        return NULL;
    list->count = count;
    list->items = (struct value *)(list + 1);
    return list;
}

struct value_map *value_new_map(struct arena *a, size_t count)
{
    struct value_map *map = with_places(a, sizeof *map, count, sizeof *map->entries);

    if (!map)
        return NULL;
    map->count = count;
    map->entries = (struct value_entry *)(map + 1);
    return map;
}

struct value value_of_list(const struct value_list *list, enum value_style style)
{
    if (!list)
        return VALUE_NULL;
    return (struct value){.kind = V_LIST, .style = (uint8_t)style, .list = list};
}

struct value value_of_map(const struct value_map *map, enum value_style style)
{
    if (!map)
        return VALUE_NULL;
    return (struct value){.kind = V_MAP, .style = (uint8_t)style, .map = map};
}

bool value_is_number(struct value v)
{
    return v.kind == V_INT || v.kind == V_LONG || v.kind == V_DOUBLE || v.kind == V_DECIMAL;
}

bool value_is_list(struct value v)
{
    return v.kind == V_LIST || (v.kind == V_JSON && json_is_array(v.json));
}

bool value_is_map(struct value v)
{
    return v.kind == V_MAP || (v.kind == V_JSON && json_is_object(v.json));
}

bool value_is_iterable(struct value v)
{
    return value_is_list(v) || (v.kind == V_MAP && v.style == STYLE_PATH);
}

size_t value_size(struct value v)
{
    switch (v.kind) {
    case V_LIST:
        return v.list->count;
    case V_MAP:
        return v.map->count;
    case V_JSON:
        return json_is_array(v.json) ? json_array_size(v.json) : json_object_size(v.json);
    default:
        return 0;
    }
}

/* What stands inside JSON of a style: JsonData wraps only the outermost. */
static enum value_style inner(struct value v)
{
    if (v.style == STYLE_DATA_PLAIN || v.style == STYLE_PARAMETERS)
        return STYLE_EXACT;
    if (v.style == STYLE_HASH || v.style == STYLE_VIEW)
        return STYLE_PLAIN;
    return v.style == STYLE_DATA ? STYLE_SMART : (enum value_style)v.style;
}

struct value value_item(struct value v, size_t i)
{
    if (i >= value_size(v))
        return VALUE_NULL;
    if (v.kind == V_LIST)
        return v.list->items[i];
    if (v.kind == V_MAP)
        return v.map->entries[i].value;
    if (json_is_array(v.json))
        return value_json(json_array_get(v.json, i), inner(v));
    return VALUE_NULL;
}

struct value value_member(struct value map, struct slice name)
{
    if (map.kind == V_JSON)
        return value_json(json_object_getn(map.json, name.data, name.len), inner(map));
    if (map.kind != V_MAP)
        return VALUE_NULL;
    for (size_t i = 0; i < map.map->count; i++) {
        const struct value_entry *e = &map.map->entries[i];

        if (map.style == STYLE_NOCASE ? slice_equal_nocase(e->name, name)
                                      : slice_equal(e->name, name))
            return e->value;
    }
    return VALUE_NULL;
}

struct value_entry value_entry_at(struct value map, size_t i, void **cursor)
{
    json_t *object;
    const char *name;

    if (map.kind == V_MAP)
        return map.map->entries[i];
    object = (json_t *)(uintptr_t)map.json; /* jansson's iterators take no const */
    *cursor = *cursor ? json_object_iter_next(object, *cursor) : json_object_iter(object);
    name = json_object_iter_key(*cursor);
    return (struct value_entry){{name, json_object_iter_key_len(*cursor)},
                                value_json(json_object_iter_value(*cursor), inner(map))};
}

bool value_is_falsy(struct value v)
{
    switch (v.kind) {
    case V_NULL:
        return true;
    case V_BOOL:
        return !v.truth;
    case V_STRING:
        return v.text.len == 0;
    case V_INT:
    case V_LONG:
    case V_DOUBLE:
    case V_DECIMAL:
        return value_to_double(v) == 0;
    default:
        return value_is_iterable(v) && value_size(v) == 0;
    }
}

double value_to_double(struct value v)
{
    double d = 0;

    if (v.kind == V_DOUBLE)
        return v.real;
    if (v.kind == V_DECIMAL)
        return java_parse_double(v.text, &d) ? d : 0;
    return (double)v.integer;
}

/* Java's narrowing: a double is clamped, a long cut, a big number cut too (its low bits). */
int32_t value_to_int(struct value v)
{
    double d;

    if (v.kind == V_INT || v.kind == V_LONG)
        return (int32_t)(uint32_t)(uint64_t)v.integer;
    d = value_to_double(v);
    if (isnan(d))
        return 0;
    return d >= INT32_MAX ? INT32_MAX : d <= INT32_MIN ? INT32_MIN : (int32_t)d;
}

static bool lists_equal(struct value a, struct value b)
{
    size_t count = value_size(a);

    for (size_t i = 0; i < count; i++)
        if (!value_equals(value_item(a, i), value_item(b, i)))
            return false;
    return true;
}

static bool maps_equal(struct value a, struct value b)
{
    void *cursor = NULL;
    size_t count = value_size(a);

    for (size_t i = 0; i < count; i++) {
        struct value_entry e = value_entry_at(a, i, &cursor);

        if (!value_equals(e.value, value_member(b, e.name)))
            return false;
    }
    return true;
}

bool value_equals(struct value a, struct value b)
{
    if (value_is_list(a) && value_is_list(b))
        return value_size(a) == value_size(b) && lists_equal(a, b);
    if (value_is_map(a) && value_is_map(b))
        return value_size(a) == value_size(b) && maps_equal(a, b);
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case V_NULL:
        return true;
    case V_BOOL:
        return a.truth == b.truth;
    case V_INT:
    case V_LONG:
        return a.integer == b.integer;
    case V_DOUBLE:
        return a.real == b.real;
    case V_DATE:
        return a.date->ms == b.date->ms;
    case V_STRING:
    case V_DECIMAL:
    case V_METHOD:
        return slice_equal(a.text, b.text);
    default:
        return a.json == b.json;
    }
}

json_t *value_to_jansson(struct value v)
{
    struct why why;
    json_t *json = NULL;
    auto_buf struct buf text = BUF_INIT(64 << 20);

    value_write_json(v, FORM_NULLS, &text);
    if (text.failed != ST_OK || json_loose_read(buf_slice(&text), &json, &why) != ST_OK)
        return NULL;
    return json;
}

#define WIREMOCK   "com.github.tomakehurst.wiremock."
#define TEMPLATING WIREMOCK "extension.responsetemplating."

static const char *list_class(enum value_style style)
{
    switch (style) {
    case STYLE_SINGLE:
        return WIREMOCK "common.ListOrSingle";
    case STYLE_SMART:
        return "wiremock.net.minidev.json.JSONArray";
    case STYLE_DATA:
    case STYLE_DATA_PLAIN:
        return TEMPLATING "helpers.JsonData$ListJsonData";
    case STYLE_PATH:
        return TEMPLATING "UrlPath";
    default:
        return "java.util.ArrayList";
    }
}

static const char *map_class(enum value_style style)
{
    switch (style) {
    case STYLE_DATA:
    case STYLE_DATA_PLAIN:
        return TEMPLATING "helpers.JsonData$MapJsonData";
    case STYLE_NOCASE:
        return "java.util.TreeMap";
    case STYLE_PATH:
        return TEMPLATING "TemplatedUrlPath";
    case STYLE_HASH:
        return "java.util.HashMap";
    case STYLE_PARAMETERS:
        return WIREMOCK "extension.Parameters";
    case STYLE_VIEW:
        return "wiremock.com.google.common.collect.Maps$TransformedEntriesMap";
    default:
        return "java.util.LinkedHashMap";
    }
}

const char *value_class(struct value v)
{
    static const char *const names[] = {
        [V_NULL] = "null",
        [V_BOOL] = "java.lang.Boolean",
        [V_INT] = "java.lang.Integer",
        [V_LONG] = "java.lang.Long",
        [V_DOUBLE] = "java.lang.Double",
        [V_DECIMAL] = "java.math.BigDecimal",
        [V_STRING] = "java.lang.String",
        [V_DATE] = TEMPLATING "helpers.RenderableDate",
        [V_XML] = WIREMOCK "common.xml.XmlDomNode",
        [V_METHOD] = WIREMOCK "http.RequestMethod",
        [V_REQUEST] = TEMPLATING "RequestTemplateModel",
        [V_REQUEST_LINE] = TEMPLATING "RequestLine",
        [V_PART] = TEMPLATING "RequestPartTemplateModel",
    };

    if (v.kind == V_DECIMAL && !memchr(v.text.data, '.', v.text.len) &&
        !memchr(v.text.data, 'E', v.text.len))
        return "java.math.BigInteger";
    if (value_is_list(v))
        return list_class((enum value_style)v.style);
    if (value_is_map(v))
        return map_class((enum value_style)v.style);
    return names[v.kind];
}
