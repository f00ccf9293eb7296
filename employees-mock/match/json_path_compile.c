/* Reading a path, place for place as Jayway's compiler does, for its leniencies are known to
 * users: what follows the last complete token on the last character is not looked at. */
#include "common/json.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_tokens.h"

#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct slice text;
    size_t at;
    unsigned nesting;
    struct json_path *path;
    struct token *last;
    struct why *why;
};

static void free_token(struct token *t)
{
    for (size_t i = 0; i < t->name_count; i++)
        free(t->names[i]);
    free(t->names);
    free(t->indexes);
    json_filter_free(t->filter);
    for (size_t i = 0; i < t->argument_count; i++) {
        json_path_free(t->arguments[i].path);
        json_decref(t->arguments[i].value);
    }
    free(t->arguments);
    free(t);
}

void json_path_free(struct json_path *p)
{
    if (!p)
        return;
    while (p->root) {
        struct token *next = p->root->next;

        free_token(p->root);
        p->root = next;
    }
    free(p);
}

/* ---- characters ---- */

static char char_at(const struct reader *r, size_t at)
{
    return at < r->text.len ? r->text.data[at] : '\0';
}

static char here(const struct reader *r)
{
    return char_at(r, r->at);
}

static bool is_tail(const struct reader *r)
{
    return r->at + 1 >= r->text.len;
}

/* The place of the next character behind `at` that is no blank. */
static size_t next_significant(const struct reader *r, size_t at)
{
    at++;
    while (at < r->text.len && r->text.data[at] == ' ')
        at++;
    return at;
}

static bool is_next(const struct reader *r, size_t at, char c, size_t *ret)
{
    *ret = next_significant(r, at);
    return char_at(r, *ret) == c;
}

static size_t find_char(const struct reader *r, size_t from, char c)
{
    const char *found =
        from < r->text.len ? memchr(r->text.data + from, c, r->text.len - from) : NULL;

    return found ? (size_t)(found - r->text.data) : r->text.len;
}

/* ---- tokens ---- */

static bool is_definite(const struct token *t)
{
    switch (t->kind) {
    case TOKEN_ROOT:
    case TOKEN_FUNCTION:
        return true;
    case TOKEN_PROPERTY:
        return t->name_count == 1 || !t->next;
    case TOKEN_INDEX:
        return t->index_count == 1;
    default:
        return false;
    }
}

static enum status append(struct reader *r, enum token_kind kind, struct token **ret)
{
    struct token *t;

    if (r->path->token_count >= PATH_TOKENS_MAX)
        return fail(r->why, ST_BAD_INPUT, "the path has more than %d parts", PATH_TOKENS_MAX);
    t = calloc(1, sizeof *t);
    if (!t)
        return fail_memory(r->why);
    t->kind = kind;
    t->number = r->path->token_count++;
    if (r->last)
        r->last->next = t;
    else
        r->path->root = t;
    r->last = t;
    *ret = t;
    return ST_OK;
}

static enum status add_name(struct reader *r, struct token *t, struct slice name)
{
    char **names = realloc(t->names, (t->name_count + 1) * sizeof *names);

    if (!names)
        return fail_memory(r->why);
    t->names = names;
    t->names[t->name_count] = slice_dup(name);
    if (!t->names[t->name_count])
        return fail_memory(r->why);
    t->name_count++;
    return ST_OK;
}

static enum status add_index(struct reader *r, struct token *t, int index)
{
    int *indexes = realloc(t->indexes, (t->index_count + 1) * sizeof *indexes);

    if (!indexes)
        return fail_memory(r->why);
    t->indexes = indexes;
    t->indexes[t->index_count++] = index;
    return ST_OK;
}

static enum status could_not_parse(struct reader *r)
{
    return fail(r->why, ST_BAD_INPUT, "Could not parse token starting at position %zu", r->at);
}

/* Behind `at` the next token begins, unless the path ends there. */
static enum status go_on(struct reader *r, size_t at, bool *ret_more)
{
    r->at = at;
    *ret_more = !is_tail(r);
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

static enum status add_quoted_name(struct reader *r, struct token *t, size_t from, size_t to)
{
    auto_buf struct buf name = BUF_INIT(PATH_LENGTH_MAX * 4);

    json_path_unescape((struct slice){r->text.data + from, to - from}, &name);
    return add_name(r, t, buf_slice(&name));
}

static enum status read_names(struct reader *r, struct token *t, char quote, size_t *ret_end)
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
            size_t next = next_significant(r, at);

            if (char_at(r, next) != ']' && char_at(r, next) != ',')
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

static enum status read_bracket_property(struct reader *r, bool *ret_more)
{
    char quote = char_at(r, next_significant(r, r->at));
    struct token *t;
    size_t end = 0;
    enum status st = append(r, TOKEN_PROPERTY, &t);

    if (st != ST_OK)
        return st;
    t->quote = quote;
    st = read_names(r, t, quote, &end);
    return st == ST_OK ? go_on(r, end + 1, ret_more) : st;
}

/* ---- [1], [1,2], [1:2] ---- */

static enum status read_int(struct reader *r, struct slice text, int *ret)
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

static enum status read_indexes(struct reader *r, struct slice text)
{
    struct token *t;
    size_t at = 0;
    enum status st = append(r, TOKEN_INDEX, &t);

    while (st == ST_OK && at <= text.len) {
        const char *comma = at < text.len ? memchr(text.data + at, ',', text.len - at) : NULL;
        size_t end = comma ? (size_t)(comma - text.data) : text.len;
        int index;

        st = read_int(r, (struct slice){text.data + at, end - at}, &index);
        if (st == ST_OK)
            st = add_index(r, t, index);
        at = end + 1;
    }
    return st;
}

static enum status read_slice(struct reader *r, struct slice text)
{
    const char *colon = memchr(text.data, ':', text.len);
    struct slice from = {text.data, (size_t)(colon - text.data)};
    struct slice to = {colon + 1, text.len - from.len - 1};
    const char *second = to.len > 0 ? memchr(to.data, ':', to.len) : NULL;
    struct token *t;
    int bounds[2] = {0, 0};
    enum status st = append(r, TOKEN_SLICE, &t);

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

static enum status read_array(struct reader *r, bool *ret_more)
{
    size_t end = find_char(r, r->at + 1, ']');
    struct slice text;
    enum status st;

    if (end == r->text.len)
        return could_not_parse(r);
    text = slice_trim((struct slice){r->text.data + r->at + 1, end - r->at - 1});
    if (!is_array_text(text))
        return could_not_parse(r);
    st = memchr(text.data, ':', text.len) ? read_slice(r, text) : read_indexes(r, text);
    return st == ST_OK ? go_on(r, end + 1, ret_more) : st;
}

/* ---- [*], [?(...)] ---- */

static enum status read_wildcard(struct reader *r, bool *ret_more)
{
    struct token *t;
    size_t star = next_significant(r, r->at);
    size_t end = r->at;

    if (here(r) == '[' && !is_next(r, star, ']', &end))
        return fail(r->why, ST_BAD_INPUT, "Expected wildcard token to end with ']' on position %zu",
                    star + 1);
    if (append(r, TOKEN_WILDCARD, &t) != ST_OK)
        return ST_BAD_INPUT;
    return go_on(r, end + 1, ret_more);
}

/* The ')' that closes the '(' at `at`; texts in quotes and regular expressions are passed over. */
static bool find_closing(const struct reader *r, size_t at, size_t *ret)
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

static enum status read_filter(struct reader *r, bool *ret_more)
{
    size_t question = next_significant(r, r->at);
    size_t open;
    size_t close;
    size_t end;
    struct token *t;
    enum status st;

    if (!is_next(r, question, '(', &open) || !find_closing(r, open, &close) ||
        !is_next(r, close, ']', &end))
        return could_not_parse(r);
    st = append(r, TOKEN_FILTER, &t);
    if (st == ST_OK)
        st = json_filter_compile((struct slice){r->text.data + r->at, end + 1 - r->at},
                                 r->nesting + 1, &t->filter, r->why);
    return st == ST_OK ? go_on(r, end + 1, ret_more) : st;
}

/* ---- functions ---- */

static enum status add_argument(struct reader *r, struct token *t, struct slice text)
{
    struct argument *arguments = realloc(t->arguments, (t->argument_count + 1) * sizeof *arguments);
    struct argument *a;

    if (!arguments)
        return fail_memory(r->why);
    t->arguments = arguments;
    a = &t->arguments[t->argument_count++];
    *a = (struct argument){0};
    if (text.data[0] == '$' || text.data[0] == '@')
        return json_path_compile_nested(text, r->nesting + 1, &a->path, r->why);
    return json_loose_read_permissive(text, &a->value, r->why);
}

/* From behind the '(' to behind its ')'. */
static enum status read_arguments(struct reader *r, struct token *t)
{
    size_t from = r->at;
    int depth = 1;
    bool quoted = false;

    for (; r->at < r->text.len; r->at++) {
        char c = here(r);
        struct slice text;

        if (c == '"' && char_at(r, r->at - 1) != '\\')
            quoted = !quoted;
        if (quoted)
            continue;
        depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
        if (!(depth == 0 || (depth == 1 && c == ',')))
            continue;
        text = slice_trim((struct slice){r->text.data + from, r->at - from});
        from = r->at + 1;
        if (text.len > 0 && strchr("$@{\"-0123456789", text.data[0])) {
            enum status st = add_argument(r, t, text);

            if (st != ST_OK)
                return st;
        }
        if (depth == 0) {
            r->at++;
            return ST_OK;
        }
    }
    return fail(r->why, ST_BAD_INPUT, "Arguments to function: '%s' are not closed properly.",
                t->names[0]);
}

static enum status read_function(struct reader *r, size_t open, bool *ret_more)
{
    struct token *t;
    enum status st = append(r, TOKEN_FUNCTION, &t);

    if (st == ST_OK)
        st = add_name(r, t, (struct slice){r->text.data + r->at, open - r->at});
    if (st != ST_OK)
        return st;
    if (char_at(r, open + 1) == ')')
        return go_on(r, open + 1, ret_more);
    r->at = open + 1;
    st = read_arguments(r, t);
    return st == ST_OK ? go_on(r, r->at, ret_more) : st;
}

/* name or name(...), up to '.', '[' or the end. */
static enum status read_dotted(struct reader *r, bool *ret_more)
{
    size_t end = r->at;
    struct token *t;
    enum status st;

    if (here(r) == ' ' || here(r) == '.' || r->at >= r->text.len)
        return could_not_parse(r);
    while (end < r->text.len && !strchr(".[(", r->text.data[end])) {
        if (r->text.data[end] == ' ')
            return fail(r->why, ST_BAD_INPUT,
                        "Use bracket notion ['my prop'] if your property contains blank "
                        "characters. position: %zu",
                        r->at);
        end++;
    }
    if (char_at(r, end) == '(')
        return read_function(r, end, ret_more);
    st = append(r, TOKEN_PROPERTY, &t);
    if (st == ST_OK)
        st = add_name(r, t, (struct slice){r->text.data + r->at, end - r->at});
    if (st != ST_OK)
        return st;
    t->quote = '\'';
    return go_on(r, end, ret_more);
}

/* ---- the whole ---- */

static enum status read_bracket(struct reader *r, bool *ret_more)
{
    char c = char_at(r, next_significant(r, r->at));

    if (c == '\'' || c == '"')
        return read_bracket_property(r, ret_more);
    if (c == '*')
        return read_wildcard(r, ret_more);
    if (c == '?')
        return read_filter(r, ret_more);
    if (c && strchr("0123456789-:", c))
        return read_array(r, ret_more);
    return fail(r->why, ST_BAD_INPUT,
                "Could not parse token starting at position %zu. Expected ?, ', 0-9, * ", r->at);
}

static enum status read_dots(struct reader *r)
{
    struct token *t;

    if (char_at(r, r->at + 1) != '.') {
        r->at++;
        return ST_OK;
    }
    r->at += 2;
    if (here(r) == '.')
        return fail(r->why, ST_BAD_INPUT, "Character '.' on position %zu is not valid.", r->at);
    return append(r, TOKEN_SCAN, &t);
}

static enum status read_tokens(struct reader *r)
{
    bool more = true;
    enum status st = ST_OK;

    while (more && st == ST_OK) {
        if (here(r) == '.')
            st = read_dots(r);
        if (st != ST_OK)
            break;
        if (here(r) == '[')
            st = read_bracket(r, &more);
        else if (here(r) == '*')
            st = read_wildcard(r, &more);
        else
            st = read_dotted(r, &more);
    }
    return st;
}

static enum status read_path(struct reader *r)
{
    struct token *t;
    enum status st = append(r, TOKEN_ROOT, &t);

    r->path->from_root = here(r) == '$';
    if (st != ST_OK || is_tail(r))
        return st;
    r->at++;
    if (here(r) != '.' && here(r) != '[')
        return fail(r->why, ST_BAD_INPUT, "Illegal character at position %zu expected '.' or '['",
                    r->at);
    return read_tokens(r);
}

/* $..a.sum() is evaluated as $.sum($..a). */
static enum status turn_scan_inside_out(struct json_path *p, struct why *why)
{
    struct token *function = p->root->next;
    struct token *before = p->root;
    struct token *root;
    struct json_path *inner;

    while (function && function->kind != TOKEN_FUNCTION) {
        before = function;
        function = function->next;
    }
    if (!p->is_function || !p->root->next || p->root->next->kind != TOKEN_SCAN || !function)
        return ST_OK;
    root = calloc(1, sizeof *root);
    inner = calloc(1, sizeof *inner);
    if (function->argument_count == 0)
        function->arguments = calloc(1, sizeof *function->arguments);
    if (!root || !inner || !function->arguments) {
        free(root);
        free(inner);
        return fail_memory(why);
    }
    for (size_t i = 0; i < function->argument_count; i++) {
        json_path_free(function->arguments[i].path);
        json_decref(function->arguments[i].value);
    }
    before->next = NULL;
    *inner = (struct json_path){
        .root = p->root, .from_root = p->from_root, .token_count = p->token_count};
    function->arguments[0] = (struct argument){.path = inner};
    function->argument_count = 1;
    root->next = function;
    p->root = root;
    return ST_OK;
}

static void mark_definite(struct json_path *p)
{
    bool definite = true;

    for (struct token *t = p->root; t; t = t->next) {
        t->upstream_definite = definite;
        definite = definite && is_definite(t);
    }
}

bool json_path_is_definite(const struct json_path *p)
{
    for (const struct token *t = p->root; t; t = t->next) {
        if (!is_definite(t))
            return false;
    }
    return true;
}

enum status json_path_compile_nested(struct slice text, unsigned nesting, struct json_path **ret,
                                     struct why *why)
{
    auto_json_path struct json_path *p = calloc(1, sizeof *p);
    auto_buf struct buf rooted = BUF_INIT(PATH_LENGTH_MAX + 8);
    struct reader r = {.text = slice_trim(text), .nesting = nesting, .path = p, .why = why};
    enum status st;

    if (!p)
        return fail_memory(why);
    if (text.len == 0)
        return fail(why, ST_BAD_INPUT, "json can not be null or empty");
    if (text.len > PATH_LENGTH_MAX || nesting > PATH_NESTING_MAX)
        return fail(why, ST_BAD_INPUT, "the path is too long or nested too deep");
    if (here(&r) != '$' && here(&r) != '@') {
        buf_put_text(&rooted, "$.");
        buf_put_slice(&rooted, r.text);
        r.text = slice_trim(buf_slice(&rooted));
    }
    if (char_at(&r, r.text.len - 1) == '.')
        return fail(why, ST_BAD_INPUT, "Path must not end with a '.' or '..'");
    st = read_path(&r);
    if (st != ST_OK)
        return st;
    if (r.last->kind == TOKEN_SCAN)
        return fail(why, ST_BAD_INPUT, "Path must not end with a '.' or '..'");
    p->is_function = r.last->kind == TOKEN_FUNCTION;
    st = turn_scan_inside_out(p, why);
    if (st != ST_OK)
        return st;
    mark_definite(p);
    for (struct token *t = p->root; t; t = t->next) {
        for (size_t i = 0; i < t->argument_count; i++) {
            if (t->arguments[i].path)
                mark_definite(t->arguments[i].path);
        }
    }
    *ret = take(p);
    return ST_OK;
}

enum status json_path_compile(struct slice text, struct json_path **ret, struct why *why)
{
    return json_path_compile_nested(text, 0, ret, why);
}
