#include "common/hex.h"
#include "employees-mock/match/regex_property.h"
#include "employees-mock/match/regex_translation.h"

#include <stdio.h>

enum { PROPERTY_MAX = 80 };

/* \p{Name} or \P{Name}; `inside` a class of ours the brackets are there already, so that a
 * complement can't be one of its items: false. */
static bool put_property(struct translation *t, bool inside)
{
    bool negated = t->java.data[t->at + 1] == 'P';
    const char *from = t->java.data + t->at + 3;
    const char *end = memchr(from, '}', t->java.len - t->at - 3);
    auto_buf struct buf items = BUF_INIT(4096);

    if (!end || (size_t)(end - from) > PROPERTY_MAX || (negated && inside) ||
        !regex_property_write((struct slice){from, (size_t)(end - from)}, t->unicode, &items))
        return false;
    if (!inside)
        buf_put_text(t->ret, negated ? "[^" : "[");
    buf_put_slice(t->ret, buf_slice(&items));
    if (!inside)
        buf_put_char(t->ret, ']');
    t->at = (size_t)(end - t->java.data) + 1;
    return true;
}

/* The number of up to `most` hexadecimal digits from `at`; false: there are not `least`. */
static bool read_hex(const struct translation *t, size_t at, size_t least, size_t most,
                     uint32_t *ret, size_t *ret_end)
{
    size_t end = at;

    for (*ret = 0; end < t->java.len && end - at < most && hex_digit(t->java.data[end]) >= 0; end++)
        *ret = *ret << 4 | (uint32_t)hex_digit(t->java.data[end]);
    *ret_end = end;
    return end - at >= least;
}

/* \uD83D\uDE00 is one character. */
static enum status put_unicode_escape(struct translation *t)
{
    uint32_t code, low;
    size_t end, behind;

    if (!read_hex(t, t->at + 2, 4, 4, &code, &end))
        return translation_refuse(t, "Illegal Unicode escape sequence", end);
    if (code >= 0xD800 && code <= 0xDBFF && end + 1 < t->java.len && t->java.data[end] == '\\' &&
        t->java.data[end + 1] == 'u' && read_hex(t, end + 2, 4, 4, &low, &behind) &&
        low >= 0xDC00 && low <= 0xDFFF) {
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        end = behind;
    }
    buf_printf(t->ret, "\\u{%X}", (unsigned)code);
    t->at = end;
    return ST_OK;
}

/* With ALT_BSUX PCRE2 writes \x{…} as \u{…}. */
static enum status put_hexadecimal(struct translation *t)
{
    bool braced = t->at + 2 < t->java.len && t->java.data[t->at + 2] == '{';
    uint32_t code;
    size_t end;
    bool good = read_hex(t, t->at + 2 + braced, braced ? 1 : 2, braced ? 6 : 2, &code, &end);

    if (good && code > 0x10FFFF)
        return translation_refuse(t, "Hexadecimal codepoint is too big", end - 1);
    if (!good || (braced && (end == t->java.len || t->java.data[end] != '}')))
        return translation_refuse(t, "Illegal hexadecimal escape sequence",
                                  braced && !good ? end - 1 : end);
    buf_printf(t->ret, "\\u{%X}", (unsigned)code);
    t->at = end + braced;
    return ST_OK;
}

/* \0n, \0nn, \0nnn up to \0377. */
static enum status put_octal(struct translation *t)
{
    unsigned code = 0;
    size_t at = t->at + 2;

    while (at < t->java.len && at < t->at + 5 && t->java.data[at] >= '0' &&
           t->java.data[at] <= '7' && code * 8 < 256)
        code = code * 8 + (unsigned)(t->java.data[at++] - '0');
    if (at == t->at + 2)
        return translation_refuse(t, "Illegal octal escape sequence", at);
    buf_printf(t->ret, "\\u{%X}", code);
    t->at = at;
    return ST_OK;
}

/* As many digits as there are groups for; a group that is not there never matches. */
static enum status put_reference(struct translation *t)
{
    unsigned number = 0;

    t->at++;
    do
        number = number * 10 + (unsigned)(t->java.data[t->at++] - '0');
    while (t->at < t->java.len && t->java.data[t->at] >= '0' && t->java.data[t->at] <= '9' &&
           number * 10 + (unsigned)(t->java.data[t->at] - '0') <= t->groups);
    if (number > t->groups)
        buf_put_text(t->ret, "(?!)");
    else
        buf_printf(t->ret, "\\g{%u}", number);
    return ST_OK;
}

/* \p{…}, \P{…}, \pL, as PCRE2 has them. */
static enum status put_known_property(struct translation *t)
{
    const char *from = t->java.data + t->at;
    const char *end =
        t->at + 2 < t->java.len && from[2] == '{' ? memchr(from, '}', t->java.len - t->at) : NULL;
    size_t len = end ? (size_t)(end - from) + 1 : t->at + 2 < t->java.len ? 3 : 2;
    char words[PROPERTY_MAX + 40];

    if (end && len - 4 > 0 && !regex_property_exists((struct slice){from + 3, len - 4})) {
        snprintf(words, sizeof words, "Unknown character property name {%.*s}",
                 (int)(len - 4 < PROPERTY_MAX ? len - 4 : PROPERTY_MAX), from + 3);
        return translation_refuse(t, words, t->at + len - 1);
    }
    buf_put(t->ret, from, len);
    t->at += len;
    return ST_OK;
}

static enum status put_name(struct translation *t)
{
    const char *from = t->java.data + t->at + 3;
    const char *end = t->at + 2 < t->java.len && t->java.data[t->at + 2] == '{'
                          ? memchr(from, '}', t->java.len - t->at - 3)
                          : NULL;
    auto_buf struct buf words = BUF_INIT(4096);

    if (!end)
        return translation_refuse(t, "Illegal character name escape sequence", t->at + 2);
    buf_printf(&words, "Unknown character name [%.*s]", (int)(end - from), from);
    return translation_refuse(t, buf_text(&words) ? words.data : "Unknown character name",
                              (size_t)(end - t->java.data));
}

/* An escape that means the same in both, but for a few. */
enum status translation_put_escape(struct translation *t, bool inside)
{
    char c = t->at + 1 < t->java.len ? t->java.data[t->at + 1] : '\0';

    if (c && (strchr("CEFIJKLMOTUYgijlmoqy", c) || (inside && strchr("123456789bBAGZzXRk", c))))
        return translation_refuse(t, "Illegal/unsupported escape sequence", t->at + 1);
    if ((translation_starts(t, "\\p{") || translation_starts(t, "\\P{")) && put_property(t, inside))
        return ST_OK;
    if (translation_starts(t, "\\b{g}")) { /* a boundary of what is seen as one character */
        buf_put_text(t->ret, "(?!\\p{M}|\\u{200D})");
        t->at += 5;
        return ST_OK;
    }
    switch (c) {
    case 'p':
    case 'P':
        return put_known_property(t);
    case 'u':
        return put_unicode_escape(t);
    case 'x':
        return put_hexadecimal(t);
    case '0':
        return put_octal(t);
    case 'N':
        return put_name(t);
    default:
        break;
    }
    if (c >= '1' && c <= '9')
        return put_reference(t);
    buf_put(t->ret, t->java.data + t->at, c ? 2 : 1);
    t->at += c ? 2 : 1;
    return ST_OK;
}
