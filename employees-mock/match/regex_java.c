#include "employees-mock/match/regex_java.h"

#include "common/hex.h"
#include "common/utf8.h"
#include "employees-mock/match/regex_group.h"
#include "employees-mock/match/regex_property.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

enum { CLASS_DEPTH = 32, PROPERTY_MAX = 80 };

struct translation {
    struct slice java;
    size_t at;
    unsigned groups; /* that capture, so far */
    bool unicode;    /* the flag U */
    bool ascii_case; /* the flag i without u: only ASCII letters have two cases */
    struct buf *ret;
    struct why *why;
};

static void say(const char *reason, size_t at, struct slice java, struct why *why);

static bool starts(const struct translation *t, const char *text)
{
    return slice_starts((struct slice){t->java.data + t->at, t->java.len - t->at}, slice_of(text));
}

/* What PCRE2 knows and Java does not, or neither. */
static enum status refuse(struct translation *t, const char *reason, size_t at)
{
    say(reason, at, t->java, t->why);
    return ST_BAD_INPUT;
}

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
        return refuse(t, "Illegal Unicode escape sequence", end);
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
        return refuse(t, "Hexadecimal codepoint is too big", end - 1);
    if (!good || (braced && (end == t->java.len || t->java.data[end] != '}')))
        return refuse(t, "Illegal hexadecimal escape sequence", braced && !good ? end - 1 : end);
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
        return refuse(t, "Illegal octal escape sequence", at);
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
        return refuse(t, words, t->at + len - 1);
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
        return refuse(t, "Illegal character name escape sequence", t->at + 2);
    buf_printf(&words, "Unknown character name [%.*s]", (int)(end - from), from);
    return refuse(t, buf_text(&words) ? words.data : "Unknown character name",
                  (size_t)(end - t->java.data));
}

/* An escape that means the same in both, but for a few. */
static enum status put_escape(struct translation *t, bool inside)
{
    char c = t->at + 1 < t->java.len ? t->java.data[t->at + 1] : '\0';

    if (c && (strchr("CEFIJKLMOTUYgijlmoqy", c) || (inside && strchr("123456789bBAGZzXRk", c))))
        return refuse(t, "Illegal/unsupported escape sequence", t->at + 1);
    if ((starts(t, "\\p{") || starts(t, "\\P{")) && put_property(t, inside))
        return ST_OK;
    if (starts(t, "\\b{g}")) { /* a boundary of what is seen as one character */
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

/* \Q…\E is taken apart into escaped characters, so that it works inside a class too. */
static void put_quoted(struct translation *t)
{
    const char *from = t->java.data + t->at + 2;
    size_t left = t->java.len - t->at - 2;
    const char *end = left ? memmem(from, left, "\\E", 2) : NULL;
    size_t len = end ? (size_t)(end - from) : left;

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)from[i] < 0x80 && !memchr("0123456789", from[i], 10) &&
            (from[i] < 'A' || from[i] > 'Z') && (from[i] < 'a' || from[i] > 'z'))
            buf_put_char(t->ret, '\\');
        buf_put_char(t->ret, from[i]);
    }
    t->at += 2 + len + (end ? 2 : 0);
}

static enum status put_class(struct translation *t, unsigned depth);

/* One element of a class that is neither its end nor an operator. */
static enum status put_class_item(struct translation *t, unsigned depth)
{
    char c = t->java.data[t->at];

    if (c == '[')
        return put_class(t, depth + 1);
    if (starts(t, "\\Q"))
        put_quoted(t);
    else if (c == '\\') {
        bool is_set = t->at + 1 < t->java.len && strchr("dDwWsShHvVpP", t->java.data[t->at + 1]);
        enum status st = put_escape(t, true);

        if (st != ST_OK)
            return st;
        if (is_set && starts(t, "-")) { /* no range begins with a set */
            buf_put_text(t->ret, "\\-");
            t->at++;
        }
    } else {
        if (c == ':' || c == '.' || c == '=') /* behind '[' they begin PCRE2's named classes */
            buf_put_char(t->ret, '\\');
        buf_put_char(t->ret, c);
        t->at++;
    }
    return ST_OK;
}

/* The items up to "]" or "&&", written as one PCRE2 class; a nested class makes alternatives of
 * it, for PCRE2 has no unions: [a[bc]] is (?:[a]|[bc]). */
static enum status put_union(struct translation *t, bool negated, unsigned depth)
{
    struct buf *out = t->ret;
    auto_buf struct buf plain = BUF_INIT(out->max);
    auto_buf struct buf nested = BUF_INIT(out->max);
    enum status st = ST_OK;
    bool first = true;

    while (st == ST_OK && t->at < t->java.len && !starts(t, "&&") &&
           (first || t->java.data[t->at] != ']')) {
        bool is_class = t->java.data[t->at] == '[';

        first = false;
        if (is_class && nested.len > 0)
            buf_put_char(&nested, '|');
        t->ret = is_class ? &nested : &plain;
        st = put_class_item(t, depth);
    }
    t->ret = out;
    if (st != ST_OK)
        return st;
    if (nested.len == 0) {
        buf_put_text(out, negated ? "[^" : "[");
        buf_put_slice(out, buf_slice(&plain));
        buf_put_char(out, ']');
        return buf_status(&plain, t->why);
    }
    buf_put_text(out, negated ? "(?:(?!" : "(?:");
    buf_put_slice(out, buf_slice(&nested));
    if (plain.len > 0) {
        buf_put_text(out, "|[");
        buf_put_slice(out, buf_slice(&plain));
        buf_put_char(out, ']');
    }
    buf_put_text(out, negated ? ")(?s:.))" : ")");
    return buf_status(&nested, t->why);
}

/* From '[' behind its ']'. An intersection [a&&b] becomes (?:(?=[b])[a]); the negation of one
 * (?:(?!…)(?s:.)). */
static enum status put_class(struct translation *t, unsigned depth)
{
    struct buf *out = t->ret;
    auto_buf struct buf left = BUF_INIT(out->max);
    auto_buf struct buf right = BUF_INIT(out->max);
    bool negated;
    bool both = false;
    enum status st;

    if (depth > CLASS_DEPTH)
        return fail(t->why, ST_BAD_INPUT, "character classes are nested too deep");
    t->at++;
    negated = t->at < t->java.len && t->java.data[t->at] == '^';
    t->at += negated;
    while (starts(t, "&&"))
        t->at += 2;
    t->ret = &left;
    st = put_union(t, false, depth);
    while (st == ST_OK && starts(t, "&&")) {
        both = true;
        t->at += 2;
        if (t->at < t->java.len && t->java.data[t->at] == ']')
            break;
        buf_put_text(&right, "(?=");
        t->ret = &right;
        st = put_union(t, false, depth);
        buf_put_char(&right, ')');
    }
    t->ret = out;
    if (st != ST_OK)
        return st;
    if (t->at == t->java.len) {
        say("Unclosed character class", t->java.len - 1, t->java, t->why);
        return ST_BAD_INPUT;
    }
    t->at++; /* the ']' */
    if (!both && negated && left.len > 0 && left.data[0] == '[') {
        buf_put_text(out, "[^");
        buf_put(out, left.data + 1, left.len - 1);
    } else {
        buf_put_text(out, negated ? "(?:(?!" : both ? "(?:" : "");
        buf_put_slice(out, buf_slice(&right));
        buf_put_slice(out, buf_slice(&left));
        buf_put_text(out, negated ? ")(?s:.))" : both ? ")" : "");
    }
    return buf_status(&left, t->why);
}

static size_t digits_end(struct slice java, size_t at)
{
    while (at < java.len && java.data[at] >= '0' && java.data[at] <= '9')
        at++;
    return at;
}

/* "{2}", "{2,}", "{2,5}": a brace that begins none of these is an error, no text. */
static enum status put_repetition(struct translation *t)
{
    size_t end = digits_end(t->java, t->at + 1);

    if (end == t->at + 1) {
        say("Illegal repetition", t->at + 1, t->java, t->why);
        return ST_BAD_INPUT;
    }
    if (end < t->java.len && t->java.data[end] == ',')
        end = digits_end(t->java, end + 1);
    if (end == t->java.len || t->java.data[end] != '}') {
        say("Unclosed counted closure", end, t->java, t->why);
        return ST_BAD_INPUT;
    }
    buf_put(t->ret, t->java.data + t->at, end + 1 - t->at);
    t->at = end + 1;
    return ST_OK;
}

static enum status put_group(struct translation *t)
{
    bool named = starts(t, "(?<") && !starts(t, "(?<=") && !starts(t, "(?<!");
    const char *reason = regex_group_translate(t->java, &t->at, t->ret);

    t->groups += named;
    return reason ? refuse(t, reason, t->at) : ST_OK;
}

static void put_literal(struct translation *t)
{
    uint32_t code;
    size_t len = utf8_step((struct slice){t->java.data + t->at, t->java.len - t->at}, &code);

    len = len > 0 ? len : 1;
    t->groups += starts(t, "(");
    if (t->ascii_case && len > 1)
        buf_put_text(t->ret, "(?-i:");
    buf_put(t->ret, t->java.data + t->at, len);
    if (t->ascii_case && len > 1)
        buf_put_char(t->ret, ')');
    t->at += len;
}

/* Whether a group "(?flags)" or "(?flags:" has one of these flags switched on. */
static bool has_flag(struct slice java, const char *flags)
{
    for (size_t i = 0; i + 2 < java.len; i++) {
        size_t at = i + 2;
        bool found = false;

        if (java.data[i] != '(' || java.data[i + 1] != '?')
            continue;
        for (; at < java.len && strchr("idmsuxU", java.data[at]); at++)
            found = found || strchr(flags, java.data[at]);
        if (found && at < java.len && strchr(":)-", java.data[at]))
            return true;
    }
    return false;
}

enum status regex_java_translate(struct slice java, struct buf *ret, struct why *why)
{
    struct translation t = {.java = java, .ret = ret, .why = why};
    enum status st = ST_OK;

    t.unicode = has_flag(java, "U");
    t.ascii_case = has_flag(java, "i") && !has_flag(java, "uU");
    if (t.unicode)
        buf_put_text(ret, "(*UCP)");
    while (t.at < java.len && st == ST_OK) {
        if (starts(&t, "\\Q"))
            put_quoted(&t);
        else if (starts(&t, "(?"))
            st = put_group(&t);
        else if (starts(&t, "(*"))
            st = refuse(&t, "Dangling meta character '*'", t.at + 1);
        else if (java.data[t.at] == '\\')
            st = put_escape(&t, false);
        else if (java.data[t.at] == '[')
            st = put_class(&t, 0);
        else if (java.data[t.at] == '{')
            st = put_repetition(&t);
        else
            put_literal(&t);
    }
    if (st != ST_OK)
        return st;
    return buf_status(ret, why);
}

/* ---- errors ---- */

static const struct {
    int pcre;
    const char *java;
    bool at_end; /* Java names the pattern's end, not the place */
} reasons[] = {
    {PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS, "Unclosed group", true},
    {PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS, "Unmatched closing ')'", false},
    {PCRE2_ERROR_MISSING_SQUARE_BRACKET, "Unclosed character class", true},
    {PCRE2_ERROR_QUANTIFIER_INVALID, "Dangling meta character", false},
    {PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER, "Illegal repetition range", false},
    {PCRE2_ERROR_CLASS_RANGE_ORDER, "Illegal character range", false},
    {PCRE2_ERROR_END_BACKSLASH, "Unexpected internal error", true},
    {PCRE2_ERROR_UNKNOWN_ESCAPE, "Illegal/unsupported escape sequence", false},
    {PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH,
     "Look-behind group does not have an obvious maximum length", false},
};

/* "reason near index 2\nPATTERN\n  ^", the caret only inside of the pattern. */
static void say(const char *reason, size_t at, struct slice java, struct why *why)
{
    int shown = java.len > 80 ? 80 : (int)java.len;

    if (at < java.len && at < 80)
        fail(why, ST_BAD_INPUT, "%s near index %zu\n%.*s\n%*s^", reason, at, shown, java.data,
             (int)at, "");
    else
        fail(why, ST_BAD_INPUT, "%s near index %zu\n%.*s", reason, at, shown, java.data);
}

void regex_java_reason(int code, size_t offset, struct slice java, struct why *why)
{
    char message[160] = "Illegal regular expression";
    size_t at = offset < java.len ? offset : java.len;

    pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].pcre != code)
            continue;
        snprintf(message, sizeof message, "%s", reasons[i].java);
        if (reasons[i].at_end)
            at = java.len;
        if (code == PCRE2_ERROR_QUANTIFIER_INVALID && at < java.len)
            snprintf(message, sizeof message, "Dangling meta character '%c'", java.data[at]);
    }
    if ((code == PCRE2_ERROR_MISSING_SQUARE_BRACKET ||
         code == PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS) &&
        at > 0)
        at--;
    say(message, at, java, why);
}
