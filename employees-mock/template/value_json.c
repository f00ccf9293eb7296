/* Values as JSON: Jackson's writer as WireMock configures it, and json-smart's. */
#include "employees-mock/template/value.h"

#include "common/utf8.h"
#include "employees-mock/match/decimal.h"

#include <math.h>
#include <stdlib.h>

struct writer {
    bool smart; /* json-smart; Jackson otherwise */
    bool pretty;
    bool nulls;
    bool plain;
    struct buf *ret;
    int depth;
};

static void write_value(struct writer *w, struct value v);

static bool has_short_form(unsigned char c, char *ret)
{
    static const char short_forms[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
        ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
    };

    if (c >= sizeof short_forms || !short_forms[c])
        return false;
    *ret = short_forms[c];
    return true;
}

/* json-smart also escapes '/', DEL to U+009F and U+2000 to U+20FF. */
static bool smart_escapes(uint32_t code)
{
    return (code >= 0x7f && code <= 0x9f) || (code >= 0x2000 && code <= 0x20ff);
}

/* How many bytes at the front are ASCII that both leave as it is. */
static size_t plain_run(struct slice text)
{
    size_t len = 0;

    while (len < text.len && text.data[len] >= ' ' && text.data[len] < 0x7f &&
           text.data[len] != '"' && text.data[len] != '\\' && text.data[len] != '/')
        len++;
    return len;
}

/* One code point, or a byte that is none; gives its length. */
static size_t write_code(struct writer *w, struct slice text)
{
    unsigned char c = (unsigned char)*text.data;
    uint32_t code = c;
    size_t len = c < 0x80 ? 1 : utf8_step(text, &code);
    char letter;

    if (len == 0)
        len = 1;
    if (has_short_form(c, &letter))
        buf_put(w->ret, (char[]){'\\', letter}, 2);
    else if (w->smart && c == '/')
        buf_put_text(w->ret, "\\/");
    else if (c < 0x20 || (w->smart && smart_escapes(code)))
        buf_printf(w->ret, "\\u%04X", (unsigned)code);
    else
        buf_put(w->ret, text.data, len);
    return len;
}

static void write_string(struct writer *w, struct slice text)
{
    buf_put_char(w->ret, '"');
    while (text.len > 0) {
        size_t len = plain_run(text);

        buf_put(w->ret, text.data, len);
        if (len == 0)
            len = write_code(w, text);
        text = slice_from(text, len);
    }
    buf_put_char(w->ret, '"');
}

static void write_number(struct writer *w, struct value v)
{
    if (v.kind == V_DOUBLE && !isfinite(v.real)) {
        if (w->smart)
            buf_put_text(w->ret, "null");
        else
            buf_put_text(w->ret, isnan(v.real) ? "\"NaN\""
                                 : v.real > 0  ? "\"Infinity\""
                                               : "\"-Infinity\"");
    } else if (v.kind == V_DECIMAL && w->plain) {
        decimal_write_plain(v.text, w->ret);
    } else {
        value_write(v, w->ret);
    }
}

static void new_line(struct writer *w)
{
    buf_put_char(w->ret, '\n');
    for (int i = 0; i < w->depth; i++)
        buf_put_text(w->ret, "  ");
}

static void write_list(struct writer *w, struct value v)
{
    size_t count = value_size(v);

    if (v.style == STYLE_SINGLE && count == 1 && !w->smart) {
        write_value(w, value_item(v, 0)); /* ListOrSingle's own serialiser */
        return;
    }
    buf_put_text(w->ret, w->pretty ? "[ " : "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_text(w->ret, w->pretty ? ", " : ",");
        write_value(w, value_item(v, i));
    }
    buf_put_text(w->ret, !w->pretty ? "]" : count > 0 ? " ]" : "]");
}

static void write_map(struct writer *w, struct value v)
{
    size_t count = value_size(v);
    void *cursor = NULL;
    size_t written = 0;

    buf_put_char(w->ret, '{');
    w->depth++;
    for (size_t i = 0; i < count; i++) {
        struct value_entry e = value_entry_at(v, i, &cursor);

        if (value_is_null(e.value) && !w->nulls)
            continue;
        if (written++ > 0)
            buf_put_char(w->ret, ',');
        if (w->pretty)
            new_line(w);
        write_string(w, e.name);
        buf_put_text(w->ret, w->pretty ? " : " : ":");
        write_value(w, e.value);
    }
    w->depth--;
    if (w->pretty && written > 0)
        new_line(w);
    buf_put_text(w->ret, w->pretty && written == 0 ? " }" : "}");
}

static void write_value(struct writer *w, struct value v)
{
    if (v.kind == V_NULL || v.kind == V_BOOL)
        value_write(v, w->ret);
    else if (value_is_number(v))
        write_number(w, v);
    else if (value_is_list(v))
        write_list(w, v);
    else if (value_is_map(v))
        write_map(w, v);
    else if (v.kind == V_STRING)
        write_string(w, v.text);
    else {
        auto_buf struct buf text = BUF_INIT(w->ret->max);

        value_write(v, &text);
        write_string(w, buf_slice(&text));
    }
}

void value_write_json(struct value v, unsigned form, struct buf *ret)
{
    struct writer w = {.pretty = form & FORM_PRETTY,
                       .nulls = form & FORM_NULLS,
                       .plain = form & FORM_PLAIN,
                       .ret = ret};

    write_value(&w, v);
}

void value_write_smart(struct value v, struct buf *ret)
{
    struct writer w = {.smart = true, .nulls = true, .ret = ret};

    write_value(&w, v);
}
