/* Decimal numbers as java.math.BigDecimal computes them: unscaled digits and a scale. Bounded in
 * digits. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_BIG_DECIMAL_H
#define EMPLOYEES_MOCK_TEMPLATE_BIG_DECIMAL_H

#include "common/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum { BIG_DIGITS = 1400, BIG_INPUT_MAX = 300 };

struct big_decimal {
    bool negative;
    int scale;                  /* digits behind the point; may be negative */
    int count;                  /* of digits; 0: the value is zero */
    uint8_t digits[BIG_DIGITS]; /* the lowest first */
};

/* new BigDecimal(String). False: it is no number, or longer than BIG_INPUT_MAX allows. */
bool big_decimal_parse(struct slice text, struct big_decimal *ret);

void big_decimal_add(const struct big_decimal *a, const struct big_decimal *b, bool subtract,
                     struct big_decimal *ret);
void big_decimal_multiply(const struct big_decimal *a, const struct big_decimal *b,
                          struct big_decimal *ret);
/* divide(b, HALF_UP), with the scale of a; remainder(b). b must not be zero. */
void big_decimal_divide(const struct big_decimal *a, const struct big_decimal *b,
                        struct big_decimal *ret);
void big_decimal_remainder(const struct big_decimal *a, const struct big_decimal *b,
                           struct big_decimal *ret);

/* longValue() of a number whose scale is 0; doubleValue(). */
int64_t big_decimal_long(const struct big_decimal *a);
double big_decimal_double(const struct big_decimal *a);

#endif
