#include "common/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 2048 }; /* as deep as jansson reads */

struct writer {
    struct buf *out;
    bool pretty;
    unsigned depth;
};

static void write_value(struct writer *w, const json_t *value);

static void write_text(struct buf *out, const char *text, size_t len)
{
    buf_put_json_string(out, (struct slice){text, len});
}

/* The fewest digits that read back as the same number; jansson would write 1.1 as
 * 1.1000000000000001. A point or exponent shows that it is no integer. */
static void write_real(struct buf *out, double value)
{
    char digits[32];
    int precision = 15;

    if (!isfinite(value)) { /* has no JSON form, and no reader makes one */
        out->failed = ST_INTERNAL;
        return;
    }
    do
        snprintf(digits, sizeof digits, "%.*g", precision, value);
    while (strtod(digits, NULL) != value && ++precision <= 17);
    buf_put_text(out, digits);
    if (!strpbrk(digits, ".e"))
        buf_put_text(out, ".0");
}

static void break_line(struct writer *w)
{
    if (!w->pretty)
        return;
    buf_put_char(w->out, '\n');
    for (unsigned i = 0; i < w->depth; i++)
        buf_put_text(w->out, "  ");
}

/* A container of ourselves would never end, so depth is a failure, not only a ceiling. */
static bool enter(struct writer *w)
{
    if (w->depth == DEPTH_MAX) {
        w->out->failed = ST_TOO_LARGE;
        return false;
    }
    w->depth++;
    return true;
}

static void leave(struct writer *w)
{
    w->depth--;
    break_line(w);
}

static void write_array(struct writer *w, const json_t *array)
{
    size_t count = json_array_size(array);

    buf_put_char(w->out, '[');
    if (count > 0 && enter(w)) {
        for (size_t i = 0; i < count && w->out->failed == ST_OK; i++) {
            buf_put_text(w->out, i > 0 ? "," : "");
            break_line(w);
            write_value(w, json_array_get(array, i));
        }
        leave(w);
    }
    buf_put_char(w->out, ']');
}

static void write_members(struct writer *w, json_t *object)
{
    void *at = json_object_iter(object);

    while (at && w->out->failed == ST_OK) {
        break_line(w);
        write_text(w->out, json_object_iter_key(at), json_object_iter_key_len(at));
        buf_put_text(w->out, w->pretty ? ": " : ":");
        write_value(w, json_object_iter_value(at));
        at = json_object_iter_next(object, at);
        buf_put_text(w->out, at ? "," : "");
    }
}

static void write_object(struct writer *w, const json_t *object)
{
    buf_put_char(w->out, '{');
    if (json_object_size(object) > 0 && enter(w)) {
        write_members(w, (json_t *)object); /* jansson's iterators take no const */
        leave(w);
    }
    buf_put_char(w->out, '}');
}

static void write_value(struct writer *w, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(w, value);
        break;
    case JSON_ARRAY:
        write_array(w, value);
        break;
    case JSON_STRING:
        write_text(w->out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        buf_printf(w->out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        write_real(w->out, json_real_value(value));
        break;
    case JSON_TRUE:
        buf_put_text(w->out, "true");
        break;
    case JSON_FALSE:
        buf_put_text(w->out, "false");
        break;
    case JSON_NULL:
        buf_put_text(w->out, "null");
        break;
    }
}

void json_write(const json_t *value, bool pretty, struct buf *ret)
{
    struct writer w = {.out = ret, .pretty = pretty};

    write_value(&w, value);
}
