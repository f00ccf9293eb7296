#include "employees-mock/match/xpath_local.h"

#include <ctype.h>

/* What stands before the present token. */
enum before {
    BEFORE_PATH,  /* the beginning, an operator, '(', '[' or ',' */
    BEFORE_STEP,  /* '/', "//" within a path, '@' or an axis */
    BEFORE_FIRST, /* "//" at a path's beginning */
    BEHIND_STEP,  /* a name, '*', '.', ')', ']', a literal or number */
};

struct rewriter {
    struct slice text;
    size_t at;
    enum before before;
    struct buf *ret;
};

static char peek(const struct rewriter *r, size_t ahead)
{
    return r->at + ahead < r->text.len ? r->text.data[r->at + ahead] : '\0';
}

static void copy(struct rewriter *r, size_t count, enum before before)
{
    buf_put(r->ret, r->text.data + r->at, count);
    r->at += count;
    r->before = before;
}

static bool is_name_start(char c)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t name_length(const struct rewriter *r, size_t from)
{
    size_t len = 0;

    while (is_name_start(peek(r, from + len)) ||
           (len > 0 && (isdigit((unsigned char)peek(r, from + len)) || peek(r, from + len) == '-' ||
                        peek(r, from + len) == '.')))
        len++;
    return len;
}

static size_t skip_blanks(const struct rewriter *r, size_t from)
{
    while (isspace((unsigned char)peek(r, from)))
        from++;
    return from;
}

static void quoted(struct rewriter *r)
{
    size_t len = 1;

    while (peek(r, len) && peek(r, len) != peek(r, 0))
        len++;
    copy(r, peek(r, len) ? len + 1 : len, BEHIND_STEP);
}

/* Whether a name without predicates ends its path. */
static bool ends_path(const struct rewriter *r, size_t from)
{
    char c = peek(r, skip_blanks(r, from));

    return c != '/' && c != '[';
}

static void name_test(struct rewriter *r, size_t len)
{
    struct slice name = {r->text.data + r->at, len};

    if (r->before == BEFORE_FIRST && ends_path(r, len)) {
        copy(r, len, BEHIND_STEP);
        return;
    }
    buf_put_text(r->ret, "*[local-name()='");
    buf_put_slice(r->ret, name);
    buf_put_text(r->ret, "']");
    r->at += len;
    r->before = BEHIND_STEP;
}

/* A name is an operator behind a step, else an axis, a function, a name with a prefix or a test. */
static void name(struct rewriter *r)
{
    size_t len = name_length(r, 0);
    size_t next = skip_blanks(r, len);

    if (r->before == BEHIND_STEP)
        copy(r, len, BEFORE_PATH);
    else if (peek(r, next) == ':' && peek(r, next + 1) == ':')
        copy(r, next + 2, BEFORE_STEP);
    else if (peek(r, len) == ':')
        copy(r, len + 1 + (peek(r, len + 1) == '*' ? 1 : name_length(r, len + 1)), BEHIND_STEP);
    else if (peek(r, next) == '(')
        copy(r, len, BEHIND_STEP);
    else
        name_test(r, len);
}

static void slash(struct rewriter *r)
{
    bool first = r->before == BEFORE_PATH;

    if (peek(r, 1) == '/')
        copy(r, 2, first ? BEFORE_FIRST : BEFORE_STEP);
    else
        copy(r, 1, BEFORE_STEP);
}

static void mark(struct rewriter *r)
{
    char c = peek(r, 0);

    if (c == '/')
        slash(r);
    else if (c == '@')
        copy(r, 1, BEFORE_STEP);
    else if (c == '*')
        copy(r, 1, r->before == BEHIND_STEP ? BEFORE_PATH : BEHIND_STEP);
    else
        copy(r, 1, c == ')' || c == ']' || c == '.' ? BEHIND_STEP : BEFORE_PATH);
}

void xpath_local(struct slice expression, struct buf *ret)
{
    struct rewriter r = {expression, 0, BEFORE_PATH, ret};

    while (r.at < expression.len) {
        char c = peek(&r, 0);

        if (isspace((unsigned char)c))
            copy(&r, 1, r.before);
        else if (c == '"' || c == '\'')
            quoted(&r);
        else if (c == '$')
            copy(&r, 1 + name_length(&r, 1), BEHIND_STEP);
        else if (isdigit((unsigned char)c))
            copy(&r, 1, BEHIND_STEP);
        else if (is_name_start(c))
            name(&r);
        else
            mark(&r);
    }
}

/* ---- prefixes ---- */

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

bool xpath_has_prefix(struct slice expression)
{
    for (size_t i = 1; i + 1 < expression.len; i++)
        if (expression.data[i] == ':' && is_word(expression.data[i - 1]) &&
            (is_word(expression.data[i + 1]) || expression.data[i + 1] == '*'))
            return true;
    return false;
}
