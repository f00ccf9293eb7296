#include "interceptor/engine/base62.h"

const char base62_alphabet[63] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

enum { BLOCK = 8, BLOCK_CHARS = 11 };

/* How many characters hold so many bytes. */
static const size_t chars_for[BLOCK + 1] = {0, 2, 3, 5, 6, 7, 9, 10, 11};

/* The value of a letter or digit, or -1. */
static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'z' ? c - 'a' + 36 : -1;
}

static void write_block(const uint8_t *bytes, size_t len, struct buf *ret)
{
    uint64_t number = 0;
    char text[BLOCK_CHARS];

    for (size_t i = 0; i < len; i++)
        number = number << 8 | bytes[i];
    for (size_t i = chars_for[len]; i-- > 0; number /= 62)
        text[i] = base62_alphabet[number % 62];
    buf_put(ret, text, chars_for[len]);
}

void base62_write(const uint8_t *bytes, size_t len, struct buf *ret)
{
    for (; len > BLOCK; len -= BLOCK, bytes += BLOCK)
        write_block(bytes, BLOCK, ret);
    write_block(bytes, len, ret);
}

/* How many bytes so many characters hold; 0: no number of bytes has that many. */
static size_t bytes_in(size_t chars)
{
    for (size_t len = 1; len <= BLOCK; len++) {
        if (chars_for[len] == chars)
            return len;
    }
    return 0;
}

static bool read_block(const char *text, size_t chars, struct buf *ret)
{
    size_t len = bytes_in(chars);
    uint64_t number = 0;
    uint8_t bytes[BLOCK];

    if (len == 0)
        return false;
    for (size_t i = 0; i < chars; i++) {
        int digit = digit_of(text[i]);

        if (digit < 0 || __builtin_mul_overflow(number, 62u, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit, &number))
            return false;
    }
    if (len < BLOCK && number >> (8 * len) != 0)
        return false;
    for (size_t i = len; i-- > 0; number >>= 8)
        bytes[i] = (uint8_t)number;
    buf_put(ret, bytes, len);
    return true;
}

bool base62_read(struct slice text, struct buf *ret)
{
    for (; text.len > BLOCK_CHARS; text.data += BLOCK_CHARS, text.len -= BLOCK_CHARS) {
        if (!read_block(text.data, BLOCK_CHARS, ret))
            return false;
    }
    return text.len == 0 || read_block(text.data, text.len, ret);
}

bool base62_is(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (digit_of(text.data[i]) < 0)
            return false;
    }
    return true;
}

static const char base64_alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_write(const uint8_t *bytes, size_t len, struct buf *ret)
{
    uint32_t bits = 0;
    int held = 0;

    for (size_t i = 0; i < len; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            buf_put_char(ret, base64_alphabet[bits >> (held - 6) & 63]);
    }
    if (held > 0)
        buf_put_char(ret, base64_alphabet[bits << (6 - held) & 63]);
}

static int sextet_of(char c)
{
    if (c == '-' || c == '_')
        return c == '-' ? 62 : 63;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    return c >= 'a' && c <= 'z' ? c - 'a' + 26 : -1;
}

bool base64url_read(struct slice text, struct buf *ret)
{
    uint32_t bits = 0;
    int held = 0;

    for (size_t i = 0; i < text.len; i++) {
        int sextet = sextet_of(text.data[i]);

        if (sextet < 0)
            return false;
        bits = bits << 6 | (uint32_t)sextet;
        held += 6;
        if (held >= 8) {
            held -= 8;
            buf_put_char(ret, (char)(bits >> held));
        }
    }
    return held < 6 && (bits & ((1u << held) - 1)) == 0;
}
