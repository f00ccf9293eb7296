#include "employees-mock/match/regex_java.h"

#include "employees-mock/match/regex_group.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

/* Properties by their Java names; PCRE2 10.42 knows the rest (\p{L}, \p{Lu}, \p{IsGreek} without
 * its Is) by its own. */
static const struct {
    const char *java;
    const char *pcre; /* inside a class */
} properties[] = {
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x00-\\x7F"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-\\/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x00-\\x1F\\x7F"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x0B\\f\\r"},
    {"javaLowerCase", "\\p{Ll}"},
    {"javaUpperCase", "\\p{Lu}"},
    {"javaWhitespace", "\\s"},
    {"IsAlphabetic", "\\p{L}\\p{Nl}"},
    {"IsLetter", "\\p{L}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsUppercase", "\\p{Lu}"},
    {"IsLowercase", "\\p{Ll}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsWhite_Space", "\\s"},
    {"InGreek", "\\x{370}-\\x{3FF}"},
};

enum { CLASS_DEPTH = 32 };

struct translation {
    struct slice java;
    size_t at;
    struct buf *ret;
    struct why *why;
};

static bool starts(const struct translation *t, const char *text)
{
    return slice_starts((struct slice){t->java.data + t->at, t->java.len - t->at}, slice_of(text));
}

/* \p{Name} or \P{Name}; `inside` a class of ours the brackets are there already. */
static bool put_property(struct translation *t, bool inside)
{
    bool negated = t->java.data[t->at + 1] == 'P';
    const char *from = t->java.data + t->at + 3;
    const char *end = memchr(from, '}', t->java.len - t->at - 3);
    struct slice name;

    if (!end || (negated && inside))
        return false;
    name = (struct slice){from, (size_t)(end - from)};
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        if (!slice_is(name, properties[i].java))
            continue;
        buf_printf(t->ret, inside ? "%s%s" : "[%s%s]", negated ? "^" : "", properties[i].pcre);
        t->at += 4 + name.len;
        return true;
    }
    if (!slice_starts(name, SLICE("Is")))
        return false;
    buf_printf(t->ret, "\\%c{%.*s}", negated ? 'P' : 'p', (int)name.len - 2, name.data + 2);
    t->at += 4 + name.len;
    return true;
}

/* "{Name}" of an escape, as it stands. */
static void put_braced(struct translation *t)
{
    const char *end =
        starts(t, "{") ? memchr(t->java.data + t->at, '}', t->java.len - t->at) : NULL;
    size_t len = end ? (size_t)(end - t->java.data) + 1 - t->at : 0;

    buf_put(t->ret, t->java.data + t->at, len);
    t->at += len;
}

/* An escape that means the same in both, but for a few. */
static void put_escape(struct translation *t, bool inside)
{
    char c;

    if ((starts(t, "\\p{") || starts(t, "\\P{")) && put_property(t, inside))
        return;
    buf_put_char(t->ret, '\\');
    t->at++;
    if (t->at == t->java.len)
        return;
    c = t->java.data[t->at++];
    if (c == 'h' || c == 'H' || c == 'R' || c == 'v' || c == 'V') {
        buf_put_char(t->ret, c);
        return;
    }
    if (c == 'Z' || c == 'z' || c == 'A' || c == 'G' || c == 'b' || c == 'B') {
        buf_put_char(t->ret, c);
        return;
    }
    if (c == '0') { /* \0n, \0nn, \0nnn: octal in Java */
        buf_put_text(t->ret, "o{");
        for (int i = 0; i < 3 && t->at < t->java.len && t->java.data[t->at] >= '0' &&
                        t->java.data[t->at] <= '7';
             i++)
            buf_put_char(t->ret, t->java.data[t->at++]);
        buf_put_char(t->ret, '}');
        return;
    }
    if (c == 'x' && t->at < t->java.len && t->java.data[t->at] == '{') {
        /* With ALT_BSUX \x{…} is no code point. */
        const char *end = memchr(t->java.data + t->at, '}', t->java.len - t->at);

        if (end) {
            buf_put_text(t->ret, "u");
            buf_put(t->ret, t->java.data + t->at, (size_t)(end - t->java.data) + 1 - t->at);
            t->at = (size_t)(end - t->java.data) + 1;
            return;
        }
    }
    buf_put_char(t->ret, c);
    if (c == 'p' || c == 'P' || c == 'N')
        put_braced(t);
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
static void say(const char *reason, size_t at, struct slice java, struct why *why);

/* One element of a class that is neither its end nor an operator. */
static enum status put_class_item(struct translation *t, unsigned depth)
{
    char c = t->java.data[t->at];

    if (c == '[')
        return put_class(t, depth + 1);
    if (starts(t, "\\Q"))
        put_quoted(t);
    else if (c == '\\')
        put_escape(t, true);
    else {
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

/* What PCRE2 knows and Java does not: its groups, its verbs "(*…)", its escapes. */
static enum status refuse(struct translation *t, const char *reason, size_t at)
{
    say(reason, at, t->java, t->why);
    return ST_BAD_INPUT;
}

static enum status put_group(struct translation *t)
{
    const char *reason = regex_group_translate(t->java, &t->at, t->ret);

    return reason ? refuse(t, reason, t->at) : ST_OK;
}

static bool at_unknown_escape(const struct translation *t)
{
    char c = t->at + 1 < t->java.len ? t->java.data[t->at + 1] : '\0';

    return starts(t, "\\") && c != '\0' && strchr("CEFIJKLMOTUYgijlmoqy", c);
}

enum status regex_java_translate(struct slice java, struct buf *ret, struct why *why)
{
    struct translation t = {.java = java, .ret = ret, .why = why};
    enum status st = ST_OK;

    while (t.at < java.len && st == ST_OK) {
        if (starts(&t, "\\Q"))
            put_quoted(&t);
        else if (at_unknown_escape(&t))
            st = refuse(&t, "Illegal/unsupported escape sequence", t.at + 1);
        else if (starts(&t, "(?"))
            st = put_group(&t);
        else if (starts(&t, "(*"))
            st = refuse(&t, "Dangling meta character '*'", t.at + 1);
        else if (java.data[t.at] == '\\')
            put_escape(&t, false);
        else if (java.data[t.at] == '[')
            st = put_class(&t, 0);
        else if (java.data[t.at] == '{')
            st = put_repetition(&t);
        else
            buf_put_char(ret, java.data[t.at++]);
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
