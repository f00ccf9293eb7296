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
