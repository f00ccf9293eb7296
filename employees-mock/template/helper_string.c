/* The string helpers of Handlebars.java (StringHelpers) but for those about width and format. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/java_text.h"
#include "employees-mock/template/request_path.h"

/* ---- cases ---- */

static struct value run_lower(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;

    if (call_falls_back(c, &v))
        return v;
    java_lower(call_text(c, c->context), &out);
    return call_string(c, &out);
}

static struct value run_upper(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;

    if (call_falls_back(c, &v))
        return v;
    java_upper(call_text(c, c->context), &out);
    return call_string(c, &out);
}

static struct value run_capitalize_first(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;
    size_t len;

    if (call_falls_back(c, &v))
        return v;
    text = call_text(c, c->context);
    if (text.len > 0) {
        java_put_code(java_code_upper(java_code_at(text, &len)), &out);
        buf_put_slice(&out, slice_from(text, len));
    }
    return call_string(c, &out);
}

/* The letter behind a blank is made large; fully: all others small. */
static struct value run_capitalize(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;
    bool fully = false;
    bool first = true;
    size_t len;

    if (call_falls_back(c, &v))
        return v;
    if (!call_hash_bool(c, "fully", &fully))
        return VALUE_NULL;
    for (text = call_text(c, c->context); text.len > 0; text = slice_from(text, len)) {
        uint32_t code = java_code_at(text, &len);
        bool blank = code == ' ';

        if (first && !blank)
            code = java_code_upper(code);
        else if (fully)
            code = java_code_lower(code);
        java_put_code(code, &out);
        first = blank;
    }
    return call_string(c, &out);
}

/* ---- cutting ---- */

static struct value run_cut(struct call *c)
{
    struct slice strip = SLICE(" ");
    auto_buf struct buf out = CALL_BUF_INIT(c);

    if (value_is_falsy(c->context))
        return value_text(SLICE(""));
    if (!call_param_text(c, 0, &strip))
        return VALUE_NULL;
    java_replace(call_text(c, c->context), strip, SLICE(""), &out);
    return call_string(c, &out);
}

static struct value run_replace(struct call *c)
{
    struct slice target = {0};
    struct slice with = {0};
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;

    if (call_falls_back(c, &v))
        return v;
    if (!call_param_text(c, 0, &target) || !call_param_text(c, 1, &with))
        return VALUE_NULL;
    if (!target.data || !with.data)
        return call_throw_null(c, "java.lang.CharSequence.toString()",
                               target.data ? "replacement" : "target");
    java_replace(call_text(c, c->context), target, with, &out);
    return call_string(c, &out);
}

static struct value run_substring(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;
    int32_t length;
    int32_t start = 0;
    int32_t end;

    if (call_falls_back(c, &v))
        return v;
    if (c->param_count == 0)
        return call_throw(c, "java.lang.IndexOutOfBoundsException: Required start offset: ");
    text = call_text(c, c->context);
    length = (int32_t)java_length(text);
    end = length;
    if (!call_param_int(c, 0, &start) || !call_param_int(c, 1, &end))
        return VALUE_NULL;
    if (value_is_null(c->params[0]))
        return call_throw_null(c, "java.lang.Integer.intValue()", "start");
    if (start < 0 || end > length || start > end)
        return call_throw(c,
                          "java.lang.StringIndexOutOfBoundsException: begin %d, end %d, length %d",
                          start, end, length);
    java_substring(text, (size_t)start, (size_t)end, &out);
    return call_string(c, &out);
}

static struct value run_strip_tags(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;

    if (call_falls_back(c, &v))
        return v;
    text = call_text(c, c->context);
    while (text.len > 0) {
        size_t open = java_find(text, SLICE("<"), 0);
        size_t close = open == SIZE_MAX ? SIZE_MAX : java_find(text, SLICE(">"), open);

        if (close == SIZE_MAX)
            break;
        buf_put(&out, text.data, open);
        text = slice_from(text, close + 1);
    }
    buf_put_slice(&out, text);
    return call_string(c, &out);
}

static struct value run_slugify(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct value v;
    size_t len;

    if (call_falls_back(c, &v))
        return v;
    for (text = java_strip(call_text(c, c->context)); text.len > 0; text = slice_from(text, len)) {
        uint32_t code = java_code_at(text, &len);

        if (code <= 0xffff && java_is_letter(code))
            java_put_code(java_code_lower(code), &out);
        if (java_is_whitespace(code))
            buf_put_char(&out, '-');
    }
    return call_string(c, &out);
}

/* ---- choosing and joining ---- */

static struct value run_default_if_empty(struct call *c)
{
    struct value v = call_param(c, 0);

    if (!value_is_falsy(c->context))
        return value_text(call_text(c, c->context));
    return value_is_null(v) ? value_text(SLICE("")) : v;
}

static struct value run_yesno(struct call *c)
{
    const char *name = "maybe";
    struct value v;

    if (!value_is_null(c->context) && c->context.kind != V_BOOL) {
        struct slice text = call_text(c, c->context);

        return call_throw(c, "java.lang.IllegalArgumentException: found '%.*s', expected 'boolean'",
                          SHOW(text));
    }
    if (c->context.kind == V_BOOL)
        name = c->context.truth ? "yes" : "no";
    v = call_hash(c, name);
    return value_is_null(v) ? value_text(slice_of(name)) : v;
}

static struct value separator(struct call *c)
{
    size_t last = c->param_count - 1;
    struct value v = c->param_count > 0 ? c->params[last] : VALUE_NULL;

    if (value_is_null(v)) {
        call_throw(c,
                   "java.lang.NullPointerException: found 'null', expected 'separator' at "
                   "param[%d]",
                   (int)c->param_count - 1);
    } else if (v.kind != V_STRING) {
        struct slice text = call_text(c, v);

        call_throw(c,
                   "java.lang.IllegalArgumentException: found '%.*s', expected 'separator' at "
                   "param[%zu]",
                   SHOW(text), last);
        v = VALUE_NULL;
    }
    return v;
}

/* StringUtils.join: null is nothing. */
static void put_item(struct buf *ret, struct value item)
{
    if (!value_is_null(item))
        value_write(item, ret);
}

static struct value run_join(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice prefix = SLICE("");
    struct slice suffix = SLICE("");
    struct value between;
    struct value items = request_path_iterated(call_arena(c), c->context);
    bool list = value_is_list(items);
    size_t count;

    if (value_is_falsy(c->context))
        return value_text(SLICE(""));
    between = separator(c);
    if (value_is_null(between) || !call_hash_text(c, "prefix", &prefix) ||
        !call_hash_text(c, "suffix", &suffix))
        return VALUE_NULL;
    count = list ? value_size(items) : c->param_count;
    buf_put_slice(&out, prefix);
    for (size_t i = 0; i < count && call_go_on(c); i++) {
        if (i > 0)
            buf_put_slice(&out, between.text);
        put_item(&out, list ? value_item(items, i) : i > 0 ? c->params[i - 1] : c->context);
    }
    buf_put_slice(&out, suffix);
    return call_string(c, &out);
}

const struct helper helpers_string[] = {
    {.name = "lower", .run = run_lower},
    {.name = "upper", .run = run_upper},
    {.name = "capitalizeFirst", .run = run_capitalize_first},
    {.name = "capitalize", .run = run_capitalize},
    {.name = "cut", .run = run_cut},
    {.name = "replace", .run = run_replace},
    {.name = "substring", .run = run_substring},
    {.name = "stripTags", .run = run_strip_tags},
    {.name = "slugify", .run = run_slugify},
    {.name = "defaultIfEmpty", .run = run_default_if_empty},
    {.name = "yesno", .run = run_yesno},
    {.name = "join", .run = run_join},
    {.name = NULL},
};
