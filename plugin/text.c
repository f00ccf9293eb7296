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

enum { WORD = 8, STRETCH = 2048, LONGEST_ESCAPE = 6 };

/* The second character of a short escape; '\0' where \u00XX must do, or none is needed. */
static const char short_escapes[256] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
    ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
};

/* Writes what stands behind the backslash, and returns its length. */
TEXT8_INLINE size_t put_escaped(char *to, char c)
{
    char second = short_escapes[(unsigned char)c];

    *to = second;
    if (second)
        return 1;
    memcpy(to, "u00", 3);
    to[3] = hex_digits[(unsigned char)c >> 4];
    to[4] = hex_digits[c & 15];
    return 5;
}

/* Writes whole words: each as it is, and again from each special byte on, behind a backslash. So
 * no address has to wait for the one before, and the processor can run ahead. A word more is read
 * and written than counts. */
static size_t escape_words(char *to, const char *at, const char *end)
{
    const char *begin = to;

    for (; at < end; at += WORD, to += WORD) {
        uint64_t word = text8_load(at);
        uint64_t special = text8_special(word);

        text8_store(to, word);
        for (; special; special &= special - 1) {
            unsigned place = text8_first(special);
            const char *from = at + place;

            to[place] = '\\';
            to++;
            text8_store(to + place, text8_load(from));
            if ((unsigned char)*from < ' ') {
                size_t len = put_escaped(to + place, *from);

                text8_store(to + place + len, text8_load(from + 1));
                to += len - 1;
            }
        }
    }
    return (size_t)(to - begin);
}

static size_t escape_bytes(char *to, const char *at, const char *end)
{
    const char *begin = to;

    for (; at < end; at++) {
        if (text8_is_special(*at)) {
            *to++ = '\\';
            to += put_escaped(to, *at);
        } else {
            *to++ = *at;
        }
    }
    return (size_t)(to - begin);
}

/* How much of the text can be written as whole words, with one behind them; 0: none. */
static size_t in_words(size_t len)
{
    return len < 2 * WORD ? 0 : len - WORD < STRETCH ? (len - WORD) / WORD * WORD : STRETCH;
}

void text_put_json(struct buf *out, struct slice value)
{
    while (value.len > 0) {
        size_t words = in_words(value.len);
        size_t len = words > 0 ? words : value.len;
        char *room = buf_reserve(out, len * LONGEST_ESCAPE + WORD);
        const char *end = value.data + len;

        if (!room)
            return;
        buf_advance(out, words > 0 ? escape_words(room, value.data, end)
                                   : escape_bytes(room, value.data, end));
        value.data = end;
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
