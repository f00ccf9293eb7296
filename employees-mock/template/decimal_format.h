/* java.text.DecimalFormat and the styles of NumberFormat. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_DECIMAL_FORMAT_H
#define EMPLOYEES_MOCK_TEMPLATE_DECIMAL_FORMAT_H

#include "employees-mock/template/digits.h"

/* What a locale writes; texts are UTF-8. */
struct number_locale {
    const char *name; /* "de_DE" */
    const char *point;
    const char *group;
    const char *currency;
    const char *currency_pattern;
    const char *percent_pattern;
};

/* "en_US", "de_DE", "de", ...; NULL: not provided. Empty: English without a country. */
const struct number_locale *number_locale_find(struct slice name);

struct decimal_format {
    const struct number_locale *locale;
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
    int exponent_min; /* digits; 0: no exponent */
    enum rounding rounding;
};

/* ST_BAD_INPUT: why->text is Java's exception. The pattern is borrowed. */
MUST_CHECK enum status decimal_format_parse(struct slice pattern, const struct number_locale *l,
                                            struct decimal_format *ret, struct why *why);

/* Appends. ST_BAD_INPUT: RoundingMode.UNNECESSARY, and rounding is necessary. */
MUST_CHECK enum status decimal_format_write(const struct decimal_format *f, struct value number,
                                            struct buf *ret, struct why *why);

#endif
