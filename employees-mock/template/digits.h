/* Decimal digits of a number, and rounding them as java.math.RoundingMode says. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_DIGITS_H
#define EMPLOYEES_MOCK_TEMPLATE_DIGITS_H

#include "employees-mock/template/value.h"

enum { DIGITS_MAX = 1500 };

/* The value is 0.DIGITS * 10^point: `point` digits stand before the decimal point. */
struct digits {
    bool negative;
    int point;
    int count;
    char text[DIGITS_MAX]; /* '0'..'9'; no zeros at the front, but for the value 0 (count 0) */
};

enum rounding {
    ROUND_UP,
    ROUND_DOWN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_UNNECESSARY,
};

/* "HALF_UP" in any case; false: none of that name. */
bool rounding_parse(struct slice name, enum rounding *ret);

/* The digits of a number: of a double all of its binary value (exact), or the shortest that read
 * back. False: it is infinite, no number at all, or has too many digits. */
bool digits_of(struct value number, bool exact, struct digits *ret);

/* Multiplies by a power of ten. */
void digits_shift(struct digits *d, int by);

/* Keeps `places` digits behind the decimal point (may be negative). False: ROUND_UNNECESSARY, and
 * digits would be lost. */
bool digits_round(struct digits *d, int places, enum rounding mode);

/* The digit at a place: 0 is the first before the decimal point, -1 the first behind it. */
char digits_at(const struct digits *d, int place);

#endif
