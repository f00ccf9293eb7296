/* Numbers that people and clients name: digits and nothing else, where strtol() takes "+1" and " 1"
 * too. Pure. */
#ifndef INTERCEPTOR_DIGITS_H
#define INTERCEPTOR_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* From 0 to `max`. False: the text is anything else, *ret as it was. */
static inline bool read_digits(const char *text, int64_t max, int64_t *ret)
{
    int64_t value = 0;

    for (const char *at = text; *at; at++) {
        int digit = *at - '0';

        if (digit < 0 || digit > 9 || value > (max - digit) / 10)
            return false;
        value = 10 * value + digit;
    }
    if (*text)
        *ret = value;
    return *text != '\0';
}

#endif
