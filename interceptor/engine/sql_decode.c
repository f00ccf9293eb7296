/* The text of string literals, whose escapes the dialects share in part. */
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/sql_lex.h"

#include <stdlib.h>

/* What stands for a letter behind a backslash: MySQL's and PostgreSQL's share these. */
static char letter_for(char c)
{
    static const char letters[256] = {
        ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t', ['Z'] = 26};

    return letters[(unsigned char)c] ? letters[(unsigned char)c] : c;
}

/* The number that `digits` digits of a base make at *p, which is moved behind them. */
static unsigned long read_code(const char **p, const char *end, int base, int digits)
{
    char number[9] = {0};
    char *stop;
    unsigned long code;

    for (int len = 0; len < digits && *p + len < end; len++)
        number[len] = (*p)[len];
    code = strtoul(number, &stop, base);
    *p += stop - number;
    return code;
}

/* What is no character gives the replacement character. */
static void put_code(struct buf *ret, unsigned long code)
{
    char bytes[CODEPOINT_BYTES_MAX];

    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = 0xfffd;
    buf_put(ret, bytes, codepoint_write((uint32_t)code, bytes));
}

/* PostgreSQL's escapes with digits: \u and \U tell a character, \x and octal ones a byte of one.
 * NULL: it is another escape. */
static const char *decode_digits(const char *p, const char *end, struct buf *ret)
{
    const char *digits = p + 1;

    if (*p == 'u' || *p == 'U') {
        put_code(ret, read_code(&digits, end, 16, *p == 'u' ? 4 : 8));
        return digits;
    }
    if (*p == 'x') {
        buf_put_char(ret, (char)read_code(&digits, end, 16, 2));
        return digits;
    }
    if (*p < '0' || *p > '7')
        return NULL;
    buf_put_char(ret, (char)read_code(&p, end, 8, 3));
    return p;
}

/* p: behind the backslash; returns the place behind the escape. */
static const char *decode_backslash(const char *p, const char *end, enum sql_type type,
                                    struct buf *ret)
{
    bool postgres = type == SQL_POSTGRESQL;
    const char *behind = postgres ? decode_digits(p, end, ret) : NULL;

    if (behind)
        return behind;
    if (!postgres && *p == '0')
        buf_put_char(ret, '\0');
    else if (!postgres && (*p == '%' || *p == '_'))
        buf_put(ret, p - 1, 2);
    else
        buf_put_char(ret, *p == 'Z' && postgres ? 'Z' : letter_for(*p));
    return p + 1;
}

void sql_decode(const struct sql_token *string, enum sql_type type, struct buf *ret)
{
    const char *p = string->inside.data, *end = p + string->inside.len;

    if (string->quoting == QUOTED_RAW) {
        buf_put_slice(ret, string->inside);
        return;
    }
    while (p < end) {
        if (*p == string->quote) {
            p++; /* the first of two */
            buf_put_char(ret, *p++);
        } else if (*p == '\\' && string->quoting == QUOTED_BACKSLASH && p + 1 < end) {
            p = decode_backslash(p + 1, end, type, ret);
        } else {
            buf_put_char(ret, *p++);
        }
    }
}
