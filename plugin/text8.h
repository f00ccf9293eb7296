/* Eight bytes of JSON text at a time: the hot loops of the plugin are spans of plain characters
 * between quotes and backslashes. wasm has 64-bit words and is little-endian, as are the machines
 * that run the tests. */
#ifndef PLUGIN_TEXT8_H
#define PLUGIN_TEXT8_H

#include <stdint.h>
#include <string.h>

/* Built for size, the compiler would rather call than inline. */
#define TEXT8_INLINE static inline __attribute__((always_inline))

#define TEXT8_EACH(byte) (0x0101010101010101ULL * (byte))

TEXT8_INLINE uint64_t text8_load(const char *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

TEXT8_INLINE void text8_store(char *at, uint64_t word)
{
    memcpy(at, &word, sizeof word);
}

/* The top bit of each byte that can't stand in a JSON string as it is: a quote, a backslash or a
 * control character. Exact for all eight. A quote differs from a blank in bit 1 only, so one
 * comparison finds it with the controls. */
TEXT8_INLINE uint64_t text8_special(uint64_t word)
{
    const uint64_t low7 = TEXT8_EACH(0x7f);
    uint64_t control = ((word ^ TEXT8_EACH(0x02)) & low7) + TEXT8_EACH(0x80 - 0x21);
    uint64_t slash = ((word ^ TEXT8_EACH('\\')) & low7) + low7;

    return ~((control & slash) | word | low7);
}

/* The place, 0 to 7, of the first special byte, which there must be. */
TEXT8_INLINE unsigned text8_first(uint64_t special)
{
    return (unsigned)__builtin_ctzll(special) / 8;
}

TEXT8_INLINE int text8_is_special(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/* How many plain bytes stand at the beginning. */
TEXT8_INLINE size_t text8_plain(const char *at, const char *end)
{
    const char *from = at;

    while (end - at >= 8) {
        uint64_t special = text8_special(text8_load(at));

        if (special)
            return (size_t)(at - from) + text8_first(special);
        at += 8;
    }
    while (at < end && !text8_is_special(*at))
        at++;
    return (size_t)(at - from);
}

#endif
