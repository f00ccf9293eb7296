/* Code points of UTF-8 (RFC 3629): checked one by one, counted, written. */
#ifndef ENGINE_CODEPOINT_H
#define ENGINE_CODEPOINT_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CODEPOINT_BYTES_MAX = 4 };

/* Behind the well-formed code point at p < end, or NULL. */
static inline const char *codepoint_next(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    size_t left = (size_t)(end - p);

    if (u[0] < 0x80)
        return p + 1;
    if (u[0] < 0xe0)
        return left >= 2 && u[0] >= 0xc2 && (u[1] & 0xc0) == 0x80 ? p + 2 : NULL;
    if (u[0] < 0xf0) {
        if (left < 3 || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80)
            return NULL;
        return (u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] >= 0xa0) ? NULL : p + 3;
    }
    if (u[0] > 0xf4 || left < 4 || (u[1] & 0xc0) != 0x80 || (u[2] & 0xc0) != 0x80 ||
        (u[3] & 0xc0) != 0x80)
        return NULL;
    return (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] >= 0x90) ? NULL : p + 4;
}

/* Behind the last code point of the well-formed ones that follow p up to `end`; the fault's place
 * where that is not the end. */
const char *codepoint_check(const char *p, const char *end);

/* How many there are; the text is well-formed. */
size_t codepoint_count(struct slice text);

/* How many bytes the first `count` of them have, or the whole text. */
size_t codepoint_bytes(struct slice text, size_t count);

/* Writes one, surrogates too (three bytes); returns its length. */
size_t codepoint_write(uint32_t code, char ret[CODEPOINT_BYTES_MAX]);

#endif
