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
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *at = room + DIGITS_SIZE - 1;

    *at = '\0';
    for (; rest >= 100; rest /= 100) {
        at -= 2;
        memcpy(at, pairs + rest % 100 * 2, 2);
    }
    if (rest >= 10)
        *--at = pairs[rest * 2 + 1];
    *--at = rest >= 10 ? pairs[rest * 2] : (char)('0' + rest);
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
