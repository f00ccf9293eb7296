/* Decimal literals ("-12.50", "1e400") by their digits: exact comparison, and Java's ways to
 * print them. No allocation, no rounding. */
#ifndef EMPLOYEES_MOCK_DECIMAL_H
#define EMPLOYEES_MOCK_DECIMAL_H

#include "common/buf.h"

#include <stdbool.h>

/* By value: -1, 0, 1. */
int decimal_compare(struct slice a, struct slice b);

/* As BigDecimal.toPlainString: "1e2" is 100. An exponent past 10,000 stays as it stands. */
void decimal_write_plain(struct slice literal, struct buf *ret);
/* As BigDecimal.toString: "1E+2", "1.10". */
void decimal_write_big(struct slice literal, struct buf *ret);

/* As Double.toString of 0.d1d2d3... with the point behind the first digit, times 10^exponent. */
void decimal_write_java_double(const char *digits, size_t count, int exponent, struct buf *ret);

/* Whether the value is whole and a multiple of `divisor`'s value; exact within 64 bits and for
 * decimals of few digits, by doubles else. divisor must not be zero. */
bool decimal_is_multiple(struct slice value, struct slice divisor);
/* Whether the literal's value is a whole number ("1.0", "1e2"). */
bool decimal_is_whole(struct slice literal);

#endif
