/* What stands in brackets in a path: names, places, '*' and filters. */
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_path_reader.h"

#include <stdlib.h>

static bool is_next(const struct path_reader *r, size_t at, char c, size_t *ret)
{
    *ret = path_next_significant(r, at);
    return path_char_at(r, *ret) == c;
}

static size_t find_char(const struct path_reader *r, size_t from, char c)
{
    const char *found =
        from < r->text.len ? memchr(r->text.data + from, c, r->text.len - from) : NULL;

    return found ? (size_t)(found - r->text.data) : r->text.len;
}

static enum status add_index(struct path_reader *r, struct token *t, int index)
{
    int *indexes = realloc(t->indexes, (t->index_count + 1) * sizeof *indexes);

    if (!indexes)
        return fail_memory(r->why);
    t->indexes = indexes;
    t->indexes[t->index_count++] = index;
    return ST_OK;
}

/* ---- ['a', "b"] ---- */

void json_path_unescape(struct slice text, struct buf *ret)
{
    static const char names[] = "rftnb";
    static const char means[] = "\r\f\t\n\b";

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        const char *known;

        if (c != '\\' || i + 1 == text.len) {
            buf_put_char(ret, c);
            continue;
        }
        c = text.data[++i];
        known = c ? strchr(names, c) : NULL;
        if (c == 'u' && i + 4 < text.len) {
            char digits[5] = {0};

            memcpy(digits, text.data + i + 1, 4);
            charset_put(ret, (uint32_t)strtoul(digits, NULL, 16));
            i += 4;
        } else {
            buf_put_char(ret, known ? means[known - names] : c);
        }
    }
}

static enum status add_quoted_name(struct path_reader *r, struct token *t, size_t from, size_t to)
{
    auto_buf struct buf name = BUF_INIT(PATH_LENGTH_MAX * 4);

    json_path_unescape((struct slice){r->text.data + from, to - from}, &name);
    return path_add_name(r, t, buf_slice(&name));
}

static enum status read_names(struct path_reader *r, struct token *t, char quote, size_t *ret_end)
{
    size_t start = 0;
    size_t end = 0;
    bool inside = false;
    bool comma = false;
    size_t at;
    enum status st;

    for (at = r->at + 1; at < r->text.len; at++) {
        char c = r->text.data[at];

        if (c == '\\') {
            at++;
        } else if (c == ']' && !inside) {
            if (comma)
                return fail(r->why, ST_BAD_INPUT, "Found empty property at index %zu", at);
            break;
        } else if (c == quote && inside) {
            size_t next = path_next_significant(r, at);

            if (path_char_at(r, next) != ']' && path_char_at(r, next) != ',')
                return fail(r->why, ST_BAD_INPUT,
                            "Property must be separated by comma or Property must be terminated "
                            "close square bracket at index %zu",
                            at);
            end = at;
            inside = false;
            st = add_quoted_name(r, t, start, at);
            if (st != ST_OK)
                return st;
        } else if (c == quote) {
            start = at + 1;
            inside = true;
            comma = false;
        } else if (c == ',' && !inside) {
            if (comma)
                return fail(r->why, ST_BAD_INPUT, "Found empty property at index %zu", at);
            comma = true;
        }
    }
    if (inside)
        return fail(r->why, ST_BAD_INPUT, "Property has not been closed - missing closing %c",
                    quote);
    if (t->name_count == 0)
        return fail(r->why, ST_BAD_INPUT, "Empty properties");
    if (!is_next(r, end, ']', ret_end))
        return fail(r->why, ST_BAD_INPUT, "Property has not been closed - missing closing ]");
    return ST_OK;
}

enum status path_read_names(struct path_reader *r, bool *ret_more)
{
    char quote = path_char_at(r, path_next_significant(r, r->at));
    struct token *t;
    size_t end = 0;
    enum status st = path_append(r, TOKEN_PROPERTY, &t);

    if (st != ST_OK)
        return st;
    t->quote = quote;
    st = read_names(r, t, quote, &end);
    return st == ST_OK ? path_go_on(r, end + 1, ret_more) : st;
}

/* ---- [1], [1,2], [1:2] ---- */

static enum status read_int(struct path_reader *r, struct slice text, int *ret)
{
    char digits[16];
    char *end;
    long value;

    if (text.len == 0 || text.len >= sizeof digits)
        return fail(r->why, ST_BAD_INPUT, "Failed to parse token in ArrayIndexOperation: %.*s",
                    (int)(text.len < 50 ? text.len : 50), text.data);
    memcpy(digits, text.data, text.len);
    digits[text.len] = '\0';
    value = strtol(digits, &end, 10);
    if (*end || digits[0] == ' ' || value > INT32_MAX || value < INT32_MIN)
        return fail(r->why, ST_BAD_INPUT, "Failed to parse token in ArrayIndexOperation: %s",
                    digits);
    *ret = (int)value;
    return ST_OK;
}

static enum status read_indexes(struct path_reader *r, struct slice text)
{
    struct token *t;
    size_t at = 0;
    enum status st = path_append(r, TOKEN_INDEX, &t);

    while (st == ST_OK && at <= text.len) {
        const char *comma = at < text.len ? memchr(text.data + at, ',', text.len - at) : NULL;
        size_t end = comma ? (size_t)(comma - text.data) : text.len;
        int index;

        st = read_int(r, slice_trim((struct slice){text.data + at, end - at}), &index);
        if (st == ST_OK)
            st = add_index(r, t, index);
        at = end + 1;
    }
    return st;
}

static enum status read_slice(struct path_reader *r, struct slice text)
{
    const char *colon = memchr(text.data, ':', text.len);
    struct slice from = {text.data, (size_t)(colon - text.data)};
    struct slice to = {colon + 1, text.len - from.len - 1};
    const char *second = to.len > 0 ? memchr(to.data, ':', to.len) : NULL;
    struct token *t;
    int bounds[2] = {0, 0};
    enum status st = path_append(r, TOKEN_SLICE, &t);

    if (st != ST_OK)
        return st;
    if (second) /* a step counts for nothing */
        to.len = (size_t)(second - to.data);
    if (memchr(text.data, ' ', text.len) || memchr(text.data, ',', text.len) ||
        (from.len == 0 && to.len == 0))
        return fail(r->why, ST_BAD_INPUT, "Failed to parse SliceOperation: %.*s",
                    (int)(text.len < 50 ? text.len : 50), text.data);
    t->has_from = from.len > 0;
    t->has_to = to.len > 0;
    if (t->has_from)
        st = read_int(r, from, &bounds[0]);
    if (st == ST_OK && t->has_to)
        st = read_int(r, to, &bounds[1]);
    for (size_t i = 0; i < 2 && st == ST_OK; i++)
        st = add_index(r, t, bounds[i]);
    return st;
}

static bool is_array_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr("0123456789,-: ", text.data[i]))
            return false;
    }
    return true;
}

enum status path_read_array(struct path_reader *r, bool *ret_more)
{
    size_t end = find_char(r, r->at + 1, ']');
    struct slice text;
    enum status st;

    if (end == r->text.len)
        return path_expected_bracket(r);
    text = slice_trim((struct slice){r->text.data + r->at + 1, end - r->at - 1});
    if (!is_array_text(text))
        return path_expected_bracket(r);
    st = memchr(text.data, ':', text.len) ? read_slice(r, text) : read_indexes(r, text);
    return st == ST_OK ? path_go_on(r, end + 1, ret_more) : st;
}

/* ---- [*], [?(...)] ---- */

enum status path_read_wildcard(struct path_reader *r, bool *ret_more)
{
    struct token *t;
    size_t star = path_next_significant(r, r->at);
    size_t end = r->at;

    if (path_here(r) == '[' && !is_next(r, star, ']', &end))
        return fail(r->why, ST_BAD_INPUT, "Expected wildcard token to end with ']' on position %zu",
                    star + 1);
    if (path_append(r, TOKEN_WILDCARD, &t) != ST_OK)
        return ST_BAD_INPUT;
    return path_go_on(r, end + 1, ret_more);
}

/* The ')' that closes the '(' at `at`; texts in quotes and regular expressions are passed over. */
static bool find_closing(const struct path_reader *r, size_t at, size_t *ret)
{
    unsigned depth = 0;

    for (; at < r->text.len; at++) {
        char c = r->text.data[at];

        if (c == '\'' || c == '"' || c == '/') {
            for (at++; at < r->text.len && r->text.data[at] != c; at++)
                at += r->text.data[at] == '\\';
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            *ret = at;
            return true;
        }
    }
    return false;
}

enum status path_read_filter(struct path_reader *r, bool *ret_more)
{
    size_t question = path_next_significant(r, r->at);
    size_t open;
    size_t close;
    size_t end;
    struct token *t;
    enum status st;

    if (!is_next(r, question, '(', &open) || !find_closing(r, open, &close) ||
        !is_next(r, close, ']', &end))
        return path_expected_bracket(r);
    st = path_append(r, TOKEN_FILTER, &t);
    if (st == ST_OK)
        st = json_filter_compile((struct slice){r->text.data + r->at, end + 1 - r->at},
                                 r->nesting + 1, &t->filter, r->why);
    return st == ST_OK ? path_go_on(r, end + 1, ret_more) : st;
}
