#include "plugin/json_in.h"

#include "plugin/text.h"
#include "plugin/text8.h"

struct json_in json_in_open(char *text, size_t len)
{
    return (struct json_in){.at = text, .end = text + len};
}

static bool broken(struct json_in *in)
{
    in->failed = true;
    in->at = in->end;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char json_in_peek(struct json_in *in)
{
    while (in->at < in->end && is_blank(*in->at))
        in->at++;
    return in->at < in->end ? *in->at : '\0';
}

bool json_in_ended(struct json_in *in)
{
    json_in_peek(in);
    return !in->failed && in->at == in->end;
}

static bool expect(struct json_in *in, char c)
{
    if (json_in_peek(in) != c || in->at == in->end)
        return broken(in);
    in->at++;
    return true;
}

bool json_in_enter(struct json_in *in, char bracket)
{
    return expect(in, bracket);
}

/* Past the comma before the next one, or past the closing bracket: then false. */
static bool next(struct json_in *in, bool *first, char closing)
{
    bool none_yet = *first;

    *first = false;
    if (json_in_peek(in) == closing) {
        in->at++;
        return false;
    }
    return none_yet || expect(in, ',');
}

bool json_in_member(struct json_in *in, bool *first, struct slice *ret_name)
{
    return !in->failed && next(in, first, '}') && json_in_string(in, ret_name) && expect(in, ':');
}

bool json_in_item(struct json_in *in, bool *first)
{
    return !in->failed && next(in, first, ']') && (json_in_peek(in) != ']' || broken(in));
}

bool json_in_once(bool *seen)
{
    bool again = *seen;

    *seen = true;
    return !again;
}

/* ---- strings ---- */

/* What stands for \c; '\0' for \u and for escapes that JSON does not know. */
static const char escapes[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* The four digits behind \u at `at`; -1 if they are none. */
static int32_t hex4(const char *at, const char *end)
{
    int32_t unit = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = text_hex_digit(at[i]);

        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* UTF-8 is never longer than the escapes that it stands for. */
static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

/* The escape \uXXXX at *at, or a pair of them; NULL if it is none or a lone surrogate. */
static char *decode_unicode(char **at, const char *end, char *out)
{
    int32_t unit = hex4(*at + 2, end);
    int32_t low;

    if (unit < 0)
        return NULL;
    *at += 6;
    if (unit < 0xd800 || unit > 0xdfff)
        return put_utf8(out, (uint32_t)unit);
    if (unit > 0xdbff || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
        return NULL;
    low = hex4(*at + 2, end);
    if (low < 0xdc00 || low > 0xdfff)
        return NULL;
    *at += 6;
    return put_utf8(out, 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00));
}

/* Moves plain bytes down to *out. */
static char *move_plain(char *at, const char *end, char **out)
{
    size_t plain = text8_plain(at, end);

    if (*out != at)
        memmove(*out, at, plain);
    *out += plain;
    return at + plain;
}

/* Decodes up to what is no short escape, or to near the end. Each word is stored as it is, and from
 * behind each escape anew. Where the next word begins depends on nothing that has to be computed
 * first, so the processor can run ahead. Reading must be a word ahead of writing, as what is stored
 * too much is overwritten later; the distance never shrinks. */
TEXT8_INLINE char *decode_fast(char *at, const char *end, char **out)
{
    char *to = *out;

    for (; end - at >= 16; at += 8, to += 8) {
        uint64_t word = text8_load(at);
        uint64_t special = text8_special(word);

        text8_store(to, word);
        while (special) {
            unsigned bit = (unsigned)__builtin_ctzll(special);
            char *from = at + bit / 8;
            char decoded = escapes[(unsigned char)from[1]];

            if (*from != '\\' || !decoded) {
                *out = to + bit / 8;
                return from;
            }
            to[bit / 8] = decoded;
            if (bit == 63) { /* its second character is the next word's first */
                at++;
                break;
            }
            text8_store(to + bit / 8 + 1, text8_load(from + 2));
            to--;
            special &= ~(0x101ULL << bit);
        }
    }
    *out = to;
    return at;
}

bool json_in_string(struct json_in *in, struct slice *ret)
{
    char *at, *out;
    const char *const end = in->end;

    if (!expect(in, '"'))
        return false;
    at = out = in->at;
    for (;;) {
        if (at - out >= 8)
            at = decode_fast(at, end, &out);
        at = move_plain(at, end, &out);
        if (at == end || (*at != '"' && end - at < 2))
            return broken(in);
        if (*at == '"')
            break;
        if (*at != '\\')
            return broken(in);
        if (escapes[(unsigned char)at[1]]) {
            *out++ = escapes[(unsigned char)at[1]];
            at += 2;
        } else if (at[1] != 'u' || !(out = decode_unicode(&at, end, out))) {
            return broken(in);
        }
    }
    *ret = (struct slice){in->at, (size_t)(out - in->at)};
    in->at = at + 1;
    return true;
}

/* ---- values that are not decoded ---- */

static bool skip_string(struct json_in *in)
{
    for (in->at++;; in->at += 2) {
        in->at += text8_plain(in->at, in->end);
        if (in->at == in->end || (*in->at != '"' && in->end - in->at < 2))
            return broken(in);
        if (*in->at == '"')
            break;
        if (*in->at != '\\')
            return broken(in);
        if (in->at[1] == 'u' ? hex4(in->at + 2, in->end) < 0 : !escapes[(unsigned char)in->at[1]])
            return broken(in);
    }
    in->at++;
    return true;
}

static bool skip_digits(struct json_in *in)
{
    char *from = in->at;

    while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
        in->at++;
    return in->at > from || broken(in);
}

static bool skip_one_of(struct json_in *in, char a, char b)
{
    if (in->at == in->end || (*in->at != a && *in->at != b))
        return false;
    in->at++;
    return true;
}

static bool skip_number(struct json_in *in)
{
    char *digits;

    skip_one_of(in, '-', '-');
    digits = in->at;
    if (!skip_digits(in) || (*digits == '0' && in->at - digits > 1))
        return broken(in);
    if (skip_one_of(in, '.', '.') && !skip_digits(in))
        return false;
    if (skip_one_of(in, 'e', 'E')) {
        skip_one_of(in, '+', '-');
        return skip_digits(in);
    }
    return true;
}

static bool skip_literal(struct json_in *in, struct slice word)
{
    if (!slice_starts((struct slice){in->at, (size_t)(in->end - in->at)}, word))
        return broken(in);
    in->at += word.len;
    return true;
}

static bool skip_scalar(struct json_in *in)
{
    switch (json_in_peek(in)) {
    case '"':
        return skip_string(in);
    case 't':
        return skip_literal(in, SLICE("true"));
    case 'f':
        return skip_literal(in, SLICE("false"));
    case 'n':
        return skip_literal(in, SLICE("null"));
    default:
        return skip_number(in);
    }
}

/* A value is walked with one flag a level: does it close with a brace or a bracket? */
bool json_in_raw(struct json_in *in, struct slice *ret)
{
    uint64_t is_object = 0; /* the innermost level in bit 0 */
    unsigned depth = 0;
    bool first = false;
    char *from;
    char c;

    json_in_peek(in);
    from = in->at;
    do {
        c = json_in_peek(in);
        if (c == '{' || c == '[') {
            if (depth++ == JSON_IN_DEPTH_MAX)
                return broken(in);
            is_object = is_object << 1 | (c == '{');
            first = true;
            in->at++;
        } else if (in->failed || !skip_scalar(in)) {
            return false;
        }
        while (depth > 0 && !next(in, &first, is_object & 1 ? '}' : ']')) {
            if (in->failed)
                return false;
            is_object >>= 1;
            depth--;
        }
        if (depth > 0 && (is_object & 1) &&
            (json_in_peek(in) != '"' || !skip_string(in) || !expect(in, ':')))
            return broken(in);
    } while (depth > 0);
    *ret = (struct slice){from, (size_t)(in->at - from)};
    return true;
}
