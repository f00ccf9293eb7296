#include "employees-mock/template/java_number.h"
#include "employees-mock/template/value_path_parts.h"

#include <ctype.h>

struct reader {
    struct arena *arena;
    struct slice text;
    size_t at;
};

static int peek(const struct reader *r)
{
    return r->at < r->text.len ? (unsigned char)r->text.data[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ')
        r->at++;
}

static bool read_name(struct reader *r, struct value_path_part *ret)
{
    size_t from = r->at;

    if (peek(r) == '*') {
        r->at++;
        ret->kind = VP_ALL;
        return true;
    }
    while (r->at < r->text.len && !strchr(".[( ", r->text.data[r->at]))
        r->at++;
    if (peek(r) == '(' || r->at == from)
        return false;
    ret->kind = VP_NAMES;
    ret->names[0] = (struct slice){r->text.data + from, r->at - from};
    ret->count = 1;
    return true;
}

static bool read_quoted(struct reader *r, struct slice *ret)
{
    char quote = r->text.data[r->at++];
    char *copy = arena_alloc(r->arena, r->text.len);
    size_t len = 0;

    while (copy && r->at < r->text.len && r->text.data[r->at] != quote) {
        if (r->text.data[r->at] == '\\' && r->at + 1 < r->text.len)
            r->at++;
        copy[len++] = r->text.data[r->at++];
    }
    if (!copy || peek(r) != quote)
        return false;
    r->at++;
    *ret = (struct slice){copy, len};
    return true;
}

static bool read_index(struct reader *r, int32_t *ret)
{
    size_t from = r->at;

    skip_blanks(r);
    from = r->at;
    r->at += peek(r) == '-';
    while (isdigit(peek(r)))
        r->at++;
    return java_parse_int((struct slice){r->text.data + from, r->at - from}, ret);
}

static bool read_names(struct reader *r, struct value_path_part *ret)
{
    ret->kind = VP_NAMES;
    for (;;) {
        skip_blanks(r);
        if (ret->count >= VALUE_PATH_CHOICES || (peek(r) != '\'' && peek(r) != '"') ||
            !read_quoted(r, &ret->names[ret->count]))
            return false;
        ret->count++;
        skip_blanks(r);
        if (peek(r) != ',')
            return true;
        r->at++;
    }
}

static bool read_range(struct reader *r, struct value_path_part *ret)
{
    ret->kind = VP_RANGE;
    r->at++; /* ':' */
    skip_blanks(r);
    ret->has_to = peek(r) != ']';
    return !ret->has_to || read_index(r, &ret->indexes[1]);
}

static bool read_indexes(struct reader *r, struct value_path_part *ret)
{
    if (peek(r) == ':')
        return read_range(r, ret);
    ret->kind = VP_INDEXES;
    for (;;) {
        if (ret->count >= VALUE_PATH_CHOICES || !read_index(r, &ret->indexes[ret->count]))
            return false;
        ret->count++;
        skip_blanks(r);
        if (peek(r) == ':' && ret->count == 1) {
            ret->has_from = true;
            return read_range(r, ret);
        }
        if (peek(r) != ',')
            return true;
        r->at++;
    }
}

/* The filter as it stands, up to the bracket that closes it. */
static bool read_filter(struct reader *r, size_t from, struct value_path_part *ret)
{
    int depth = 1;
    char quote = '\0';

    ret->kind = VP_FILTER;
    for (; r->at < r->text.len; r->at++) {
        char c = r->text.data[r->at];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"' || c == '/')
            quote = c;
        else
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (depth == 0)
            break;
    }
    ret->filter = (struct slice){r->text.data + from, r->at + 1 - from};
    return depth == 0;
}

static bool read_bracket(struct reader *r, struct value_path_part *ret)
{
    size_t from = r->at++;
    bool ok;

    skip_blanks(r);
    if (peek(r) == '?')
        ok = read_filter(r, from, ret);
    else if (peek(r) == '\'' || peek(r) == '"')
        ok = read_names(r, ret);
    else if (peek(r) == '*') {
        ret->kind = VP_ALL;
        r->at++;
        ok = true;
    } else
        ok = read_indexes(r, ret);
    skip_blanks(r);
    if (!ok || peek(r) != ']')
        return false;
    r->at++;
    return true;
}

static bool read_part(struct reader *r, struct value_path_part *ret)
{
    if (peek(r) == '[')
        return read_bracket(r, ret);
    if (peek(r) != '.')
        return false;
    r->at++;
    if (peek(r) == '.') {
        ret->scan = true;
        r->at++;
    }
    if (peek(r) == '[') /* "$.[0]" is "$[0]" */
        return read_bracket(r, ret);
    return read_name(r, ret);
}

/* A path that does not say where it begins, begins at the root. */
static struct slice from_root(struct arena *a, struct slice text)
{
    char *whole = arena_alloc(a, text.len + 2);

    if (!whole)
        return (struct slice){"", 0};
    memcpy(whole, "$.", 2);
    memcpy(whole + 2, text.data, text.len);
    return (struct slice){whole, text.len + 2};
}

enum status value_path_parse(struct arena *a, struct slice text, struct value_path **ret)
{
    struct value_path *p = arena_new(a, struct value_path);
    struct reader r = {a, slice_trim(text), 1};

    if (!p || r.text.len == 0)
        return p ? ST_BAD_INPUT : a->failed;
    if (r.text.data[0] != '$')
        r.text = from_root(a, r.text);
    if (r.text.len == 0)
        return a->failed;
    while (r.at < r.text.len) {
        struct value_path_part *part =
            p->count < VALUE_PATH_PARTS ? arena_new(a, struct value_path_part) : NULL;

        if (!part || !read_part(&r, part))
            return ST_BAD_INPUT;
        p->parts[p->count++] = part;
    }
    *ret = p;
    return ST_OK;
}
