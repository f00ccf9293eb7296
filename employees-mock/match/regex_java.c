#include "employees-mock/match/regex_java.h"

#include "common/utf8.h"
#include "employees-mock/match/regex_group.h"
#include "employees-mock/match/regex_translation.h"

enum { CLASS_DEPTH = 32 };

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
    if (translation_starts(t, "\\Q"))
        put_quoted(t);
    else if (c == '\\') {
        bool is_set = t->at + 1 < t->java.len && strchr("dDwWsShHvVpP", t->java.data[t->at + 1]);
        enum status st = translation_put_escape(t, true);

        if (st != ST_OK)
            return st;
        if (is_set && translation_starts(t, "-")) { /* no range begins with a set */
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

    while (st == ST_OK && t->at < t->java.len && !translation_starts(t, "&&") &&
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
    while (translation_starts(t, "&&"))
        t->at += 2;
    t->ret = &left;
    st = put_union(t, false, depth);
    while (st == ST_OK && translation_starts(t, "&&")) {
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
    if (t->at == t->java.len)
        return translation_refuse(t, "Unclosed character class", t->java.len - 1);
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

    if (end == t->at + 1)
        return translation_refuse(t, "Illegal repetition", t->at + 1);
    if (end < t->java.len && t->java.data[end] == ',')
        end = digits_end(t->java, end + 1);
    if (end == t->java.len || t->java.data[end] != '}')
        return translation_refuse(t, "Unclosed counted closure", end);
    buf_put(t->ret, t->java.data + t->at, end + 1 - t->at);
    t->at = end + 1;
    return ST_OK;
}

static enum status put_group(struct translation *t)
{
    bool named = translation_starts(t, "(?<") && !translation_starts(t, "(?<=") &&
                 !translation_starts(t, "(?<!");
    const char *reason = regex_group_translate(t->java, &t->at, t->ret);

    t->groups += named;
    return reason ? translation_refuse(t, reason, t->at) : ST_OK;
}

static void put_literal(struct translation *t)
{
    uint32_t code;
    size_t len = utf8_step(slice_from(t->java, t->at), &code);

    len = len > 0 ? len : 1;
    t->groups += translation_starts(t, "(");
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
        if (translation_starts(&t, "\\Q"))
            put_quoted(&t);
        else if (translation_starts(&t, "(?"))
            st = put_group(&t);
        else if (translation_starts(&t, "(*"))
            st = translation_refuse(&t, "Dangling meta character '*'", t.at + 1);
        else if (java.data[t.at] == '\\')
            st = translation_put_escape(&t, false);
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
