/* base64, urlEncode, formData, regexExtract, matches, trim. */
#include "employees-mock/template/helper.h"

#include "employees-mock/base64.h"
#include "employees-mock/match/regex.h"
#include "employees-mock/template/form.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/render.h"

/* The body of a block, else the first argument. False: it is null, which Java does not take. */
static bool subject(struct call *c, struct slice *ret)
{
    struct value model = call_has_no_context(c) ? call_model(c) : c->context;

    if (c->block) {
        struct buf *out;
        auto_buf struct buf text = CALL_BUF_INIT(c);

        out = call_redirect(c, &text);
        call_body_over(c, model);
        call_redirect(c, out);
        *ret = arena_copy_buf(call_arena(c), &text);
        return true;
    }
    if (value_is_null(c->context)) {
        call_throw_null(c, "Object.toString()", "context");
        return false;
    }
    *ret = call_text(c, c->context);
    return true;
}

static bool is_true(struct value v)
{
    return v.kind == V_BOOL && v.truth;
}

static struct value run_trim(struct call *c)
{
    struct slice text;

    return subject(c, &text) ? value_text(java_trim(text)) : VALUE_NULL;
}

/* ---- base64 ---- */

static struct value decode_base64(struct call *c, struct slice text)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct why why;

    if (base64_decode(text, &out, &why) != ST_OK)
        return call_throw(c, "java.lang.IllegalArgumentException: %s", why.text);
    return call_string(c, &out);
}

static struct value run_base64(struct call *c)
{
    struct value padding = call_hash(c, "padding");
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;

    if (!subject(c, &text))
        return VALUE_NULL;
    if (is_true(call_hash(c, "decode")))
        return decode_base64(c, text);
    base64_encode(text, &out);
    while (!value_is_null(padding) && !is_true(padding) && out.len > 0 &&
           out.data[out.len - 1] == '=')
        out.len--;
    return call_string(c, &out);
}

/* ---- urlEncode, formData ---- */

/* Only UTF-8 and what it holds are provided. */
static bool is_known_charset(struct call *c, const char *name)
{
    struct value v = call_hash(c, name);
    struct slice text;

    if (value_is_null(v))
        return true;
    text = call_text(c, v);
    if (form_charset_known(text))
        return true;
    call_throw(c, "java.io.IOException: java.io.UnsupportedEncodingException: %.*s", SHOW(text));
    return false;
}

static struct slice charset_of(struct call *c)
{
    struct value v = call_hash(c, "encoding");

    return value_is_null(v) ? SLICE("utf-8") : call_text(c, v);
}

static struct value run_url_encode(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct slice text;
    struct why why;

    if (value_is_null(c->context))
        return call_throw_null(c, "Object.toString()", "context");
    if (!is_known_charset(c, "encoding"))
        return VALUE_NULL;
    text = call_text(c, c->context);
    if (!is_true(call_hash(c, "decode")))
        form_encode(text, charset_of(c), &out);
    else if (form_decode(text, charset_of(c), &out, &why) != ST_OK)
        return call_throw(c, "java.lang.IllegalArgumentException: URLDecoder: %s", why.text);
    return call_string(c, &out);
}

static struct value run_form_data(struct call *c)
{
    struct value name = call_param(c, 0);
    struct value_map *map;
    struct why why;

    if (value_is_null(c->context))
        return call_throw_null(c, "Object.toString()", "context");
    if (!is_known_charset(c, "encoding"))
        return VALUE_NULL;
    map = form_read(call_arena(c), call_text(c, c->context), is_true(call_hash(c, "urlDecode")),
                    charset_of(c), &why);
    if (!map && call_arena(c)->failed == ST_OK)
        return call_throw(c, "java.lang.IllegalArgumentException: URLDecoder: %s", why.text);
    if (c->param_count == 0)
        return value_of_map(map, STYLE_PLAIN);
    if (name.kind != V_STRING && !value_is_null(name))
        return call_throw_cast(c, name, "java.lang.String");
    call_assign(c, call_text(c, name), value_of_map(map, STYLE_PLAIN));
    return VALUE_NULL;
}

/* ---- regular expressions ---- */

static const struct prepared *pattern(struct call *c, struct slice text)
{
    return call_prepared(c, PREPARED_REGEX, 1, NULL, text);
}

/* All groups of all matches. The list of the matches so far grows in the arena. */
static bool collect(struct call *c, const struct regex *re, struct slice text,
                    struct value_list *ret)
{
    size_t room = 0;
    size_t from = 0;
    struct regex_found found;
    bool there = false;

    while (from <= text.len && call_go_on(c)) {
        if (regex_find(re, text, from, &found, &there, NULL) != ST_OK)
            return false;
        if (!there)
            break;
        for (size_t i = 1; i < found.count; i++) {
            if (ret->count == room) {
                struct value *larger;

                room = room ? room * 2 : 8;
                larger = arena_array(call_arena(c), room, sizeof *larger);
                if (!larger)
                    return false;
                if (ret->count > 0)
                    memcpy(larger, ret->items, ret->count * sizeof *larger);
                ret->items = larger;
            }
            ret->items[ret->count++] =
                found.groups[i].data ? value_text(found.groups[i]) : VALUE_NULL;
        }
        from = (size_t)(found.groups[0].data - text.data) + found.groups[0].len;
        from += found.groups[0].len == 0;
    }
    return true;
}

static struct value nothing_matched(struct call *c, struct slice regex)
{
    struct value v = call_hash(c, "default");

    return value_is_null(v) ? call_error(c, "Nothing matched %.*s", SHOW(regex)) : v;
}

static struct value extract_all(struct call *c, const struct regex *re, struct slice text,
                                struct slice regex)
{
    struct value name = call_param(c, 1);
    struct value_list *groups = value_new_list(call_arena(c), 0);

    if (!groups)
        return VALUE_NULL;
    if (!collect(c, re, text, groups))
        return call_fail(c, ST_TIMEOUT, "the regular expression asks for too much work");
    if (groups->count == 0)
        return nothing_matched(c, regex);
    if (name.kind != V_STRING)
        return call_throw_cast(c, name, "java.lang.String");
    call_assign(c, name.text, value_of_list(groups, STYLE_SINGLE));
    return VALUE_NULL;
}

static struct value run_regex_extract(struct call *c)
{
    struct value regex = call_param(c, 0);
    struct regex_found found;
    const struct prepared *p;
    struct slice text;
    bool there = false;

    if (c->param_count == 0)
        return call_throw(c, "java.lang.ArrayIndexOutOfBoundsException: Index 0 out of bounds for "
                             "length 0");
    if (value_is_null(regex))
        return call_throw_null(c, "String.isEmpty()", "this.pattern");
    if (regex.kind != V_STRING)
        return call_throw_cast(c, regex, "java.lang.String");
    p = pattern(c, regex.text);
    if (!p || p->status != ST_OK)
        return call_error(c, "Invalid regex string %.*s", SHOW(regex.text));
    if (value_is_null(c->context))
        return call_throw_null(c, "Object.toString()", "context");
    text = call_text(c, c->context);
    if (c->param_count > 1)
        return extract_all(c, p->regex, text, regex.text);
    if (regex_find(p->regex, text, 0, &found, &there, NULL) != ST_OK)
        return call_fail(c, ST_TIMEOUT, "the regular expression asks for too much work");
    return there ? value_text(found.groups[0]) : nothing_matched(c, regex.text);
}

static struct value run_matches(struct call *c)
{
    struct value regex = call_param(c, 0);
    const struct prepared *p;
    bool matches = false;

    if (c->param_count == 0)
        return call_error(c,
                          "You must specify the string to be matched and the regular expression");
    if (value_is_null(c->context))
        return call_throw_null(c, "Object.toString()", "context");
    if (value_is_null(regex))
        return call_throw_null(c, "String.isEmpty()", "this.pattern");
    if (regex.kind != V_STRING)
        return call_throw_cast(c, regex, "java.lang.String");
    p = pattern(c, regex.text);
    if (!p || p->status != ST_OK)
        return call_throw(c, "java.util.regex.PatternSyntaxException: %s",
                          p ? p->why.text : "out of memory");
    if (regex_matches(p->regex, call_text(c, c->context), &matches, NULL) != ST_OK)
        return call_fail(c, ST_TIMEOUT, "the regular expression asks for too much work");
    if (!c->block)
        return value_bool(matches);
    if (matches)
        call_body(c);
    return VALUE_NULL;
}

const struct helper helpers_text[] = {
    {.name = "trim", .run = run_trim},
    {.name = "base64", .run = run_base64},
    {.name = "urlEncode", .run = run_url_encode},
    {.name = "formData", .run = run_form_data},
    {.name = "regexExtract", .run = run_regex_extract, .prepares = {{PREPARED_REGEX, 1, NULL}}},
    {.name = "matches", .run = run_matches, .prepares = {{PREPARED_REGEX, 1, NULL}}},
    {.name = NULL},
};
