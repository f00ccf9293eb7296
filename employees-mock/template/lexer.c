#include "employees-mock/template/lexer.h"

#include "common/utf8.h"

#include <ctype.h>

void lexer_init(struct lexer *l, struct slice text)
{
    *l = (struct lexer){.text = text, .line = 1, .open = SLICE("{{"), .close = SLICE("}}")};
}

static struct slice rest(const struct lexer *l, size_t at)
{
    return slice_from(l->text, at);
}

static bool ahead(const struct lexer *l, size_t at, struct slice text)
{
    return at <= l->text.len && slice_starts(rest(l, at), text);
}

/* The token from the present place up to `end`, which becomes the present place. */
static struct token cut(struct lexer *l, enum token_type type, size_t end)
{
    struct token t = {type, {l->text.data + l->at, end - l->at}, l->line, l->column, false};

    for (; l->at < end; l->at++) {
        unsigned char c = (unsigned char)l->text.data[l->at];

        l->column += (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1; /* in UTF-16 units, as Java */
        if (c == '\n') {
            l->line++;
            l->column = 0;
        }
    }
    return t;
}

/* ---- outside ---- */

static bool escape_ahead(const struct lexer *l, size_t at)
{
    return at < l->text.len && l->text.data[at] == '\\' && ahead(l, at + 1, l->open);
}

static size_t text_end(const struct lexer *l)
{
    size_t at = l->at;

    while (at < l->text.len && !ahead(l, at, l->open) && !escape_ahead(l, at))
        at++;
    return at;
}

/* Where the first `what` at or behind `at` ends; 0: nowhere. */
static size_t end_of(const struct lexer *l, size_t at, struct slice what)
{
    for (; at + what.len <= l->text.len; at++)
        if (ahead(l, at, what))
            return at + what.len;
    return 0;
}

static struct token comment(struct lexer *l)
{
    size_t body = l->at + l->open.len + 1;
    bool dashes = ahead(l, body, SLICE("--"));
    size_t end = 0;

    for (size_t from = body; (end = end_of(l, from, l->close)) != 0; from = end - l->close.len + 1)
        if (!dashes || (end >= l->close.len + 2 && end - l->close.len - 2 >= body &&
                        ahead(l, end - l->close.len - 2, SLICE("--"))))
            break;
    return end ? cut(l, TOKEN_COMMENT, end) : cut(l, TOKEN_BAD, l->at + l->open.len);
}

/* An escaped tag ends with its own end; another opening before that is an error. */
static struct token escaped(struct lexer *l)
{
    struct token t;

    for (size_t at = l->at + l->open.len; at < l->text.len; at++) {
        if (ahead(l, at, l->close)) {
            t = cut(l, TOKEN_ESCAPED, at + l->close.len);
            t.text.data++;
            t.text.len--;
            return t;
        }
        if (ahead(l, at, l->open) && at > l->at + 1)
            break;
    }
    return cut(l, TOKEN_BAD, l->at + 1);
}

static const struct {
    enum token_type type;
    const char *mark; /* what stands behind the delimiter */
} openings[] = {
    {TOKEN_OPEN_AMP, "&"},     {TOKEN_OPEN_RAW_END, "{{/"},
    {TOKEN_OPEN_RAW, "{{"},    {TOKEN_OPEN_TRIPLE, "{"},
    {TOKEN_OPEN_INVERSE, "^"}, {TOKEN_OPEN_PARTIAL_BLOCK, "#>"},
    {TOKEN_OPEN_BLOCK, "#"},   {TOKEN_OPEN_DELIMITERS, "="},
    {TOKEN_OPEN_PARTIAL, ">"}, {TOKEN_OPEN_END, "/"},
    {TOKEN_OPEN, ""},
};

static struct token opening(struct lexer *l)
{
    size_t behind = l->at + l->open.len;
    struct token t = {.type = TOKEN_BAD};

    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        struct slice mark = slice_of(openings[i].mark);
        bool trims = ahead(l, behind, SLICE("~")) && ahead(l, behind + 1, mark);

        if (!trims && !ahead(l, behind, mark))
            continue;
        t = cut(l, openings[i].type, behind + (trims ? 1 : 0) + mark.len);
        t.trims = trims;
        break;
    }
    return t;
}

struct token lexer_next_outside(struct lexer *l)
{
    if (l->at >= l->text.len)
        return cut(l, TOKEN_END, l->text.len);
    if (escape_ahead(l, l->at))
        return escaped(l);
    if (!ahead(l, l->at, l->open))
        return cut(l, TOKEN_TEXT, text_end(l));
    if (ahead(l, l->at + l->open.len, SLICE("!")))
        return comment(l);
    return opening(l);
}

/* ---- inside ---- */

static bool is_name_start(struct slice s, size_t *ret_step)
{
    uint32_t c = 0;

    *ret_step = utf8_step(s, &c);
    if (*ret_step == 0)
        return false;
    if (c < 0x80)
        return isalpha((int)c) || strchr("_$@:", (int)c) != NULL
                   ? c != 0
                   : (c >= 1 && c <= 8) || c == 0xb || c == 0xc || (c >= 0xe && c <= 0x1e);
    return (c >= 0xc0 && c <= 0xff) || (c >= 0x410 && c <= 0x44f);
}

/* "[...]", at least one character within; 0: none. */
static size_t bracket_length(struct slice s)
{
    size_t fallback = 0;

    if (s.len < 3 || s.data[0] != '[' || s.data[1] == ']')
        return 0;
    for (size_t i = 2; i < s.len; i++) {
        if (s.data[i] != ']')
            continue;
        if (s.data[i - 1] != '\\')
            return i + 1;
        fallback = i + 1;
    }
    return fallback;
}

static size_t plain_name_length(struct slice s)
{
    size_t step;
    size_t at = bracket_length(s);

    if (at == 0) {
        if (!is_name_start(s, &step))
            return 0;
        at = step;
    }
    while (at < s.len) {
        struct slice here = {s.data + at, s.len - at};
        size_t bracket;

        if (is_name_start(here, &step)) {
            at += step;
        } else if (isdigit((unsigned char)*here.data) || memchr("./-", *here.data, 3)) {
            at++;
            bracket = isdigit((unsigned char)*here.data) ? 0 : bracket_length(slice_from(s, at));
            at += bracket;
        } else {
            break;
        }
    }
    return at;
}

static size_t name_length(struct slice s)
{
    size_t prefix = 0;
    size_t more;

    for (;;) {
        struct slice here = {s.data + prefix, s.len - prefix};
        size_t dots = slice_starts(here, SLICE("..")) ? 2 : slice_starts(here, SLICE(".")) ? 1 : 0;

        if (dots == 0) {
            more = plain_name_length(here);
            if (more > 0)
                return prefix + more;
            return prefix > 0 ? prefix - 1 : 0; /* the slash of "../" stays outside */
        }
        if (here.len <= dots || here.data[dots] != '/')
            return prefix + dots;
        prefix += dots + 1;
    }
}

static size_t path_length(struct slice s)
{
    size_t at = 0;

    while (at < s.len && s.data[at] != '\0' &&
           (isalnum((unsigned char)s.data[at]) || strchr("_$'/.:-", s.data[at])))
        at++;
    return at;
}

/* '-'? [0-9]* '.'? [0-9]+ */
static size_t number_length(struct slice s)
{
    size_t at = s.len > 0 && s.data[0] == '-' ? 1 : 0;
    size_t whole;

    for (whole = at; whole < s.len && isdigit((unsigned char)s.data[whole]); whole++)
        ;
    if (whole < s.len && s.data[whole] == '.') {
        size_t end = whole + 1;

        while (end < s.len && isdigit((unsigned char)s.data[end]))
            end++;
        if (end > whole + 1)
            return end;
    }
    return whole > at ? whole : 0;
}

/* Up to the first quote that has no backslash before it; failing that, the last one. */
static size_t string_length(struct slice s)
{
    size_t fallback = 0;

    if (s.len < 2 || (s.data[0] != '"' && s.data[0] != '\''))
        return 0;
    for (size_t i = 1; i < s.len; i++) {
        if (s.data[i] != s.data[0])
            continue;
        if (s.data[i - 1] != '\\' || i == 1)
            return i + 1;
        fallback = i + 1;
    }
    return fallback;
}

static size_t word_length(struct slice s, const char *word)
{
    return slice_starts(s, slice_of(word)) ? strlen(word) : 0;
}

static size_t bool_length(struct slice s)
{
    size_t yes = word_length(s, "true");

    return yes ? yes : word_length(s, "false");
}

static size_t as_length(struct slice s)
{
    return word_length(s, "as");
}

static size_t else_length(struct slice s)
{
    return word_length(s, "else");
}

/* The longest wins, among equals the first. */
static const struct {
    enum token_type type;
    size_t (*length)(struct slice s);
} words[] = {
    {TOKEN_AS, as_length},     {TOKEN_STRING, string_length}, {TOKEN_NUMBER, number_length},
    {TOKEN_BOOL, bool_length}, {TOKEN_ELSE, else_length},     {TOKEN_NAME, name_length},
    {TOKEN_PATH, path_length},
};

static struct token word(struct lexer *l)
{
    enum token_type best = TOKEN_BAD;
    size_t longest = 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = words[i].length(rest(l, l->at));

        if (len > longest) {
            longest = len;
            best = words[i].type;
        }
    }
    return cut(l, best, l->at + (longest ? longest : 1));
}

/* "}}", "~}}", with extra braces before it. */
static bool closing(struct lexer *l, struct slice extra, enum token_type type, struct token *ret)
{
    size_t at = l->at + extra.len;
    bool trims;

    if (!ahead(l, l->at, extra))
        return false;
    trims = !ahead(l, at, l->close) && ahead(l, at, SLICE("~")) && ahead(l, at + 1, l->close);
    if (!trims && !ahead(l, at, l->close))
        return false;
    *ret = cut(l, type, at + (trims ? 1 : 0) + l->close.len);
    ret->trims = trims;
    return true;
}

static enum token_type mark_type(char c)
{
    switch (c) {
    case '*':
        return TOKEN_STAR;
    case '|':
        return TOKEN_PIPE;
    case '=':
        return TOKEN_EQUALS;
    case '(':
        return TOKEN_LEFT;
    case ')':
        return TOKEN_RIGHT;
    default:
        return TOKEN_BAD;
    }
}

struct token lexer_next_inside(struct lexer *l)
{
    struct token t;
    size_t at = l->at;

    while (at < l->text.len && memchr(" \t\r\n", l->text.data[at], 4))
        at++;
    cut(l, TOKEN_TEXT, at);
    if (at >= l->text.len)
        return cut(l, TOKEN_END, at);
    if (closing(l, SLICE("}}"), TOKEN_CLOSE_RAW, &t) ||
        closing(l, SLICE("}"), TOKEN_CLOSE_TRIPLE, &t) || closing(l, SLICE(""), TOKEN_CLOSE, &t))
        return t;
    if (mark_type(l->text.data[at]) != TOKEN_BAD)
        return cut(l, mark_type(l->text.data[at]), at + 1);
    return word(l);
}

static struct slice delimiter(struct lexer *l)
{
    size_t from;
    size_t at = l->at;

    while (at < l->text.len && isspace((unsigned char)l->text.data[at]))
        at++;
    for (from = at; at < l->text.len; at++)
        if (isspace((unsigned char)l->text.data[at]) || l->text.data[at] == '=')
            break;
    cut(l, TOKEN_TEXT, at);
    return (struct slice){l->text.data + from, at - from};
}

bool lexer_change_delimiters(struct lexer *l)
{
    struct slice open = delimiter(l);
    struct slice close = delimiter(l);
    struct token t;

    while (l->at < l->text.len && isspace((unsigned char)l->text.data[l->at]))
        cut(l, TOKEN_TEXT, l->at + 1);
    if (open.len == 0 || close.len == 0 || !closing(l, SLICE("="), TOKEN_CLOSE, &t))
        return false;
    l->open = open;
    l->close = close;
    return true;
}
