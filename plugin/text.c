#include "plugin/text.h"

#include "plugin/text8.h"

static const char hex_digits[] = "0123456789abcdef";

void text_put_number(struct buf *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buf_put(out, digits + at, sizeof digits - at);
}

void text_put_hex(struct buf *out, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < len; i++) {
        buf_put_char(out, hex_digits[at[i] >> 4]);
        buf_put_char(out, hex_digits[at[i] & 15]);
    }
}

static bool is_unreserved(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c & 0x80) == 0
                                                  : text_is_digit(c) || (c && strchr("-._~", c));
}

void text_put_percent(struct buf *out, struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (is_unreserved(value.data[i])) {
            buf_put_char(out, value.data[i]);
        } else {
            buf_put_char(out, '%');
            text_put_hex(out, &value.data[i], 1);
        }
    }
}

enum { STRETCH = 2048, LONGEST_ESCAPE = 6 };

/* The second character of a short escape; '\0' where \u00XX must do, or none is needed. */
static const char short_escapes[256] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
    ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
};

static inline __attribute__((always_inline)) char *put_escape(char *to, char c)
{
    char second = short_escapes[(unsigned char)c];

    *to++ = '\\';
    if (second) {
        *to++ = second;
        return to;
    }
    memcpy(to, "u00", 3);
    to[3] = hex_digits[(unsigned char)c >> 4];
    to[4] = hex_digits[c & 15];
    return to + 5;
}

/* Writes one stretch; there is room for its longest form and a word more. */
static inline __attribute__((always_inline)) char *escape_stretch(char *to, const char *at,
                                                                  const char *end)
{
    while (end - at >= 8) {
        uint64_t word = text8_load(at);
        uint64_t special = text8_special(word);
        unsigned left = 8; /* bytes of the word that are not written yet */

        at += 8;
        while (special) {
            unsigned plain = text8_first(special);

            text8_store(to, word);
            to = put_escape(to + plain, (char)(word >> 8 * plain));
            left -= plain + 1;
            if (left == 0)
                break;
            word >>= 8 * (plain + 1);
            special >>= 8 * (plain + 1);
        }
        text8_store(to, word);
        to += left;
    }
    for (; at < end; at++) {
        if (text8_is_special(*at))
            to = put_escape(to, *at);
        else
            *to++ = *at;
    }
    return to;
}

void text_put_json(struct buf *out, struct slice value)
{
    while (value.len > 0) {
        size_t len = value.len < STRETCH ? value.len : STRETCH;
        char *room = buf_reserve(out, len * LONGEST_ESCAPE + 8);

        if (!room)
            return;
        buf_advance(out, (size_t)(escape_stretch(room, value.data, value.data + len) - room));
        value.data += len;
        value.len -= len;
    }
}

void text_put_member(struct buf *out, const char *name, struct slice value)
{
    buf_put_slice(out, SLICE(",\""));
    buf_put_text(out, name);
    buf_put_slice(out, SLICE("\":\""));
    text_put_json(out, value);
    buf_put_char(out, '"');
}

bool text_is_visible(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f)
            return false;
    }
    return true;
}

uint64_t text_hash(uint64_t hash, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * 0x100000001b3ULL;
    return (hash ^ 0xff) * 0x100000001b3ULL; /* so that "a","bc" and "ab","c" differ */
}
