/* Reading a path, place for place as Jayway's compiler does, for its leniencies are known to
 * users: what follows the last complete token on the last character is not looked at. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_reader.h"

#include <stdio.h>
#include <stdlib.h>

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

char path_char_at(const struct path_reader *r, size_t at)
{
    return at < r->text.len ? r->text.data[at] : '\0';
}

char path_here(const struct path_reader *r)
{
    return path_char_at(r, r->at);
}

/* Whether only the last character is left: Jayway looks at no more. */
static bool is_tail(const struct path_reader *r)
{
    return r->at + 1 >= r->text.len;
}

/* The place of the next character behind `at` that is no blank. */
size_t path_next_significant(const struct path_reader *r, size_t at)
{
    at++;
    while (at < r->text.len && r->text.data[at] == ' ')
        at++;
    return at;
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

enum status path_append(struct path_reader *r, enum token_kind kind, struct token **ret)
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

enum status path_add_name(struct path_reader *r, struct token *t, struct slice name)
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

static enum status could_not_parse(struct path_reader *r)
{
    return fail(r->why, ST_BAD_INPUT, "Could not parse token starting at position %zu", r->at);
}

enum status path_expected_bracket(struct path_reader *r)
{
    return fail(r->why, ST_BAD_INPUT,
                "Could not parse token starting at position %zu. Expected ?, ', 0-9, * ", r->at);
}

/* Behind `at` the next token begins, unless the path ends there. */
enum status path_go_on(struct path_reader *r, size_t at, bool *ret_more)
{
    r->at = at;
    *ret_more = !is_tail(r);
    return ST_OK;
}

/* ---- functions ---- */

static enum status add_argument(struct path_reader *r, struct token *t, struct slice text)
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
static enum status read_arguments(struct path_reader *r, struct token *t)
{
    size_t from = r->at;
    int depth = 1;
    bool quoted = false;

    for (; r->at < r->text.len; r->at++) {
        char c = path_here(r);
        struct slice text;

        if (c == '"' && path_char_at(r, r->at - 1) != '\\')
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

static enum status read_function(struct path_reader *r, size_t open, bool *ret_more)
{
    struct token *t;
    enum status st = path_append(r, TOKEN_FUNCTION, &t);

    if (st == ST_OK)
        st = path_add_name(r, t, (struct slice){r->text.data + r->at, open - r->at});
    if (st != ST_OK)
        return st;
    if (path_char_at(r, open + 1) == ')')
        return path_go_on(r, open + 1, ret_more);
    r->at = open + 1;
    st = read_arguments(r, t);
    return st == ST_OK ? path_go_on(r, r->at, ret_more) : st;
}

/* name or name(...), up to '.', '[' or the end. */
static enum status read_dotted(struct path_reader *r, bool *ret_more)
{
    size_t end = r->at;
    struct token *t;
    enum status st;

    if (path_here(r) == ' ' || path_here(r) == '.' || r->at >= r->text.len)
        return could_not_parse(r);
    while (end < r->text.len && !strchr(".[(", r->text.data[end])) {
        if (r->text.data[end] == ' ')
            return fail(r->why, ST_BAD_INPUT,
                        "Use bracket notion ['my prop'] if your property contains blank "
                        "characters. position: %zu",
                        r->at);
        end++;
    }
    if (path_char_at(r, end) == '(')
        return read_function(r, end, ret_more);
    st = path_append(r, TOKEN_PROPERTY, &t);
    if (st == ST_OK)
        st = path_add_name(r, t, (struct slice){r->text.data + r->at, end - r->at});
    if (st != ST_OK)
        return st;
    t->quote = '\'';
    return path_go_on(r, end, ret_more);
}

/* ---- the whole ---- */

static enum status read_bracket(struct path_reader *r, bool *ret_more)
{
    char c = path_char_at(r, path_next_significant(r, r->at));

    if (c == '\'' || c == '"')
        return path_read_names(r, ret_more);
    if (c == '*')
        return path_read_wildcard(r, ret_more);
    if (c == '?')
        return path_read_filter(r, ret_more);
    if (c && strchr("0123456789-:", c))
        return path_read_array(r, ret_more);
    return path_expected_bracket(r);
}

static enum status read_dots(struct path_reader *r)
{
    struct token *t;

    if (path_char_at(r, r->at + 1) != '.') {
        r->at++;
        return ST_OK;
    }
    r->at += 2;
    if (path_here(r) == '.')
        return fail(r->why, ST_BAD_INPUT, "Character '.' on position %zu is not valid.", r->at);
    return path_append(r, TOKEN_SCAN, &t);
}

static enum status read_tokens(struct path_reader *r)
{
    bool more = true;
    enum status st = ST_OK;

    while (more && st == ST_OK) {
        if (path_here(r) == '.')
            st = read_dots(r);
        if (st != ST_OK)
            break;
        if (path_here(r) == '[')
            st = read_bracket(r, &more);
        else if (path_here(r) == '*')
            st = path_read_wildcard(r, &more);
        else
            st = read_dotted(r, &more);
    }
    return st;
}

static enum status read_path(struct path_reader *r)
{
    struct token *t;
    enum status st = path_append(r, TOKEN_ROOT, &t);

    r->path->from_root = path_here(r) == '$';
    if (st != ST_OK || is_tail(r))
        return st;
    r->at++;
    if (path_here(r) != '.' && path_here(r) != '[')
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

bool json_path_gives_names(const struct json_path *p)
{
    const struct token *t = p->root;

    while (t->next)
        t = t->next;
    return t->kind == TOKEN_FUNCTION && strcmp(t->names[0], "keys") == 0;
}

enum status json_path_compile_nested(struct slice text, unsigned nesting, struct json_path **ret,
                                     struct why *why)
{
    auto_json_path struct json_path *p = calloc(1, sizeof *p);
    auto_buf struct buf rooted = BUF_INIT(PATH_LENGTH_MAX + 8);
    struct path_reader r = {.text = slice_trim(text), .nesting = nesting, .path = p, .why = why};
    enum status st;

    if (!p)
        return fail_memory(why);
    if (text.len == 0)
        return fail(why, ST_BAD_INPUT, "json can not be null or empty");
    if (text.len > PATH_LENGTH_MAX || nesting > PATH_NESTING_MAX)
        return fail(why, ST_BAD_INPUT, "the path is too long or nested too deep");
    if (text.data[0] != '$' && text.data[0] != '@') { /* a blank counts, too */
        buf_put_text(&rooted, "$.");
        buf_put_slice(&rooted, text);
        r.text = slice_trim(buf_slice(&rooted));
    }
    if (path_char_at(&r, r.text.len - 1) == '.')
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
