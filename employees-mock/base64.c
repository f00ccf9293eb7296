#include "employees-mock/base64.h"

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

enum status base64_decode(struct slice text, struct buf *ret, struct why *why)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t len = text.len;

    while (len > 0 && text.data[len - 1] == '=' && text.len - len < 2)
        len--;
    for (size_t i = 0; i < len; i++) {
        int value = digit_value((unsigned char)text.data[i]);

        if (value < 0)
            return fail(why, ST_BAD_INPUT, "Illegal base64 character %x",
                        (unsigned char)text.data[i]);
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            buf_put_char(ret, (char)(bits >> held & 0xff));
        }
    }
    if (len % 4 == 1)
        return fail(why, ST_BAD_INPUT, "Last unit does not have enough valid bits");
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
