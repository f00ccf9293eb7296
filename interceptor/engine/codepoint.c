#include "interceptor/engine/codepoint.h"

enum { WORD = sizeof(uint64_t) };

static bool is_ascii_word(const char *p)
{
    uint64_t word;

    memcpy(&word, p, WORD);
    return (word & 0x8080808080808080u) == 0;
}

const char *codepoint_check(const char *p, const char *end)
{
    while (p < end) {
        const char *next;

        if (end - p >= WORD && is_ascii_word(p)) {
            p += WORD;
            continue;
        }
        next = codepoint_next(p, end);
        if (!next)
            return p;
        p = next;
    }
    return end;
}

static bool begins_codepoint(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* In each byte of a word: 1 where it continues a code point. */
static uint64_t continuations(const char *p)
{
    uint64_t word;

    memcpy(&word, p, WORD);
    return (word >> 7) & (~word >> 6) & 0x0101010101010101u;
}

size_t codepoint_count(struct slice text)
{
    size_t count = text.len;
    size_t i = 0;

    for (; text.len - i >= WORD; i += WORD)
        count -= (size_t)(continuations(text.data + i) * 0x0101010101010101u >> 56);
    for (; i < text.len; i++)
        count -= !begins_codepoint(text.data[i]);
    return count;
}

size_t codepoint_bytes(struct slice text, size_t count)
{
    size_t i = 0;

    while (i < text.len) {
        if (begins_codepoint(text.data[i]) && count-- == 0)
            break;
        i++;
    }
    return i;
}

size_t codepoint_write(uint32_t code, char ret[CODEPOINT_BYTES_MAX])
{
    if (code < 0x80) {
        ret[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        ret[0] = (char)(0xc0 | code >> 6);
        ret[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        ret[0] = (char)(0xe0 | code >> 12);
        ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
        ret[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    ret[0] = (char)(0xf0 | code >> 18);
    ret[1] = (char)(0x80 | (code >> 12 & 0x3f));
    ret[2] = (char)(0x80 | (code >> 6 & 0x3f));
    ret[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}
