#include "employees-mock/base64.h"

#include "common/utf8.h"

#include <stdint.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int digit_value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

/* Whether the '=' that was met before `at`, behind so many digits of a unit, ends it well. */
static bool is_padding(struct slice text, size_t *at, unsigned digits_before)
{
    if (digits_before == 0)
        return false;
    return digits_before != 2 || (*at < text.len && text.data[(*at)++] == '=');
}

/* The bytes of the last unit, of which so many digits came. */
static bool put_rest(uint32_t bits, unsigned digits_before, struct buf *ret)
{
    if (digits_before == 2)
        buf_put_char(ret, (char)(bits >> 4 & 0xff));
    if (digits_before == 3) {
        buf_put_char(ret, (char)(bits >> 10 & 0xff));
        buf_put_char(ret, (char)(bits >> 2 & 0xff));
    }
    return digits_before != 1;
}

static void put_unit(uint32_t bits, struct buf *ret)
{
    char three[3] = {(char)(bits >> 16 & 0xff), (char)(bits >> 8 & 0xff), (char)(bits & 0xff)};

    buf_put(ret, three, sizeof three);
}

/* Java reads Latin-1, in signed bytes, with '?' for what is not of it. */
static enum status refuse_digit(struct slice text, struct why *why)
{
    uint32_t code = (unsigned char)*text.data;

    if (code >= 0x80)
        utf8_step(text, &code);
    if (code >= 0x80 && code <= 0xff)
        return fail(why, ST_BAD_INPUT, "Illegal base64 character -%x", 0x100 - code);
    return fail(why, ST_BAD_INPUT, "Illegal base64 character %x", code > 0xff ? '?' : code);
}

enum status base64_decode(struct slice text, struct buf *ret, struct why *why)
{
    uint32_t bits = 0;
    unsigned held = 0; /* digits of the unit */
    uint32_t code;
    size_t at = 0;

    if (text.len == 1 || (text.len > 1 && utf8_step(text, &code) == text.len))
        return fail(why, ST_BAD_INPUT,
                    "Input byte[] should at least have 2 bytes for base64 bytes");
    while (at < text.len) {
        unsigned char c = (unsigned char)text.data[at++];
        int value = digit_value(c);

        if (c == '=') {
            if (!is_padding(text, &at, held))
                return fail(why, ST_BAD_INPUT, "Input byte array has wrong 4-byte ending unit");
            break;
        }
        if (value < 0)
            return refuse_digit((struct slice){text.data + at - 1, text.len - at + 1}, why);
        bits = bits << 6 | (uint32_t)value;
        if (++held == 4) {
            put_unit(bits, ret);
            held = 0;
        }
    }
    if (!put_rest(bits, held, ret))
        return fail(why, ST_BAD_INPUT, "Last unit does not have enough valid bits");
    if (at < text.len)
        return fail(why, ST_BAD_INPUT, "Input byte array has incorrect ending byte at %zu", at);
    return buf_status(ret, why);
}

void base64_encode(struct slice bytes, struct buf *ret)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    size_t left = bytes.len;

    for (; left >= 3; at += 3, left -= 3) {
        uint32_t bits = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], digits[bits >> 6 & 63],
                        digits[bits & 63]};

        buf_put(ret, four, sizeof four);
    }
    if (left > 0) {
        uint32_t bits = (uint32_t)at[0] << 16 | (left > 1 ? (uint32_t)at[1] << 8 : 0);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
                        left > 1 ? digits[bits >> 6 & 63] : '=', '='};

        buf_put(ret, four, sizeof four);
    }
}
