/* Jackson's leniencies, and its words where a text breaks the grammar. */
#include "employees-mock/match/json_grammar.h"

#include "common/hex.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"

#include <stdio.h>

/* ---- text ---- */

/* Four hex digits at r->at, which moves behind them; -1: there are none. */
static int read_code_unit(struct cursor *r)
{
    int unit = 0;

    for (int i = 0; i < 4; i++) {
        int digit = cursor_at_end(r) ? -1 : hex_digit(cursor_here(r));

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
        r->at++;
    }
    return unit;
}

/* Behind "\u": one code unit, or a surrogate pair; a lone surrogate is written as '?', which is what
 * Java makes of it. */
static enum status read_unicode(struct cursor *r, struct buf *ret)
{
    int unit = read_code_unit(r);
    int low;
    size_t behind;

    if (unit < 0)
        return cursor_at_end(r)
                   ? cursor_ended(r, "String", r->at)
                   : cursor_unexpected(r, "expected a hex-digit for character escape sequence");
    if (unit < 0xD800 || unit > 0xDFFF) {
        charset_put(ret, (unsigned)unit);
        return ST_OK;
    }
    behind = r->at;
    if (unit < 0xDC00 && r->at + 6 <= r->text.len && cursor_here(r) == '\\' &&
        r->text.data[r->at + 1] == 'u') {
        r->at += 2;
        low = read_code_unit(r);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            charset_put(ret,
                        0x10000u + (((unsigned)unit - 0xD800u) << 10) + ((unsigned)low - 0xDC00u));
            return ST_OK;
        }
        r->at = behind;
    }
    charset_put(ret, '?');
    return ST_OK;
}

static enum status read_escape(struct cursor *r, struct buf *ret)
{
    static const char names[] = "bfnrt\"\\/'";
    static const char means[] = "\b\f\n\r\t\"\\/'";
    const char *found;

    r->at++;
    if (cursor_at_end(r))
        return cursor_say(r, r->at, "Unexpected end-of-input in character escape sequence");
    if (cursor_here(r) == 'u') {
        r->at++;
        return read_unicode(r, ret);
    }
    found = cursor_here(r) ? strchr(names, cursor_here(r)) : NULL;
    if (!found) {
        char reason[80];

        snprintf(reason, sizeof reason, "Unrecognized character escape '%c' (code %u)",
                 cursor_here(r), (unsigned char)cursor_here(r));
        return cursor_say(r, r->at, reason);
    }
    buf_put_char(ret, means[found - names]);
    r->at++;
    return ST_OK;
}

/* Over what stands for itself. */
static void skip_plain(struct cursor *r, char quote)
{
    const char *from = r->text.data, *c = from + r->at, *end = from + r->text.len;

    while (c < end && *c != quote && *c != '\\' && (unsigned char)*c >= 0x20)
        c++;
    r->at = (size_t)(c - from);
}

/* Goes on with a text from where it stands no longer for itself. Apart from the usual way, which
 * needs no room on the stack. */
static __attribute__((noinline)) enum status read_escaped(struct cursor *r, char quote, size_t from,
                                                          struct buf *space, struct slice *ret)
{
    while (!cursor_at_end(r) && cursor_here(r) != quote) {
        enum status st;

        if (cursor_here(r) != '\\')
            return cursor_control(r);
        buf_put(space, r->text.data + from, r->at - from);
        st = read_escape(r, space);
        if (st != ST_OK)
            return st;
        from = r->at;
        skip_plain(r, quote);
    }
    if (cursor_at_end(r))
        return cursor_say(r, r->at,
                          r->in_name ? "Unexpected end-of-input in field name"
                                     : "Unexpected end-of-input: was expecting closing quote for "
                                       "a string value");
    buf_put(space, r->text.data + from, r->at - from);
    r->at++;
    *ret = buf_slice(space);
    return buf_status(space, r->why);
}

enum status grammar_text(struct cursor *r, struct buf *space, struct slice *ret)
{
    char quote = cursor_here(r);
    size_t from = ++r->at;

    skip_plain(r, quote);
    if (cursor_at_end(r) || cursor_here(r) != quote)
        return read_escaped(r, quote, from, space, ret);
    *ret = (struct slice){r->text.data + from, r->at - from};
    r->at++;
    return ST_OK;
}

/* ---- numbers and words ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct cursor *r)
{
    size_t from = r->at;

    while (!cursor_at_end(r) && is_digit(cursor_here(r)))
        r->at++;
    return r->at - from;
}

static enum status no_digit(struct cursor *r, const char *at_end, const char *wanted)
{
    char reason[80];

    if (!cursor_at_end(r))
        return cursor_no_number(r, r->at, r->at, wanted);
    snprintf(reason, sizeof reason, "Unexpected end-of-input%s", at_end);
    return cursor_say(r, r->at, reason);
}

static enum status scan_fraction(struct cursor *r)
{
    size_t point = r->at++;

    if (skip_digits(r) > 0)
        return ST_OK;
    return cursor_no_number(r, cursor_at_end(r) ? point : r->at, point,
                            "Decimal point not followed by a digit");
}

static enum status scan_exponent(struct cursor *r)
{
    r->at++;
    if (!cursor_at_end(r) && (cursor_here(r) == '+' || cursor_here(r) == '-'))
        r->at++;
    return skip_digits(r) > 0 ? ST_OK
                              : no_digit(r, "expected a digit for number exponent",
                                         "Exponent indicator not followed by a digit");
}

static enum status scan_number(struct cursor *r)
{
    size_t from;
    size_t digits;
    enum status st = ST_OK;

    if (cursor_here(r) == '-')
        r->at++;
    from = r->at;
    digits = skip_digits(r);
    if (digits == 0)
        return no_digit(r, "No digit following sign",
                        "expected digit (0-9) to follow minus sign, for valid numeric value");
    if (digits > 1 && r->text.data[from] == '0')
        return cursor_say(r, from + 1, "Invalid numeric value: Leading zeroes not allowed");
    if (!cursor_at_end(r) && cursor_here(r) == '.')
        st = scan_fraction(r);
    if (st == ST_OK && !cursor_at_end(r) && (cursor_here(r) == 'e' || cursor_here(r) == 'E'))
        st = scan_exponent(r);
    return st;
}

enum status grammar_number(struct cursor *r, struct slice *ret)
{
    size_t from = r->at;
    enum status st = scan_number(r);

    if (st != ST_OK)
        return st;
    *ret = (struct slice){r->text.data + from, r->at - from};
    if (ret->len > JSON_LOOSE_DIGITS)
        return cursor_say(r, r->at, "Number value length exceeds the maximum allowed (1000)");
    if (r->depth == 0 && !cursor_at_end(r) && !memchr(" \t\r\n", cursor_here(r), 4))
        return cursor_unexpected(r, "Expected space separating root-level values");
    return ST_OK;
}

static bool is_word(char c)
{
    return c == '_' || c == '$' || is_digit(c) || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static enum status refuse_word(struct cursor *r, struct slice word)
{
    char reason[240];

    if (slice_is(word, "NaN") || slice_is(word, "Infinity"))
        snprintf(reason, sizeof reason,
                 "Non-standard token '%.*s': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to "
                 "allow",
                 (int)word.len, word.data);
    else
        snprintf(
            reason, sizeof reason,
            "Unrecognized token '%.*s': was expecting (JSON String, Number, Array, Object or token "
            "'null', 'true' or 'false')",
            (int)(word.len < 100 ? word.len : 100), word.data);
    return cursor_say(r, r->at, reason);
}

enum status grammar_word(struct cursor *r, json_t **ret)
{
    size_t from = r->at;
    struct slice word;

    while (!cursor_at_end(r) && is_word(cursor_here(r)))
        r->at++;
    word = (struct slice){r->text.data + from, r->at - from};
    if (word.len == 0 && cursor_here(r) == '+')
        return cursor_no_number(r, r->at, r->at + 1,
                                "JSON spec does not allow numbers to have plus signs: enable "
                                "`JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS` to allow");
    if (word.len == 0)
        return cursor_unexpected(
            r, "expected a valid value (JSON String, Number, Array, Object or token "
               "'null', 'true' or 'false')");
    *ret = slice_equal(word, SLICE("null"))    ? json_null()
           : slice_equal(word, SLICE("true"))  ? json_true()
           : slice_equal(word, SLICE("false")) ? json_false()
                                               : NULL;
    return *ret ? ST_OK : refuse_word(r, word);
}

/* ---- containers ---- */

static enum status enter(struct cursor *r)
{
    if (++r->depth > JSON_LOOSE_DEPTH)
        return fail(r->why, ST_BAD_INPUT,
                    "Document nesting depth (%u) exceeds the maximum allowed (%d)", r->depth,
                    JSON_LOOSE_DEPTH);
    r->at++;
    return ST_OK;
}

static void leave(struct cursor *r)
{
    r->at++;
    r->depth--;
}

enum status grammar_items(struct cursor *r, grammar_item_fn *read, void *context)
{
    size_t start = r->at;
    enum status st = enter(r);

    for (size_t i = 0; st == ST_OK; i++) {
        r->items = i;
        cursor_skip_blanks(r);
        if (cursor_at_end(r))
            return cursor_ended(r, "Array", start);
        if (cursor_here(r) == ']')
            break;
        if (i > 0) {
            if (cursor_here(r) == '}')
                return cursor_wrong_end(r, "Array", start);
            if (cursor_here(r) != ',')
                return cursor_unexpected(r, "was expecting comma to separate Array entries");
            r->at++;
        }
        r->inside = "Array";
        st = read(r, i, context);
    }
    if (st == ST_OK)
        leave(r);
    return st;
}

/* Jackson reads the first member of an object by another way than the others. */
static enum status read_member(struct cursor *r, bool first, grammar_member_fn *read, void *context)
{
    auto_buf struct buf space = BUF_INIT(r->text.len + 64);
    struct slice name;
    enum status st;

    if (cursor_here(r) != '"' && cursor_here(r) != '\'')
        return cursor_unexpected(r, "was expecting double-quote to start field name");
    r->in_name = true;
    st = grammar_text(r, &space, &name);
    r->in_name = false;
    if (st != ST_OK)
        return st;
    cursor_skip_blanks(r);
    if (cursor_at_end(r) || cursor_here(r) != ':')
        return cursor_at_end(r)
                   ? cursor_say(r, r->at, "Unexpected end-of-input within/between Object entries")
                   : cursor_unexpected(r, "was expecting a colon to separate field name and value");
    r->at++;
    r->inside = "Object";
    cursor_skip_blanks(r);
    if (first && !cursor_at_end(r) && cursor_here(r) == '}')
        return cursor_unexpected(r, "expected a value");
    st = read(r, name, context);
    if (st == ST_OK && space.len > 0 && memchr(name.data, '\0', name.len))
        return fail(r->why, ST_BAD_INPUT, "a member's name holds NUL");
    return st;
}

enum status grammar_members(struct cursor *r, grammar_member_fn *read, void *context)
{
    size_t start = r->at;
    enum status st = enter(r);

    for (bool first = true; st == ST_OK; first = false) {
        cursor_skip_blanks(r);
        if (cursor_at_end(r))
            return cursor_ended(r, "Object", start);
        if (cursor_here(r) == '}')
            break;
        if (cursor_here(r) == ']')
            return cursor_wrong_end(r, "Object", start);
        if (!first) {
            if (cursor_here(r) != ',')
                return cursor_unexpected(r, "was expecting comma to separate Object entries");
            r->at++;
            cursor_skip_blanks(r);
            if (cursor_at_end(r))
                return cursor_say(r, r->at,
                                  "Unexpected end-of-input within/between Object entries");
        }
        st = read_member(r, first, read, context);
    }
    if (st == ST_OK)
        leave(r);
    return st;
}

/* ---- values ---- */

static enum status no_value(struct cursor *r)
{
    char reason[80];

    if (r->depth == 0)
        return fail_at(r->why, ST_BAD_INPUT, "line 1 column 1",
                       "No content to map due to end-of-input");
    snprintf(reason, sizeof reason, "Unexpected end-of-input within/between %s entries", r->inside);
    return cursor_say(r, r->at, reason);
}

enum status grammar_begin(struct cursor *r, enum grammar_value *ret)
{
    char c;

    cursor_skip_blanks(r);
    if (cursor_at_end(r))
        return no_value(r);
    c = cursor_here(r);
    if (r->depth == 0 && (c == ']' || c == '}'))
        return cursor_wrong_end(r, NULL, 0);
    *ret = c == '{'                  ? GRAMMAR_OBJECT
           : c == '['                ? GRAMMAR_ARRAY
           : c == '"' || c == '\''   ? GRAMMAR_TEXT
           : c == '-' || is_digit(c) ? GRAMMAR_NUMBER
                                     : GRAMMAR_WORD;
    return ST_OK;
}
