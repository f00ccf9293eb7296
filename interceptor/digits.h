/* An integer as text: a dozen of them go with each call, and printf would cost more than the rest of
 * its headers. */
#ifndef INTERCEPTOR_DIGITS_H
#define INTERCEPTOR_DIGITS_H

#include "common/buf.h"

#include <stdint.h>

enum { DIGITS_SIZE = 24 };

/* Written to the end of `room`; the text begins where the result points. */
static inline const char *write_digits(int64_t value, char room[DIGITS_SIZE])
{
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *at = room + DIGITS_SIZE - 1;

    *at = '\0';
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (value < 0)
        *--at = '-';
    return at;
}

static inline void put_digits(struct buf *b, int64_t value)
{
    char room[DIGITS_SIZE];
    const char *at = write_digits(value, room);

    buf_put(b, at, (size_t)(room + DIGITS_SIZE - 1 - at));
}

#endif
