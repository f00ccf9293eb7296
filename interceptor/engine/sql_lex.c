#include "interceptor/engine/sql_lex.h"

#include "interceptor/engine/scan.h"

/* What dialects do not share. */
static const struct dialect {
    bool backslash;      /* '\'' */
    bool double_strings; /* "text" is a string, not a name */
    bool back_quotes;    /* `name` */
    bool brackets;       /* [name] */
    bool dollars;        /* $tag$text$tag$ */
    bool hash_comments;  /* # to the end of the line */
    bool slash_comments; /* // likewise */
    bool spaced_dashes;  /* -- begins a comment before a blank only: 5--3 is 8 */
    bool return_ends;    /* a carriage return ends a line */
    bool q_strings;      /* q'[text]' */
    bool e_strings;      /* E'\n' */
    bool nested_comments;
} dialects[SQL_TYPES] = {
    [SQL_ORACLE] = {.q_strings = true},
    [SQL_MYSQL] = {.backslash = true,
                   .double_strings = true,
                   .back_quotes = true,
                   .hash_comments = true,
                   .spaced_dashes = true},
    [SQL_POSTGRESQL] = {.dollars = true,
                        .e_strings = true,
                        .return_ends = true,
                        .nested_comments = true},
    [SQL_SQLSERVER] = {.brackets = true, .nested_comments = true},
    [SQL_H2] = {.back_quotes = true,
                .dollars = true,
                .slash_comments = true,
                .return_ends = true,
                .nested_comments = true},
    [SQL_DREMIO] = {.back_quotes = true, .slash_comments = true, .return_ends = true},
};

bool sql_has_backslash(enum sql_type type)
{
    return dialects[type].backslash;
}

bool sql_is(const struct sql_token *token, const char *text)
{
    return (token->kind == SQL_WORD || token->kind == SQL_OTHER) &&
           slice_equal_nocase(token->text, slice_of(text));
}

static const char *find(const char *p, const char *end, const char *text, size_t len)
{
    return p < end ? memmem(p, (size_t)(end - p), text, len) : NULL;
}

/* Behind a block comment whose text begins at p, or NULL. */
static const char *skip_block(const char *p, const char *end, bool nested)
{
    for (size_t depth = 1; end - p >= 2; p++) {
        if (p[0] == '*' && p[1] == '/') {
            p++;
            if (--depth == 0)
                return p + 1;
        } else if (nested && p[0] == '/' && p[1] == '*') {
            p++;
            depth++;
        }
    }
    return NULL;
}

/* Behind the end of the line, or NULL where it is not certain: a carriage return stands alone. */
static const char *skip_line(const struct dialect *d, const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '\n')
            return p + 1;
        if (*p == '\r' && p + 1 < end && p[1] != '\n')
            return d->return_ends ? p + 1 : NULL;
    }
    return end;
}

/* Whether a comment to the end of the line begins at p. */
static bool begins_line_comment(const struct dialect *d, const char *p, const char *end)
{
    if (p == end)
        return false;
    if (*p == '#')
        return d->hash_comments;
    if (end - p < 2 || p[0] != p[1])
        return false;
    if (*p == '/')
        return d->slash_comments;
    return *p == '-' && (!d->spaced_dashes || end - p == 2 || (unsigned char)p[2] <= ' ');
}

/* The first byte of a token; NULL: a comment has no certain end, or is executed by the server. */
static const char *skip_space(const struct sql_lexer *l)
{
    const struct dialect *d = &dialects[l->type];
    const char *p = l->p;

    for (;;) {
        p = scan_blanks(p, l->end);
        if (begins_line_comment(d, p, l->end)) {
            p = skip_line(d, p, l->end);
        } else if (l->end - p >= 2 && p[0] == '/' && p[1] == '*') {
            if (l->end - p >= 3 && p[2] == '!')
                return NULL;
            p = skip_block(p + 2, l->end, d->nested_comments);
        } else {
            return p;
        }
        if (!p)
            return NULL;
    }
}

/* Behind the closing quote, p being behind the opening one; a doubled one does not close. NULL:
 * there is none. */
static const char *skip_quoted(const char *p, const char *end, char quote, bool backslash)
{
    for (; p < end; p++) {
        if (backslash && *p == '\\') {
            p++;
        } else if (*p == quote) {
            if (p + 1 == end || p[1] != quote)
                return p + 1;
            p++;
        }
    }
    return NULL;
}

static struct sql_token broken(const char *p)
{
    return (struct sql_token){.kind = SQL_BROKEN, .text = {p, 0}};
}

/* A token from `from` to `to`, its text between them less `before` and one byte. */
static struct sql_token quoted(enum sql_token_kind kind, const char *from, const char *open,
                               const char *behind)
{
    if (!behind)
        return broken(from);
    return (struct sql_token){.kind = kind,
                              .text = {from, (size_t)(behind - from)},
                              .inside = {open + 1, (size_t)(behind - open) - 2},
                              .quote = *open};
}

static struct sql_token read_string(const struct sql_lexer *l, const char *from, const char *open,
                                    bool backslash)
{
    struct sql_token t =
        quoted(SQL_STRING, from, open, skip_quoted(open + 1, l->end, *open, backslash));

    t.quoting = backslash ? QUOTED_BACKSLASH : QUOTED_DOUBLED;
    return t;
}

/* q'[text]': the bracket, or any character, closes as it opened. */
static struct sql_token read_q_string(const struct sql_lexer *l, const char *from, const char *open)
{
    static const char pairs[] = "[](){}<>";
    const char *pair;
    char closing[2] = {'\0', '\''};
    const char *behind;
    struct sql_token t;

    if (l->end - open < 2 || open[1] == '\0')
        return broken(from);
    pair = strchr(pairs, open[1]);
    closing[0] = pair && (pair - pairs) % 2 == 0 ? pair[1] : open[1];
    behind = find(open + 2, l->end, closing, 2);
    if (!behind)
        return broken(from);
    t = quoted(SQL_STRING, from, open + 1, behind + 1);
    t.text.len++;
    t.inside.len = (size_t)(behind - open) - 2;
    t.quoting = QUOTED_RAW;
    return t;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* $tag$text$tag$; *ret_dollar false: a dollar sign of another kind. */
static struct sql_token read_dollars(const struct sql_lexer *l, const char *from, bool *ret_dollar)
{
    const char *tag_end = from + 1;
    const char *close;
    size_t tag;

    while (tag_end < l->end && is_word_char(*tag_end))
        tag_end++;
    *ret_dollar = tag_end < l->end && *tag_end == '$' && !(from[1] >= '0' && from[1] <= '9');
    if (!*ret_dollar)
        return broken(from);
    tag = (size_t)(tag_end - from) + 1;
    close = find(from + tag, l->end, from, tag);
    if (!close)
        return broken(from);
    return (struct sql_token){.kind = SQL_STRING,
                              .text = {from, (size_t)(close - from) + tag},
                              .inside = {from + tag, (size_t)(close - from) - tag},
                              .quoting = QUOTED_RAW};
}

/* A word right before an apostrophe tells what kind of literal it is. */
static struct sql_token read_prefixed(const struct sql_lexer *l, const char *from, const char *open)
{
    const struct dialect *d = &dialects[l->type];
    struct slice word = {from, (size_t)(open - from)};
    struct sql_token t;

    if (slice_equal_nocase(word, SLICE("n"))) {
        t = read_string(l, from, open, d->backslash);
        t.national = true;
    } else if (d->e_strings && slice_equal_nocase(word, SLICE("e"))) {
        t = read_string(l, from, open, true);
    } else if (d->q_strings &&
               (slice_equal_nocase(word, SLICE("q")) || slice_equal_nocase(word, SLICE("nq")))) {
        t = read_q_string(l, from, open);
        t.national = word.len == 2;
    } else {
        t = read_string(l, from, open, d->backslash);
        if (t.kind == SQL_STRING)
            t.kind = SQL_OTHER;
    }
    return t;
}

static struct sql_token read_word(const struct sql_lexer *l, const char *from)
{
    const char *p = from;

    while (p < l->end && (is_word_char(*p) || *p == '$'))
        p++;
    if (p < l->end && *p == '\'')
        return read_prefixed(l, from, p);
    return (struct sql_token){.kind = SQL_WORD, .text = {from, (size_t)(p - from)}};
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static struct sql_token read_number(const struct sql_lexer *l, const char *from)
{
    const char *p = skip_digits(from, l->end);
    enum sql_token_kind kind = SQL_NUMBER;

    if (p < l->end && *p == '.')
        p = skip_digits(p + 1, l->end);
    if (p < l->end && (*p == 'e' || *p == 'E')) {
        const char *digits = p + 1;

        if (digits < l->end && (*digits == '+' || *digits == '-'))
            digits++;
        if (skip_digits(digits, l->end) > digits)
            p = skip_digits(digits, l->end);
    }
    for (; p < l->end && is_word_char(*p); p++)
        kind = SQL_OTHER; /* 0xff */
    return (struct sql_token){.kind = kind, .text = {from, (size_t)(p - from)}};
}

static struct sql_token read_name(const struct sql_lexer *l, const char *p)
{
    char close = *p == '[' ? ']' : *p;

    return quoted(SQL_NAME, p, p, skip_quoted(p + 1, l->end, close, false));
}

static struct sql_token read_token(const struct sql_lexer *l, const char *p)
{
    const struct dialect *d = &dialects[l->type];
    bool dollar = false;
    struct sql_token t;

    if (p == l->end)
        return (struct sql_token){.kind = SQL_END, .text = {p, 0}};
    if (*p == '\'' || (*p == '"' && d->double_strings))
        return read_string(l, p, p, d->backslash);
    if (*p == '"' || (*p == '`' && d->back_quotes) || (*p == '[' && d->brackets))
        return read_name(l, p);
    if (*p == '$' && d->dollars) {
        t = read_dollars(l, p, &dollar);
        if (dollar)
            return t;
    }
    if ((*p >= '0' && *p <= '9') || (*p == '.' && l->end - p > 1 && p[1] >= '0' && p[1] <= '9'))
        return read_number(l, p);
    if (is_word_char(*p) || *p == '@')
        return read_word(l, *p == '@' ? p + 1 : p);
    return (struct sql_token){.kind = SQL_OTHER, .text = {p, 1}};
}

struct sql_token sql_next(struct sql_lexer *lexer)
{
    const char *p = skip_space(lexer);
    struct sql_token t = p ? read_token(lexer, p) : broken(lexer->p);

    lexer->p = t.text.data + t.text.len;
    return t;
}
