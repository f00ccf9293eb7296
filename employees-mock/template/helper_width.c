/* The string helpers of Handlebars.java that fill, cut or wrap a text to a width. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/java_text.h"

enum { WIDTH_MAX = 1 << 20 };

/* ---- filling ---- */

struct padding {
    struct slice text;
    struct slice pad;
    int32_t size;
    size_t missing; /* units to add */
};

static bool padding(struct call *c, struct padding *ret)
{
    *ret = (struct padding){.pad = SLICE(" ")};
    if (value_is_null(call_hash(c, "size"))) {
        call_throw(c, "java.lang.NullPointerException: found 'null', expected 'size'");
        return false;
    }
    if (!call_hash_int(c, "size", &ret->size) || !call_hash_text(c, "pad", &ret->pad))
        return false;
    if (ret->size > WIDTH_MAX) {
        call_fail(c, ST_TOO_LARGE, "the size is more than allowed");
        return false;
    }
    ret->text = call_text(c, c->context);
    if (ret->pad.len == 0)
        ret->pad = SLICE(" ");
    if (ret->size > 0 && (size_t)ret->size > java_length(ret->text))
        ret->missing = (size_t)ret->size - java_length(ret->text);
    return true;
}

/* The pad repeated up to `units`. */
static void put_pad(struct buf *ret, struct slice pad, size_t units)
{
    size_t width = java_length(pad);

    for (; units >= width; units -= width)
        buf_put_slice(ret, pad);
    java_substring(pad, 0, units, ret);
}

/* Of what is missing, so many halves stand before the text. */
static struct value justify(struct call *c, size_t halves_before)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct padding p;
    struct value v;
    size_t before;

    if (call_falls_back(c, &v))
        return v;
    if (!padding(c, &p))
        return VALUE_NULL;
    before = p.missing * halves_before / 2;
    put_pad(&out, p.pad, before);
    buf_put_slice(&out, p.text);
    put_pad(&out, p.pad, p.missing - before);
    return call_string(c, &out);
}

static struct value run_center(struct call *c)
{
    return justify(c, 1);
}

static struct value run_ljust(struct call *c)
{
    return justify(c, 0);
}

static struct value run_rjust(struct call *c)
{
    return justify(c, 2);
}

/* ---- cutting and wrapping ---- */

static struct value run_abbreviate(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;
    int32_t width = 0;

    if (call_falls_back(c, &v))
        return v;
    if (value_is_null(call_param(c, 0)))
        return call_throw(c, "java.lang.NullPointerException: found 'null', expected 'width'");
    if (!call_param_int(c, 0, &width))
        return VALUE_NULL;
    if (width < 4)
        return call_throw(c, "java.lang.IllegalArgumentException: Minimum abbreviation width is 4");
    text = call_text(c, c->context);
    if (java_length(text) <= (size_t)width)
        return value_text(text);
    java_substring(text, 0, (size_t)width - 3, &out);
    buf_put_text(&out, "...");
    return call_string(c, &out);
}

static size_t last_blank(struct slice text, size_t from, size_t to)
{
    for (size_t i = to + 1; i-- > from;)
        if (i < text.len && text.data[i] == ' ')
            return i;
    return SIZE_MAX;
}

/* commons-lang's WordUtils.wrap, without breaking long words. */
static void wrap(struct slice text, size_t width, struct buf *ret)
{
    size_t at = 0;

    while (at < text.len) {
        size_t blank;

        if (text.data[at] == ' ') {
            at++;
            continue;
        }
        if (text.len - at <= width)
            break;
        blank = last_blank(text, at, at + width);
        if (blank == SIZE_MAX)
            blank = java_find(text, SLICE(" "), at + width);
        if (blank == SIZE_MAX)
            break;
        buf_put(ret, text.data + at, blank - at);
        buf_put_char(ret, '\n');
        at = blank + 1;
    }
    buf_put(ret, text.data + at, text.len - at);
}

static struct value run_word_wrap(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;
    int32_t width = 0;

    if (call_falls_back(c, &v))
        return v;
    if (value_is_null(call_param(c, 0)))
        return call_throw(c, "java.lang.NullPointerException: found 'null', expected 'length'");
    if (!call_param_int(c, 0, &width))
        return VALUE_NULL;
    wrap(call_text(c, c->context), width < 1 ? 1 : (size_t)width, &out);
    return call_string(c, &out);
}

const struct helper helpers_width[] = {
    {.name = "center", .run = run_center},      {.name = "ljust", .run = run_ljust},
    {.name = "rjust", .run = run_rjust},        {.name = "abbreviate", .run = run_abbreviate},
    {.name = "wordWrap", .run = run_word_wrap}, {.name = NULL},
};
