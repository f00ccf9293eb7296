/* json_loose_read: one recursive descent with Jackson's leniencies and Jackson's words. */
#include "common/hex.h"
#include "common/json.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_cursor.h"
#include "employees-mock/match/json_loose.h"

#include <stdio.h>
#include <string.h>

static enum status read_value(struct cursor *r, json_t **ret);

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

/* Behind "\u": one code unit, or a surrogate pair; a lone surrogate counts as U+FFFD. */
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
    charset_put(ret, 0xFFFD);
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

/* A string in either quotes; r->at stands on the first of them. */
static enum status read_text(struct cursor *r, struct buf *ret)
{
    char quote = cursor_here(r);
    size_t from = ++r->at;
    enum status st;

    while (!cursor_at_end(r) && cursor_here(r) != quote) {
        unsigned char c = (unsigned char)cursor_here(r);

        if (c < 0x20) {
            char reason[160];

            snprintf(reason, sizeof reason,
                     "Illegal unquoted character ((CTRL-CHAR, code %u)): has to be escaped using "
                     "backslash to be included in string value",
                     c);
            return cursor_say(r, r->at + 1, reason);
        }
        if (c != '\\') {
            r->at++;
            continue;
        }
        buf_put(ret, r->text.data + from, r->at - from);
        st = read_escape(r, ret);
        if (st != ST_OK)
            return st;
        from = r->at;
    }
    if (cursor_at_end(r))
        return cursor_say(r, r->at,
                          "Unexpected end-of-input: was expecting closing quote for a string "
                          "value");
    buf_put(ret, r->text.data + from, r->at - from);
    r->at++;
    return buf_status(ret, r->why);
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

static enum status no_digit(struct cursor *r, const char *wanted)
{
    if (cursor_at_end(r))
        return cursor_say(r, r->at, "Unexpected end-of-input within/between Object entries");
    return cursor_unexpected(r, wanted);
}

static enum status scan_number(struct cursor *r)
{
    size_t from;
    size_t digits;

    if (cursor_here(r) == '-')
        r->at++;
    from = r->at;
    digits = skip_digits(r);
    if (digits == 0)
        return no_digit(r, "expected digit (0-9) to follow minus sign, for valid numeric value");
    if (digits > 1 && r->text.data[from] == '0')
        return cursor_say(r, from + 1, "Invalid numeric value: Leading zeroes not allowed");
    if (!cursor_at_end(r) && cursor_here(r) == '.') {
        r->at++;
        if (skip_digits(r) == 0)
            return no_digit(r, "Decimal point not followed by a digit");
    }
    if (!cursor_at_end(r) && (cursor_here(r) == 'e' || cursor_here(r) == 'E')) {
        r->at++;
        if (!cursor_at_end(r) && (cursor_here(r) == '+' || cursor_here(r) == '-'))
            r->at++;
        if (skip_digits(r) == 0)
            return no_digit(r, "Exponent indicator not followed by a digit");
    }
    return ST_OK;
}

static enum status read_number(struct cursor *r, json_t **ret)
{
    size_t from = r->at;
    enum status st = scan_number(r);
    struct slice literal = {r->text.data + from, r->at - from};

    if (st != ST_OK)
        return st;
    if (literal.len > JSON_LOOSE_DIGITS)
        return cursor_say(r, r->at, "Number value length exceeds the maximum allowed (1000)");
    if (r->depth == 0 && !cursor_at_end(r) && !memchr(" \t\r\n", cursor_here(r), 4))
        return cursor_unexpected(r, "Expected space separating root-level values");
    *ret = json_loose_number(literal);
    return *ret ? ST_OK : fail_memory(r->why);
}

static bool is_word(char c)
{
    return c == '_' || c == '$' || is_digit(c) || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static enum status read_word(struct cursor *r, json_t **ret)
{
    size_t from = r->at;
    struct slice word;
    char reason[240];

    while (!cursor_at_end(r) && is_word(cursor_here(r)))
        r->at++;
    word = (struct slice){r->text.data + from, r->at - from};
    if (word.len == 0)
        return cursor_unexpected(
            r, "expected a valid value (JSON String, Number, Array, Object or token "
               "'null', 'true' or 'false')");
    *ret = slice_is(word, "null")    ? json_null()
           : slice_is(word, "true")  ? json_true()
           : slice_is(word, "false") ? json_false()
                                     : NULL;
    if (*ret)
        return ST_OK;
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

static enum status read_array(struct cursor *r, json_t **ret)
{
    size_t start = r->at;
    auto_json json_t *array = json_array();
    enum status st = enter(r);

    if (!array)
        return fail_memory(r->why);
    for (bool first = true; st == ST_OK; first = false) {
        json_t *item = NULL;

        cursor_skip_blanks(r);
        if (cursor_at_end(r))
            return cursor_ended(r, "Array", start);
        if (cursor_here(r) == ']')
            break;
        if (!first) {
            if (cursor_here(r) != ',')
                return cursor_unexpected(r, "was expecting comma to separate Array entries");
            r->at++;
        }
        r->inside = "Array";
        st = read_value(r, &item);
        if (st == ST_OK && json_array_append_new(array, item) != 0)
            st = fail_memory(r->why);
    }
    if (st != ST_OK)
        return st;
    r->at++;
    r->depth--;
    *ret = take(array);
    return ST_OK;
}

static enum status read_member(struct cursor *r, json_t *object)
{
    auto_buf struct buf name = BUF_INIT(r->text.len + 64);
    json_t *value = NULL;
    enum status st;

    if (cursor_here(r) != '"' && cursor_here(r) != '\'')
        return cursor_unexpected(r, "was expecting double-quote to start field name");
    st = read_text(r, &name);
    if (st != ST_OK)
        return st;
    cursor_skip_blanks(r);
    if (cursor_at_end(r) || cursor_here(r) != ':')
        return cursor_at_end(r)
                   ? cursor_say(r, r->at, "Unexpected end-of-input within/between Object entries")
                   : cursor_unexpected(r, "was expecting a colon to separate field name and value");
    r->at++;
    r->inside = "Object";
    st = read_value(r, &value);
    if (st != ST_OK)
        return st;
    if (name.len > 0 && memchr(name.data, '\0', name.len)) {
        json_decref(value);
        return fail(r->why, ST_BAD_INPUT, "a member's name holds NUL");
    }
    if (!buf_text(&name) || json_object_setn_new_nocheck(object, name.data, name.len, value) != 0)
        return fail_memory(r->why);
    return ST_OK;
}

static enum status read_object(struct cursor *r, json_t **ret)
{
    size_t start = r->at;
    auto_json json_t *object = json_object();
    enum status st = enter(r);

    if (!object)
        return fail_memory(r->why);
    for (bool first = true; st == ST_OK; first = false) {
        cursor_skip_blanks(r);
        if (cursor_at_end(r))
            return cursor_ended(r, "Object", start);
        if (cursor_here(r) == '}')
            break;
        if (!first) {
            if (cursor_here(r) != ',')
                return cursor_unexpected(r, "was expecting comma to separate Object entries");
            r->at++;
            cursor_skip_blanks(r);
            if (cursor_at_end(r))
                return cursor_ended(r, "Object", start);
        }
        st = read_member(r, object);
    }
    if (st != ST_OK)
        return st;
    r->at++;
    r->depth--;
    *ret = take(object);
    return ST_OK;
}

static enum status read_string(struct cursor *r, json_t **ret)
{
    auto_buf struct buf text = BUF_INIT(r->text.len + 64);
    enum status st = read_text(r, &text);

    if (st != ST_OK)
        return st;
    *ret = json_stringn(text.data ? text.data : "", text.len);
    return *ret ? ST_OK : fail(r->why, ST_BAD_INPUT, "Invalid UTF-8");
}

static enum status no_value(struct cursor *r)
{
    char reason[80];

    if (r->depth == 0)
        return fail_at(r->why, ST_BAD_INPUT, "line 1 column 1",
                       "No content to map due to end-of-input");
    snprintf(reason, sizeof reason, "Unexpected end-of-input within/between %s entries", r->inside);
    return cursor_say(r, r->at, reason);
}

static enum status read_value(struct cursor *r, json_t **ret)
{
    char c;

    cursor_skip_blanks(r);
    if (cursor_at_end(r))
        return no_value(r);
    c = cursor_here(r);
    if (c == '{')
        return read_object(r, ret);
    if (c == '[')
        return read_array(r, ret);
    if (c == '"' || c == '\'')
        return read_string(r, ret);
    if (c == '-' || is_digit(c))
        return read_number(r, ret);
    return read_word(r, ret);
}

enum status json_loose_read(struct slice text, json_t **ret, struct why *why)
{
    struct cursor r = {.text = text, .why = why};

    return read_value(&r, ret);
}
