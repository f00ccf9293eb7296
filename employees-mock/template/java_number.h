/* Numbers as Java writes and reads them: Double.toString, Integer.parseInt, and formatting by
 * DecimalFormat patterns. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_NUMBER_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_NUMBER_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

/* Double.toString(): the shortest digits that read back as d, "1.0", "1.0E10", "NaN", "Infinity". */
void java_double_write(double d, struct buf *ret);

/* The shortest decimal digits of |d| (finite, not 0): no leading or trailing zeros, at most 17,
 * terminated; the value is 0.DIGITS * 10^exponent. */
void java_double_digits(double d, char ret_digits[18], int *ret_exponent);

/* Integer.parseInt(): optional sign, decimal digits, in range. */
bool java_parse_int(struct slice text, int32_t *ret);
bool java_parse_long(struct slice text, int64_t *ret);
/* Double.parseDouble(): also "NaN", "Infinity", a trailing d or f; blanks around are ignored. */
bool java_parse_double(struct slice text, double *ret);

#endif
