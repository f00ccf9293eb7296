#include "interceptor/engine/sql_lex.h"

#include "common/utf8.h"
#include "interceptor/engine/sql_dialect.h"

bool sql_has_backslash(enum sql_type type)
{
    return sql_dialects[type].backslash;
}

bool sql_is(const struct sql_token *token, const char *text)
{
    return (token->kind == SQL_WORD || token->kind == SQL_OTHER) &&
           slice_equal_nocase(token->text, slice_of(text));
}

bool sql_is_literal_type(struct slice word)
{
    return slice_equal_nocase(word, SLICE("DATE")) ||
           slice_equal_nocase(word, SLICE("TIMESTAMP")) || slice_equal_nocase(word, SLICE("TIME"));
}

static const char *find(const char *p, const char *end, const char *text, size_t len)
{
    return p < end ? memmem(p, (size_t)(end - p), text, len) : NULL;
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

    while (tag_end < l->end && is_word_char(*tag_end) && sql_dialects[l->type].dollar_tags)
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
    const struct sql_dialect *d = &sql_dialects[l->type];
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

/* Blanks that some dialects take for such, and others for a part of a name. */
static bool is_odd_blank(const char *p, const char *end)
{
    uint32_t code = 0;

    if ((unsigned char)*p < 0xc2 || !utf8_step((struct slice){p, (size_t)(end - p)}, &code))
        return false;
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000 ||
           code == 0xfeff;
}

static struct sql_token read_word(const struct sql_lexer *l, const char *from)
{
    const struct sql_dialect *d = &sql_dialects[l->type];
    const char *p = from;

    for (; p < l->end && (is_word_char(*p) || *p == '$' || (*p == '#' && d->hash_names)); p++) {
        if (is_odd_blank(p, l->end))
            return broken(p);
    }
    if (p < l->end && *p == '\'' && !sql_is_literal_type((struct slice){from, (size_t)(p - from)}))
        return read_prefixed(l, from, p);
    if (d->u_names && l->end - p >= 2 && p[0] == '&' && p[1] == '"' && p == from + 1 &&
        (*from == 'u' || *from == 'U'))
        return broken(from);
    return (struct sql_token){.kind = SQL_WORD, .text = {from, (size_t)(p - from)}};
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* 0xff, 0b11 */
static bool begins_bits(const char *p, const char *end)
{
    return end - p >= 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'b');
}

static struct sql_token read_number(const struct sql_lexer *l, const char *from)
{
    const char *p = skip_digits(from, l->end);
    bool is_name = sql_dialects[l->type].digit_names && !begins_bits(from, l->end);
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
        kind = is_name ? SQL_WORD : SQL_OTHER;
    return (struct sql_token){.kind = kind, .text = {from, (size_t)(p - from)}};
}

static struct sql_token read_name(const struct sql_lexer *l, const char *p)
{
    char close = *p == '[' ? ']' : *p;

    return quoted(SQL_NAME, p, p, skip_quoted(p + 1, l->end, close, false));
}

static bool begins_number(const struct sql_lexer *l, const char *p)
{
    if (*p != '.')
        return *p >= '0' && *p <= '9';
    if (sql_dialects[l->type].digit_names && p > l->start && (is_word_char(p[-1]) || p[-1] == '`'))
        return false; /* a.1st */
    return l->end - p > 1 && p[1] >= '0' && p[1] <= '9';
}

static struct sql_token read_token(const struct sql_lexer *l, const char *p)
{
    const struct sql_dialect *d = &sql_dialects[l->type];
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
    if (begins_number(l, p))
        return read_number(l, p);
    if (is_word_char(*p) || *p == '@' || *p == '$' || (*p == '#' && d->hash_names))
        return read_word(l, *p == '@' ? p + 1 : p);
    return (struct sql_token){.kind = SQL_OTHER, .text = {p, 1}};
}

struct sql_token sql_next(struct sql_lexer *lexer)
{
    const char *p = sql_skip_space(lexer);
    struct sql_token t = p ? read_token(lexer, p) : broken(lexer->p);

    lexer->p = t.text.data + t.text.len;
    return t;
}
