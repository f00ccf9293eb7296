#include "employees-mock/template/member.h"

#include "employees-mock/template/member_table.h"
#include "employees-mock/template/model.h"
#include "employees-mock/template/render.h"

struct value member_text(struct render *r, struct value v)
{
    return value_text(value_to_text(v, &r->arena));
}

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
    {"size", size_of},     {"length", size_of},       {"empty", is_empty},
    {"isEmpty", is_empty}, {"toString", member_text}, {NULL, NULL},
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
    {"size", size_of},     {"empty", is_empty},       {"isEmpty", is_empty}, {"keySet", keys_of},
    {"values", values_of}, {"toString", member_text}, {NULL, NULL},
};

/* ---- the rest ---- */

static struct value date_time(struct render *r, struct value v)
{
    (void)r;
    return (struct value){.kind = V_LONG, .integer = v.date->ms};
}

static const struct method date_methods[] = {
    {"time", date_time}, {"getTime", date_time}, {"toString", member_text}, {NULL, NULL}};

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
    {"name", xml_name},
    {"attributes", xml_attributes},
    {"text", xml_text},
    {"getName", xml_name},
    {"getAttributes", xml_attributes},
    {"getText", xml_text},
    {"toString", member_text},
    {NULL, NULL},
};

static const struct method *const methods[] = {
    [V_BOOL] = truth_methods, [V_STRING] = text_methods, [V_LIST] = list_methods,
    [V_MAP] = map_methods,    [V_JSON] = map_methods,    [V_DATE] = date_methods,
    [V_XML] = xml_methods,    [V_METHOD] = verb_methods, [V_INT] = whole_methods,
    [V_LONG] = whole_methods, [V_DOUBLE] = real_methods, [V_DECIMAL] = decimal_methods,
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

/* ---- iteration ---- */

static const struct method *iterated(struct value v)
{
    switch (v.kind) {
    case V_BOOL:
    case V_STRING:
    case V_INT:
    case V_LONG:
    case V_DOUBLE:
    case V_METHOD:
    case V_XML:
        return methods[v.kind];
    default:
        return NULL;
    }
}

size_t member_count(struct value v)
{
    const struct method *table = iterated(v);
    size_t count = 0;

    while (table && table[count].name)
        count++;
    return count;
}

const char *member_name(struct value v, size_t i)
{
    return iterated(v)[i].name;
}
