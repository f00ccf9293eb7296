#include "employees-mock/match/json_smart.h"

#include "common/buf.h"
#include "employees-mock/match/json_loose.h"

/* json-smart's way to write text: as JSON, with '/' and some more escaped. */
static void put_smart_text(struct slice text, struct buf *ret)
{
    auto_buf struct buf escaped = BUF_INIT(64 << 20);

    buf_put_json_string(&escaped, text);
    for (size_t i = 0; i < escaped.len; i++) {
        if (escaped.data[i] == '/')
            buf_put_char(ret, '\\');
        buf_put_char(ret, escaped.data[i]);
    }
}

/* json-smart's JSONArray.toString(). */
static void put_smart_json(const json_t *value, struct buf *ret)
{
    const char *between = "";
    const char *name;
    json_t *child;
    size_t i;

    if (json_is_string(value)) {
        put_smart_text((struct slice){json_string_value(value), json_string_length(value)}, ret);
    } else if (json_loose_is_number(value)) {
        json_loose_write_number(value, ret);
    } else if (json_is_array(value)) {
        buf_put_char(ret, '[');
        json_array_foreach (value, i, child) {
            buf_put_text(ret, i > 0 ? "," : "");
            put_smart_json(child, ret);
        }
        buf_put_char(ret, ']');
    } else if (json_is_object(value)) {
        buf_put_char(ret, '{');
        json_object_foreach ((json_t *)value, name, child) {
            buf_put_text(ret, between);
            between = ",";
            put_smart_text(slice_of(name), ret);
            buf_put_char(ret, ':');
            put_smart_json(child, ret);
        }
        buf_put_char(ret, '}');
    } else {
        json_loose_write(value, JSON_LOOSE_COMPACT, ret);
    }
}

/* A value as Java's toString() gives it: {a=1, b=text} for an object. */
void json_smart_put_java(const json_t *value, struct buf *ret)
{
    const char *between = "";
    const char *name;
    json_t *child;

    if (json_is_string(value)) {
        buf_put(ret, json_string_value(value), json_string_length(value));
    } else if (json_loose_kind(value) != JSON_KIND_OBJECT) {
        put_smart_json(value, ret);
    } else {
        buf_put_char(ret, '{');
        json_object_foreach ((json_t *)value, name, child) {
            buf_put_text(ret, between);
            between = ", ";
            buf_printf(ret, "%s=", name);
            json_smart_put_java(child, ret);
        }
        buf_put_char(ret, '}');
    }
}
