/* Copies and comparisons of a few bytes, written out where they stand: most texts of a data set are
 * shorter than a call of the C library is worth. No byte beyond len is read or written. */
#ifndef ENGINE_SHORT_TEXT_H
#define ENGINE_SHORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Pieces may overlap: the last ends where the text does. */
static inline void short_copy(char *to, const char *from, size_t len)
{
    if (len > 32) {
        memcpy(to, from, len);
    } else if (len >= 16) {
        memcpy(to, from, 16);
        memcpy(to + len - 16, from + len - 16, 16);
    } else if (len >= 8) {
        memcpy(to, from, 8);
        memcpy(to + len - 8, from + len - 8, 8);
    } else if (len >= 4) {
        memcpy(to, from, 4);
        memcpy(to + len - 4, from + len - 4, 4);
    } else {
        for (size_t i = 0; i < len; i++)
            to[i] = from[i];
    }
}

static inline uint64_t short_word(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

static inline uint64_t short_half(const char *p)
{
    uint32_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

static inline bool short_equal(const char *a, const char *b, size_t len)
{
    if (len > 16)
        return memcmp(a, b, len) == 0;
    if (len >= 8)
        return short_word(a) == short_word(b) && short_word(a + len - 8) == short_word(b + len - 8);
    if (len >= 4)
        return short_half(a) == short_half(b) && short_half(a + len - 4) == short_half(b + len - 4);
    return memcmp(a, b, len) == 0;
}

#endif
