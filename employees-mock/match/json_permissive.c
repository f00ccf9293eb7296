/* json_loose_read_permissive: JSON as json-smart takes it in its permissive mode. */
#include "common/hex.h"
#include "common/json.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"

#include <string.h>

enum { DEPTH_MAX = 400 }; /* json-smart's own */

struct reader {
    struct slice text;
    size_t at;
    unsigned depth;
    struct why *why;
};

static enum status read_value(struct reader *r, const char *stops, json_t **ret);

static bool at_end(const struct reader *r)
{
    return r->at >= r->text.len;
}

static char here(const struct reader *r)
{
    return at_end(r) ? '\0' : r->text.data[r->at];
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct reader *r)
{
    while (!at_end(r) && is_blank(here(r)))
        r->at++;
}

/* json-smart names the place of the last character, and what it did not find. */
static enum status ended(struct reader *r, const char *wanted)
{
    return fail(r->why, ST_BAD_INPUT, "Unexpected End Of File position %zu: %s",
                r->at > 0 ? r->at - 1 : 0, wanted);
}

static enum status unexpected(struct reader *r)
{
    if (at_end(r))
        return ended(r, "null");
    return fail(r->why, ST_BAD_INPUT, "Unexpected character (%c) at position %zu.", here(r), r->at);
}

/* ---- text ---- */

static bool read_hex(struct reader *r, size_t count, uint32_t *ret)
{
    *ret = 0;
    while (count-- > 0) {
        int digit = hex_digit(here(r));

        if (digit < 0)
            return false;
        *ret = *ret * 16 + (uint32_t)digit;
        r->at++;
    }
    return true;
}

static void put_code(struct buf *ret, uint32_t code)
{
    charset_put(ret, code >= 0xD800 && code <= 0xDFFF ? '?' : code);
}

static bool read_escape(struct reader *r, struct buf *ret)
{
    static const char names[] = "tnrfb";
    static const char means[] = "\t\n\r\f\b";
    char c = here(r);
    const char *known = c ? strchr(names, c) : NULL;
    uint32_t code;

    r->at++;
    if (c == 'u' || c == 'x') {
        if (!read_hex(r, c == 'u' ? 4 : 2, &code))
            return false;
        put_code(ret, code);
        return true;
    }
    buf_put_char(ret, known ? means[known - names] : c);
    return true;
}

static void skip_plain(struct reader *r, char quote)
{
    while (!at_end(r) && here(r) != quote && here(r) != '\\')
        r->at++;
}

/* The text's own bytes, or what was put into `space` if it has escapes. */
static enum status read_quoted(struct reader *r, struct buf *space, struct slice *ret)
{
    char quote = here(r);
    size_t from = ++r->at;
    bool escaped = false;

    for (skip_plain(r, quote); here(r) == '\\'; skip_plain(r, quote)) {
        escaped = true;
        buf_put(space, r->text.data + from, r->at - from);
        r->at++;
        if (at_end(r) || !read_escape(r, space))
            return unexpected(r);
        from = r->at;
    }
    if (at_end(r))
        return fail(r->why, ST_BAD_INPUT, "Unexpected End Of File position %zu: null", r->at);
    *ret = (struct slice){r->text.data + from, r->at - from};
    r->at++;
    if (!escaped)
        return ST_OK;
    buf_put_slice(space, *ret);
    *ret = buf_slice(space);
    return buf_status(space, r->why);
}

/* Up to one of the stops, without blanks at its end. */
static struct slice read_bare(struct reader *r, const char *stops)
{
    size_t from = r->at;

    while (!at_end(r) && (!here(r) || !strchr(stops, here(r))))
        r->at++;
    return slice_trim((struct slice){r->text.data + from, r->at - from});
}

static bool is_number(struct slice s)
{
    size_t at = s.len > 0 && s.data[0] == '-';
    size_t digits = at;

    while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
        at++;
    if (at == digits || s.len > JSON_LOOSE_DIGITS)
        return false;
    if (at < s.len && s.data[at] == '.') {
        at++;
        while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
            at++;
    }
    if (at < s.len && (s.data[at] == 'e' || s.data[at] == 'E')) {
        at++;
        at += at < s.len && (s.data[at] == '+' || s.data[at] == '-');
        digits = at;
        while (at < s.len && s.data[at] >= '0' && s.data[at] <= '9')
            at++;
        if (at == digits)
            return false;
    }
    return at == s.len;
}

/* Zeros before a whole number's digits are dropped. */
static struct slice without_zeros(struct slice s)
{
    while (s.len > 1 && s.data[0] == '0' && s.data[1] >= '0' && s.data[1] <= '9') {
        s.data++;
        s.len--;
    }
    return s;
}

static enum status take_bare(struct reader *r, struct slice word, json_t **ret)
{
    if (slice_is(word, "null"))
        *ret = json_null();
    else if (slice_is(word, "true"))
        *ret = json_true();
    else if (slice_is(word, "false"))
        *ret = json_false();
    else if (is_number(word))
        *ret = json_loose_number(without_zeros(word));
    else
        *ret = json_stringn(word.len ? word.data : "", word.len);
    return *ret ? ST_OK : fail(r->why, ST_BAD_INPUT, "Invalid UTF-8");
}

/* ---- containers ---- */

static enum status enter(struct reader *r)
{
    if (++r->depth > DEPTH_MAX)
        return fail(r->why, ST_BAD_INPUT,
                    "Malicious payload, having non natural depths, have been placed in %zu", r->at);
    r->at++;
    return ST_OK;
}

static enum status read_array(struct reader *r, json_t **ret)
{
    auto_json json_t *array = json_array();
    enum status st = enter(r);

    while (st == ST_OK) {
        json_t *item = NULL;

        skip_blanks(r);
        if (here(r) == ']')
            break;
        if (here(r) == ',') {
            r->at++;
            continue;
        }
        if (at_end(r))
            return ended(r, "EOF");
        if (here(r) == ':' || here(r) == '}')
            return unexpected(r);
        st = read_value(r, ",]", &item);
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

static enum status read_member(struct reader *r, json_t *object)
{
    auto_buf struct buf space = BUF_INIT(r->text.len + 1);
    auto_json json_t *value = NULL;
    struct slice name;
    enum status st = ST_OK;

    if (here(r) == '"' || here(r) == '\'')
        st = read_quoted(r, &space, &name);
    else
        name = read_bare(r, ":{}[],");
    if (st != ST_OK)
        return st;
    skip_blanks(r);
    if (here(r) != ':')
        return unexpected(r);
    r->at++;
    skip_blanks(r);
    if (here(r) == ',')
        value = json_string("");
    else
        st = read_value(r, ",}", &value);
    if (st != ST_OK)
        return st;
    if (memchr(name.data, '\0', name.len) ||
        json_object_setn_new(object, name.data, name.len, take(value)) != 0)
        return fail(r->why, ST_BAD_INPUT, "a member's name is no text");
    return ST_OK;
}

static enum status read_object(struct reader *r, json_t **ret)
{
    auto_json json_t *object = json_object();
    enum status st = enter(r);

    while (st == ST_OK) {
        skip_blanks(r);
        if (here(r) == '}')
            break;
        if (here(r) == ',') {
            r->at++;
            continue;
        }
        if (at_end(r) || here(r) == ':' || here(r) == ']' || here(r) == '[' || here(r) == '{')
            return unexpected(r);
        st = read_member(r, object);
    }
    if (st != ST_OK)
        return st;
    r->at++;
    r->depth--;
    *ret = take(object);
    return ST_OK;
}

static enum status read_string(struct reader *r, json_t **ret)
{
    auto_buf struct buf space = BUF_INIT(3 * r->text.len + 8);
    struct slice text;
    enum status st = read_quoted(r, &space, &text);

    if (st != ST_OK)
        return st;
    *ret = json_stringn(text.data, text.len);
    return *ret ? ST_OK : fail(r->why, ST_BAD_INPUT, "Invalid UTF-8");
}

static enum status read_value(struct reader *r, const char *stops, json_t **ret)
{
    skip_blanks(r);
    switch (here(r)) {
    case '{':
        return read_object(r, ret);
    case '[':
        return read_array(r, ret);
    case '"':
    case '\'':
        return read_string(r, ret);
    case ':':
    case '}':
    case ']':
        return unexpected(r);
    default:
        return at_end(r) ? ended(r, "EOF") : take_bare(r, read_bare(r, stops), ret);
    }
}

enum status json_loose_read_permissive(struct slice text, json_t **ret, struct why *why)
{
    struct reader r = {.text = text, .why = why};

    if (text.len > 0 && slice_trim(text).len == 0) { /* a bare word of nothing */
        *ret = json_string("");
        return *ret ? ST_OK : fail_memory(why);
    }
    return read_value(&r, "", ret);
}
