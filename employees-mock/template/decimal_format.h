/* java.text.DecimalFormat and the styles of NumberFormat. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_DECIMAL_FORMAT_H
#define EMPLOYEES_MOCK_TEMPLATE_DECIMAL_FORMAT_H

#include "employees-mock/template/digits.h"
#include "employees-mock/template/number_locale.h"

struct decimal_format {
    const struct number_locale *locale;
    bool money;          /* a currency sign is in the pattern */
    struct slice prefix; /* as in the pattern: with quotes, %, ‰ and ¤ */
    struct slice suffix;
    struct slice negative_prefix; /* data NULL: "-" and the prefix */
    struct slice negative_suffix;
    int multiplier; /* 0, 2 (percent) or 3: a power of ten */
    int group_size; /* 0: none */
    bool groups;
    int integer_all; /* '#' and '0' before the point */
    int integer_min;
    int integer_max;
    int fraction_min;
    int fraction_max;
    bool ends_in_point; /* "0." and ".#": the point stands though nothing is behind it */
    int exponent_min;   /* digits; 0: no exponent */
    enum rounding rounding;
};

/* ST_BAD_INPUT: why->text is Java's exception. The pattern is borrowed. */
MUST_CHECK enum status decimal_format_parse(struct slice pattern, const struct number_locale *l,
                                            struct decimal_format *ret, struct why *why);

/* Appends. ST_BAD_INPUT: RoundingMode.UNNECESSARY, and rounding is necessary. */
MUST_CHECK enum status decimal_format_write(const struct decimal_format *f, struct value number,
                                            struct buf *ret, struct why *why);

#endif
