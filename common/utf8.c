#include "common/utf8.h"

#include <string.h>

/* Forms by the bits of their first byte; `least` is the smallest code point that needs them. */
static const struct form {
    unsigned char mask;
    unsigned char lead;
    unsigned char len;
    uint32_t least;
} forms[] = {
    {0x80, 0x00, 1, 0},
    {0xe0, 0xc0, 2, 0x80},
    {0xf0, 0xe0, 3, 0x800},
    {0xf8, 0xf0, 4, 0x10000},
};

static const struct form *form_of(unsigned char first)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((first & forms[i].mask) == forms[i].lead)
            return &forms[i];
    }
    return NULL;
}

static bool is_scalar(uint32_t code)
{
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

size_t utf8_step(struct slice text, uint32_t *ret_code)
{
    const unsigned char *bytes = (const unsigned char *)text.data;
    const struct form *form = text.len > 0 ? form_of(bytes[0]) : NULL;
    uint32_t code;

    if (!form || form->len > text.len)
        return 0;
    code = bytes[0] & (unsigned char)~form->mask;
    for (size_t i = 1; i < form->len; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3f);
    }
    if (code < form->least || !is_scalar(code))
        return 0;
    *ret_code = code;
    return form->len;
}

/* Whether the next eight bytes are there, and ASCII: what most text is made of. */
static inline bool begins_with_ascii_word(struct slice text)
{
    uint64_t word;

    if (text.len < sizeof word)
        return false;
    memcpy(&word, text.data, sizeof word);
    return (word & 0x8080808080808080) == 0;
}

bool utf8_valid(struct slice text)
{
    while (text.len > 0) {
        uint32_t code;
        size_t step = begins_with_ascii_word(text)         ? 8
                      : (unsigned char)text.data[0] < 0x80 ? 1
                                                           : utf8_step(text, &code);

        if (step == 0)
            return false;
        text.data += step;
        text.len -= step;
    }
    return true;
}

bool utf8_is_ascii(struct slice text)
{
    while (begins_with_ascii_word(text)) {
        text.data += 8;
        text.len -= 8;
    }
    while (text.len > 0 && (unsigned char)text.data[text.len - 1] < 0x80)
        text.len--;
    return text.len == 0;
}

struct slice utf8_cut(struct slice text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max > 0 && ((unsigned char)text.data[max] & 0xc0) == 0x80)
        max--;
    return (struct slice){text.data, max};
}

/* Every `step`th code point from `first` to `last` is a capital, `small` away from its small
 * letter. From Unicode's table of simple lower case. */
static const struct capitals {
    uint16_t first;
    uint16_t last;
    uint16_t step;
    int16_t small;
} capitals[] = {
    {0x0041, 0x005a, 1, 32}, {0x00c0, 0x00d6, 1, 32},    {0x00d8, 0x00de, 1, 32},
    {0x0100, 0x012e, 2, 1},  {0x0132, 0x0136, 2, 1},     {0x0139, 0x0147, 2, 1},
    {0x014a, 0x0176, 2, 1},  {0x0178, 0x0178, 1, -121},  {0x0179, 0x017d, 2, 1},
    {0x01a0, 0x01a4, 2, 1},  {0x01af, 0x01af, 1, 1},     {0x01cd, 0x01db, 2, 1},
    {0x01de, 0x01ee, 2, 1},  {0x01f8, 0x021e, 2, 1},     {0x0222, 0x0232, 2, 1},
    {0x0246, 0x024e, 2, 1},  {0x0386, 0x0386, 1, 38},    {0x0388, 0x038a, 1, 37},
    {0x038c, 0x038c, 1, 64}, {0x038e, 0x038f, 1, 63},    {0x0391, 0x03a1, 1, 32},
    {0x03a3, 0x03ab, 1, 32}, {0x03d8, 0x03ee, 2, 1},     {0x0400, 0x040f, 1, 80},
    {0x0410, 0x042f, 1, 32}, {0x0460, 0x0480, 2, 1},     {0x048a, 0x04be, 2, 1},
    {0x04c0, 0x04c0, 1, 15}, {0x04c1, 0x04cd, 2, 1},     {0x04d0, 0x052e, 2, 1},
    {0x0531, 0x0556, 1, 48}, {0x1c90, 0x1cba, 1, -3008}, {0x1cbd, 0x1cbf, 1, -3008},
    {0x1e00, 0x1e94, 2, 1},  {0x1e9e, 0x1e9e, 1, -7615}, {0x1ea0, 0x1efe, 2, 1},
    {0xff21, 0xff3a, 1, 32},
};

static uint32_t small_letter(uint32_t code)
{
    for (size_t i = 0; i < sizeof capitals / sizeof capitals[0] && code >= capitals[i].first; i++) {
        if (code <= capitals[i].last && (code - capitals[i].first) % capitals[i].step == 0)
            return (uint32_t)((int32_t)code + capitals[i].small);
    }
    return code;
}

uint64_t utf8_hash_nocase(struct slice text, uint64_t seed)
{
    uint32_t code;
    size_t step;

    for (; (step = utf8_step(text, &code)) > 0; text.data += step, text.len -= step) {
        seed = (seed ^ small_letter(code)) * 0x9e3779b97f4a7c15u;
        seed ^= seed >> 32;
    }
    return seed;
}

enum { LONGER = 3 }; /* times as long may a text be as one with other letters */

bool utf8_equal_nocase(struct slice a, struct slice b)
{
    if (slice_equal_nocase(a, b))
        return true;
    if (a.len > LONGER * b.len || b.len > LONGER * a.len || utf8_is_ascii(a) || utf8_is_ascii(b))
        return false;
    while (a.len > 0 && b.len > 0) {
        uint32_t x = 0, y = 0;
        size_t step_a = utf8_step(a, &x), step_b = utf8_step(b, &y);

        if (step_a == 0 || step_b == 0 || (x != y && small_letter(x) != small_letter(y)))
            return false;
        a = (struct slice){a.data + step_a, a.len - step_a};
        b = (struct slice){b.data + step_b, b.len - step_b};
    }
    return a.len == b.len;
}

void utf8_put_latin_1(struct slice text, char other, struct buf *ret)
{
    while (text.len > 0) {
        uint32_t code;
        size_t len = utf8_step(text, &code);

        buf_put_char(ret, len > 0 && code <= 0xff ? (char)code : other);
        text = slice_from(text, len > 0 ? len : 1);
    }
}
