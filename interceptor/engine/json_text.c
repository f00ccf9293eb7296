#include "interceptor/engine/json_text.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/json_escape.h"
#include "interceptor/engine/scan.h"

const char *json_text_fail(struct json_text *t, const char *at, const char *fault)
{
    if (!t->fault) {
        t->fault_at = at;
        t->fault = fault;
    }
    return NULL;
}

enum status json_text_status(const struct json_text *t, struct why *why)
{
    return fail(why, ST_BAD_INPUT, "byte %zu of the data set: %s", (size_t)(t->fault_at - t->start),
                t->fault);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && is_digit(*p))
        p++;
    return p;
}

/* The parts of a number that may be missing; each returns p where it is missing, NULL where it is
 * broken. */
static const char *skip_fraction(const char *p, const char *end)
{
    const char *digits = p + 1;

    if (p == end || *p != '.')
        return p;
    p = skip_digits(digits, end);
    return p == digits ? NULL : p;
}

static const char *skip_exponent(const char *p, const char *end)
{
    const char *digits = p + 1;

    if (p == end || (*p != 'e' && *p != 'E'))
        return p;
    if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
    p = skip_digits(digits, end);
    return p == digits ? NULL : p;
}

/* Behind the number at p, or NULL where there is none. */
static const char *skip_number(const char *p, const char *end)
{
    if (p < end && *p == '-')
        p++;
    if (p == end || !is_digit(*p))
        return NULL;
    p = *p == '0' ? p + 1 : skip_digits(p, end);
    p = skip_fraction(p, end);
    return p ? skip_exponent(p, end) : NULL;
}

const char *json_text_number(struct json_text *t, const char *p)
{
    const char *behind = skip_number(p, t->end);

    return behind ? behind : json_text_fail(t, p, "a number is not well-formed");
}

bool json_text_is_number(struct slice text)
{
    const char *end;

    if (text.len == 0)
        return false; /* its data may be NULL, of which there is no end */
    end = text.data + text.len;
    return skip_number(text.data, end) == end;
}

/* Behind the word true, false or null at p, or NULL. */
static const char *skip_word(const char *p, const char *end)
{
    size_t left = (size_t)(end - p);

    if (left >= 4 && (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0))
        return p + 4;
    return left >= 5 && memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
}

const char *json_text_word(struct json_text *t, const char *p)
{
    const char *behind = skip_word(p, t->end);

    return behind ? behind : json_text_fail(t, p, "true, false or null is expected");
}

/* Whether a value of an array begins at p: looks at scalars up to what must follow them, through the
 * openings of arrays, and at the first token of objects. Sees no apostrophe but as the last byte,
 * so that the whole stays linear. */
static bool begins_value(const char *p, const char *end)
{
    const char *from = p;
    const char *behind;

    while (p < end && *p == '[')
        p = scan_blanks(p + 1, end);
    if (p == end)
        return false;
    if (*p == '\'' || (*p == ']' && p > from))
        return true;
    if (*p == '{') {
        p = scan_blanks(p + 1, end);
        return p < end && (*p == '\'' || *p == '}');
    }
    behind = *p == '-' || is_digit(*p) ? skip_number(p, end) : skip_word(p, end);
    if (!behind)
        return false;
    behind = scan_blanks(behind, end);
    return behind < end && (*behind == ',' || *behind == ']');
}

/* Whether the apostrophe before p ends a string: only where JSON could go on. */
static bool ends_string(const char *p, const char *end, enum json_role role)
{
    p = scan_blanks(p, end);
    if (p == end)
        return true;
    if (role == ROLE_NAME)
        return *p == ':';
    if (*p != ',')
        return *p == (role == ROLE_IN_OBJECT ? '}' : ']');
    p = scan_blanks(p + 1, end);
    return role == ROLE_IN_OBJECT ? p < end && *p == '\'' : begins_value(p, end);
}

/* Steps over what stopped the scan inside a string; the end of it is seen by the caller. */
static const char *skip_odd(struct json_text *t, const char *p)
{
    const char *behind;
    unsigned char c = (unsigned char)*p;

    if (c >= 0x80) {
        behind = codepoint_next(p, t->end);
        return behind ? behind : json_text_fail(t, p, "the text is not UTF-8");
    }
    if (c == '\\') {
        behind = json_escape_skip(p, t->end, t->apostrophe);
        return behind ? behind : json_text_fail(t, p, "an escape is not well-formed");
    }
    if (c == '"' || (t->apostrophe && (c == '\n' || c == '\r' || c == '\t')))
        return p + 1;
    return json_text_fail(t, p, "a control character in a string");
}

/* Runs of text that is no ASCII are stepped over here, not by the scan. */
static const char *skip_wide(struct json_text *t, const char *p)
{
    while (p && p < t->end && (unsigned char)*p >= 0x80)
        p = skip_odd(t, p);
    return p;
}

const char *json_text_string(struct json_text *t, const char *p, enum json_role role,
                             struct json_string *ret)
{
    const char *from = p;
    bool plain = true;

    for (;;) {
        p = t->quote == '"' ? scan_plain(p, t->end, '"', '"') : scan_plain(p, t->end, '\'', '"');
        if (p == t->end)
            return json_text_fail(t, from, "the string that begins here does not end");
        if (*p == t->quote) {
            if (t->quote == '"' || ends_string(p + 1, t->end, role))
                break;
            p++;
        } else if ((unsigned char)*p >= 0x80) {
            p = skip_wide(t, p);
        } else {
            plain = false;
            p = skip_odd(t, p);
        }
        if (!p)
            return NULL;
    }
    *ret = (struct json_string){{from, (size_t)(p - from)}, plain};
    return p + 1;
}

void json_text_decode(const struct json_text *t, struct slice raw, struct buf *ret)
{
    const char *p = raw.data, *end = raw.data + raw.len;

    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));
        char bytes[CODEPOINT_BYTES_MAX];
        size_t len;

        buf_put(ret, p, (size_t)((slash ? slash : end) - p));
        if (!slash)
            break;
        p = json_escape_read(slash, t->apostrophe, bytes, &len);
        buf_put(ret, bytes, len);
    }
}

static const char *copy_special(const struct json_text *t, const char *p, struct sink *s)
{
    char bytes[CODEPOINT_BYTES_MAX] = {0};
    size_t len;

    if (*p != '\\') {
        sink_put_escape(s, (unsigned char)*p, SINK_STRING);
        return p + 1;
    }
    p = json_escape_read(p, t->apostrophe, bytes, &len);
    if (len == 1 && scan_is_special(bytes[0])) {
        sink_put_escape(s, (unsigned char)bytes[0], SINK_STRING);
    } else {
        memcpy(s->pos, bytes, sizeof bytes);
        s->pos += len;
    }
    return p;
}

bool json_text_copy(const struct json_text *t, struct slice raw, struct sink *s)
{
    const char *p = raw.data, *end = raw.data + raw.len;

    while (p < end) {
        const char *special = scan_special(p, end);
        const char *stop = end - special > SINK_CHUNK ? special + SINK_CHUNK : end;

        if (!sink_room(s, (size_t)(special - p) + (SINK_CHUNK + 16) * SINK_CHAR_MAX))
            return false;
        sink_put(s, p, (size_t)(special - p));
        for (p = special; p < stop;) {
            p = copy_special(t, p, s);
            special = scan_special(p, p < stop ? stop : p);
            sink_put(s, p, (size_t)(special - p));
            p = special;
        }
    }
    return true;
}

/* Steps through the characters of a raw string, byte by byte. */
struct cursor {
    const char *p;
    const char *end;
    char bytes[CODEPOINT_BYTES_MAX]; /* of an escape */
    size_t at;
    size_t len;
};

/* The next byte, or -1 behind the last. */
static int next_byte(const struct json_text *t, struct cursor *c)
{
    if (c->at < c->len)
        return (unsigned char)c->bytes[c->at++];
    if (c->p == c->end)
        return -1;
    if (*c->p != '\\')
        return (unsigned char)*c->p++;
    c->p = json_escape_read(c->p, t->apostrophe, c->bytes, &c->len);
    c->at = 1;
    return (unsigned char)c->bytes[0];
}

static bool has_escapes(struct slice raw)
{
    return raw.len > 0 && memchr(raw.data, '\\', raw.len);
}

bool json_text_same(const struct json_text *t, struct slice a, struct slice b)
{
    struct cursor left = {.p = a.data, .end = a.data + a.len};
    struct cursor right = {.p = b.data, .end = b.data + b.len};
    int byte;

    if (!has_escapes(a) && !has_escapes(b))
        return slice_equal(a, b);
    do {
        byte = next_byte(t, &left);
        if (byte != next_byte(t, &right))
            return false;
    } while (byte >= 0);
    return true;
}
