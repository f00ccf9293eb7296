#include "employees-mock/template/form.h"

#include "common/hex.h"
#include "employees-mock/template/java_text.h"

#include <ctype.h>

static bool is_utf8(struct slice charset)
{
    return slice_equal_nocase(charset, SLICE("utf-8")) ||
           slice_equal_nocase(charset, SLICE("utf8"));
}

static bool is_ascii(struct slice charset)
{
    return slice_equal_nocase(charset, SLICE("us-ascii")) ||
           slice_equal_nocase(charset, SLICE("ascii"));
}

bool form_charset_known(struct slice charset)
{
    return is_utf8(charset) || is_ascii(charset) ||
           slice_equal_nocase(charset, SLICE("iso-8859-1")) ||
           slice_equal_nocase(charset, SLICE("latin1"));
}

static bool stays(unsigned char c)
{
    return c < 0x80 && (isalnum(c) || (c && strchr(".-*_", c)));
}

static void put_code(struct buf *ret, uint32_t byte)
{
    static const char digits[] = "0123456789ABCDEF";

    buf_put(ret, (char[]){'%', digits[byte >> 4], digits[byte & 15]}, 3);
}

void form_encode(struct slice text, struct slice charset, struct buf *ret)
{
    uint32_t most = is_ascii(charset) ? 0x7f : 0xff;
    bool utf8 = is_utf8(charset);
    size_t len;

    for (; text.len > 0; text.data += len, text.len -= len) {
        uint32_t code = java_code_at(text, &len);

        if (code < 0x80 && stays((unsigned char)code))
            buf_put_char(ret, (char)code);
        else if (code == ' ')
            buf_put_char(ret, '+');
        else if (utf8)
            for (size_t i = 0; i < len; i++)
                put_code(ret, (unsigned char)text.data[i]);
        else
            put_code(ret, code <= most ? code : '?');
    }
}

static void put_byte(unsigned byte, bool utf8, struct buf *ret)
{
    if (utf8)
        buf_put_char(ret, (char)byte);
    else
        java_put_code(byte, ret);
}

enum status form_decode(struct slice text, struct slice charset, struct buf *ret, struct why *why)
{
    bool utf8 = is_utf8(charset);

    for (size_t i = 0; i < text.len; i++) {
        int high;
        int low;

        if (text.data[i] == '+') {
            buf_put_char(ret, ' ');
            continue;
        }
        if (text.data[i] != '%') {
            buf_put_char(ret, text.data[i]);
            continue;
        }
        if (i + 2 >= text.len)
            return fail(why, ST_BAD_INPUT, "Incomplete trailing escape (%%) pattern");
        high = hex_digit(text.data[i + 1]);
        low = hex_digit(text.data[i + 2]);
        if (high < 0 || low < 0)
            return fail(why, ST_BAD_INPUT,
                        "Illegal hex characters in escape (%%) pattern - Error at index %d in: "
                        "\"%.2s\"",
                        high < 0 ? 0 : 1, text.data + i + 1);
        put_byte((unsigned)(high * 16 + low), utf8, ret);
        i += 2;
    }
    return ST_OK;
}

/* ---- fields ---- */

struct field {
    struct slice name;
    struct slice value;
};

/* The next field; false: there is none. Java's split("=") drops empty parts at the end. */
static bool next_field(struct slice *left, struct field *ret)
{
    const char *end = left->len ? memchr(left->data, '&', left->len) : NULL;
    struct slice part = {left->data, end ? (size_t)(end - left->data) : left->len};
    const char *equals;
    const char *second;

    if (left->len == 0)
        return false;
    left->data += part.len + (end != NULL);
    left->len -= part.len + (end != NULL);
    *ret = (struct field){0};
    equals = part.len ? memchr(part.data, '=', part.len) : NULL;
    if (!equals)
        return true;
    ret->name = (struct slice){part.data, (size_t)(equals - part.data)};
    ret->value = (struct slice){equals + 1, part.len - ret->name.len - 1};
    second = ret->value.len ? memchr(ret->value.data, '=', ret->value.len) : NULL;
    if (second) {
        size_t len = (size_t)(second - ret->value.data);
        bool more = false;

        for (const char *p = second; p < part.data + part.len; p++)
            more |= *p != '=';
        if (len == 0 && !more)
            ret->value.len = 0;
        else if (len == 0)
            ret->value = SLICE("");
        else
            ret->value.len = len;
        if (len == 0 && more)
            return true;
    }
    if (ret->value.len == 0)
        *ret = (struct field){0};
    return true;
}

static bool decoded(struct arena *a, struct slice text, struct slice charset, struct slice *ret,
                    struct why *why)
{
    auto_buf struct buf out = BUF_INIT(a->max);

    if (form_decode(text, charset, &out, why) != ST_OK)
        return false;
    *ret = arena_copy_buf(a, &out);
    return true;
}

/* One value more for a name. */
static bool add(struct arena *a, struct value_map *map, struct slice name, struct slice value)
{
    struct value_list *list;
    const struct value_list *before = NULL;
    size_t i = 0;

    while (i < map->count && !slice_equal(map->entries[i].name, name))
        i++;
    if (i < map->count)
        before = map->entries[i].value.list;
    list = value_new_list(a, before ? before->count + 1 : 1);
    if (!list)
        return false;
    if (before)
        memcpy(list->items, before->items, before->count * sizeof *list->items);
    list->items[list->count - 1] = value_text(value);
    map->entries[i] = (struct value_entry){name, value_of_list(list, STYLE_SINGLE)};
    map->count += i == map->count;
    return true;
}

enum { FIELDS_MAX = 2000 };

struct value_map *form_read(struct arena *a, struct slice text, bool decode, struct slice charset,
                            struct why *why)
{
    size_t most = 1;
    struct value_map *map;
    struct field f;

    for (size_t i = 0; i < text.len; i++)
        most += text.data[i] == '&';
    map = value_new_map(a, most < FIELDS_MAX ? most : FIELDS_MAX);
    if (!map)
        return NULL;
    map->count = 0;
    while (map->count < FIELDS_MAX && next_field(&text, &f)) {
        struct slice value = java_trim(f.value);

        if (!f.name.data || !f.value.data)
            continue;
        if (decode && !decoded(a, value, charset, &value, why))
            return NULL;
        if (!add(a, map, f.name, value))
            return NULL;
    }
    return map;
}
