#include "employees-mock/template/member.h"

#include "employees-mock/java_hash.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/model.h"
#include "employees-mock/template/render.h"

#include <stdlib.h>

/* Java's beans come before methods; of a map its entries come before both. */
struct method {
    const char *name;
    struct value (*call)(struct render *r, struct value v);
};

static struct value text_of(struct render *r, const struct buf *text)
{
    return value_text(arena_copy_buf(&r->arena, text));
}

static struct value get_text(struct render *r, struct value v)
{
    return value_text(value_to_text(v, &r->arena));
}

static struct value get_hash(struct render *r, struct value v)
{
    (void)r;
    return value_int(java_hash(v.text));
}

/* ---- strings ---- */

static struct value text_length(struct render *r, struct value v)
{
    (void)r;
    return value_int((int32_t)java_length(v.text));
}

static struct value text_empty(struct render *r, struct value v)
{
    (void)r;
    return value_bool(v.text.len == 0);
}

static struct value text_blank(struct render *r, struct value v)
{
    (void)r;
    return value_bool(java_strip(v.text).len == 0);
}

static struct value text_trim(struct render *r, struct value v)
{
    (void)r;
    return value_text(java_trim(v.text));
}

static struct value text_strip(struct render *r, struct value v)
{
    (void)r;
    return value_text(java_strip(v.text));
}

static struct value text_upper(struct render *r, struct value v)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    java_upper(v.text, &text);
    return text_of(r, &text);
}

static struct value text_lower(struct render *r, struct value v)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    java_lower(v.text, &text);
    return text_of(r, &text);
}

static const struct method text_methods[] = {
    {"length", text_length}, {"empty", text_empty},       {"isEmpty", text_empty},
    {"blank", text_blank},   {"isBlank", text_blank},     {"trim", text_trim},
    {"strip", text_strip},   {"toUpperCase", text_upper}, {"toLowerCase", text_lower},
    {"toString", get_text},  {"hashCode", get_hash},      {NULL, NULL},
};

/* ---- collections ---- */

static struct value size_of(struct render *r, struct value v)
{
    (void)r;
    return value_int((int32_t)value_size(v));
}

static struct value is_empty(struct render *r, struct value v)
{
    (void)r;
    return value_bool(value_size(v) == 0);
}

static struct value first_of(struct render *r, struct value v)
{
    (void)r;
    return value_item(v, 0);
}

static struct value last_of(struct render *r, struct value v)
{
    (void)r;
    return value_size(v) > 0 ? value_item(v, value_size(v) - 1) : VALUE_NULL;
}

static struct value is_single(struct render *r, struct value v)
{
    (void)r;
    return value_bool(value_size(v) == 1);
}

static const struct method list_methods[] = {
    {"size", size_of},     {"length", size_of},    {"empty", is_empty},
    {"isEmpty", is_empty}, {"toString", get_text}, {NULL, NULL},
};

static const struct method single_methods[] = {
    {"first", first_of},   {"getFirst", first_of},  {"last", last_of}, {"getLast", last_of},
    {"single", is_single}, {"isSingle", is_single}, {NULL, NULL},
};

static struct value keys_or_values(struct render *r, struct value map, bool keys)
{
    struct value_list *list = value_new_list(&r->arena, value_size(map));
    void *cursor = NULL;

    for (size_t i = 0; list && i < list->count; i++) {
        struct value_entry e = value_entry_at(map, i, &cursor);

        list->items[i] = keys ? value_text(e.name) : e.value;
    }
    return value_of_list(list, STYLE_PLAIN);
}

static struct value keys_of(struct render *r, struct value v)
{
    return keys_or_values(r, v, true);
}

static struct value values_of(struct render *r, struct value v)
{
    return keys_or_values(r, v, false);
}

static const struct method map_methods[] = {
    {"size", size_of},     {"empty", is_empty},    {"isEmpty", is_empty}, {"keySet", keys_of},
    {"values", values_of}, {"toString", get_text}, {NULL, NULL},
};

/* ---- the rest ---- */

static struct value plain_text(struct render *r, struct value v)
{
    (void)r;
    return value_text(v.text);
}

static const struct method verb_methods[] = {
    {"name", plain_text}, {"getName", plain_text}, {"value", plain_text}, {"toString", plain_text},
    {NULL, NULL},
};

static struct value date_time(struct render *r, struct value v)
{
    (void)r;
    return (struct value){.kind = V_LONG, .integer = v.date->ms};
}

static const struct method date_methods[] = {
    {"time", date_time}, {"getTime", date_time}, {"toString", get_text}, {NULL, NULL}};

static struct value xml_name(struct render *r, struct value v)
{
    (void)r;
    return v.xml->name.len ? value_text(v.xml->name) : VALUE_NULL;
}

static struct value xml_text(struct render *r, struct value v)
{
    (void)r;
    return value_text(v.xml->text);
}

static struct value xml_attributes(struct render *r, struct value v)
{
    (void)r;
    return value_of_map(&v.xml->attributes, STYLE_PLAIN);
}

static const struct method xml_methods[] = {
    {"text", xml_text}, {"name", xml_name}, {"attributes", xml_attributes}, {NULL, NULL}};

static struct value number_int(struct render *r, struct value v)
{
    (void)r;
    return value_int(value_to_int(v));
}

static struct value number_double(struct render *r, struct value v)
{
    (void)r;
    return value_double(value_to_double(v));
}

static const struct method number_methods[] = {
    {"intValue", number_int}, {"doubleValue", number_double}, {"toString", get_text}, {NULL, NULL}};

static const struct method *const methods[] = {
    [V_STRING] = text_methods,   [V_LIST] = list_methods,      [V_MAP] = map_methods,
    [V_JSON] = map_methods,      [V_DATE] = date_methods,      [V_XML] = xml_methods,
    [V_METHOD] = verb_methods,   [V_INT] = number_methods,     [V_LONG] = number_methods,
    [V_DOUBLE] = number_methods, [V_DECIMAL] = number_methods,
};

static struct value by_method(struct render *r, const struct method *table, struct value v,
                              struct slice name)
{
    for (; table && table->name; table++)
        if (slice_is(name, table->name))
            return table->call(r, v);
    return VALUE_NULL;
}

struct value member_of(struct render *r, struct value v, struct slice name)
{
    struct value found = VALUE_NULL;

    if (v.kind == V_REQUEST)
        return request_model_member(r, v.request, name);
    if (v.kind == V_REQUEST_LINE)
        return request_line_member(r, v.request, name);
    if (v.kind == V_PART)
        return part_model_member(r, v.part, name);
    if (value_is_map(v))
        found = value_member(v, name);
    else if (v.kind == V_LIST && v.style == STYLE_SINGLE)
        found = by_method(r, single_methods, v, name);
    if (!value_is_null(found) || v.kind >= sizeof methods / sizeof methods[0])
        return found;
    return by_method(r, value_is_list(v) ? list_methods : methods[v.kind], v, name);
}
