/* What Java's toString() writes of each kind of value. */
#include "employees-mock/template/value.h"

#include "employees-mock/match/decimal.h"
#include "employees-mock/template/java_date.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/model.h"

static void write_list(struct value v, struct buf *ret)
{
    size_t count = value_size(v);

    buf_put_char(ret, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_text(ret, ", ");
        value_write(value_item(v, i), ret);
    }
    buf_put_char(ret, ']');
}

static void write_map(struct value v, struct buf *ret)
{
    size_t count = value_size(v);
    void *cursor = NULL;

    buf_put_char(ret, '{');
    for (size_t i = 0; i < count; i++) {
        struct value_entry e = value_entry_at(v, i, &cursor);

        if (i > 0)
            buf_put_text(ret, ", ");
        buf_put_slice(ret, e.name);
        buf_put_char(ret, '=');
        value_write(e.value, ret);
    }
    buf_put_char(ret, '}');
}

static void write_any_list(struct value v, struct buf *ret)
{
    if (v.style == STYLE_SINGLE) {
        if (value_size(v) > 0)
            value_write(value_item(v, 0), ret);
    } else if (v.kind == V_LIST && v.style == STYLE_PATH) {
        buf_put_slice(ret, v.list->text);
    } else if (v.style == STYLE_SMART || v.style == STYLE_DATA) {
        value_write_smart(v, ret);
    } else {
        write_list(v, ret);
    }
}

static void write_any_map(struct value v, struct buf *ret)
{
    if (v.style == STYLE_DATA || v.style == STYLE_DATA_PLAIN)
        value_write_json(v, FORM_WRITE, ret);
    else if (v.kind == V_MAP && v.style == STYLE_PATH)
        buf_put_slice(ret, v.map->text);
    else
        write_map(v, ret);
}

void value_write(struct value v, struct buf *ret)
{
    switch (v.kind) {
    case V_NULL:
        buf_put_text(ret, "null");
        break;
    case V_BOOL:
        buf_put_text(ret, v.truth ? "true" : "false");
        break;
    case V_INT:
    case V_LONG:
        buf_put_int(ret, v.integer, 1);
        break;
    case V_DOUBLE:
        java_double_write(v.real, ret);
        break;
    case V_DECIMAL:
        decimal_write_big(v.text, ret);
        break;
    case V_STRING:
    case V_METHOD:
        buf_put_slice(ret, v.text);
        break;
    case V_LIST:
        write_any_list(v, ret);
        break;
    case V_MAP:
        write_any_map(v, ret);
        break;
    case V_JSON:
        if (json_is_array(v.json))
            write_any_list(v, ret);
        else
            write_any_map(v, ret);
        break;
    case V_DATE:
        java_date_render(v.date, ret);
        break;
    case V_XML:
        buf_put_slice(ret, v.xml->xml);
        break;
    case V_PART:
        part_model_write(v.part, ret);
        break;
    default: /* the other beans have no toString() of their own: CLASS@HASH */
        buf_printf(ret, "%s@1", value_class(v));
        break;
    }
}

struct slice value_to_text(struct value v, struct arena *a)
{
    auto_buf struct buf text = BUF_INIT(a->max);

    if (v.kind == V_STRING || v.kind == V_METHOD)
        return v.text;
    value_write(v, &text);
    return arena_copy_buf(a, &text);
}
