/* How countries write numbers, as Java 17 has them (CLDR). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_NUMBER_LOCALE_H
#define EMPLOYEES_MOCK_TEMPLATE_NUMBER_LOCALE_H

#include "common/buf.h"
#include "common/status.h"

/* Texts are UTF-8. */
struct number_locale {
    const char *name; /* "de_DE" */
    const char *point;
    const char *group;
    const char *money_point; /* where the pattern has a currency sign */
    const char *money_group;
    const char *minus;
    const char *currency;
    const char *currency_code;
    const char *currency_pattern;
    const char *percent_pattern;
    const char *exponent; /* NULL: "E" */
};

/* Where no locale is named: English without a country, what Java has in a container. */
const struct number_locale *number_locale_default(void);

/* "en_US", "de_DE", "de"; what is not known is its language's, or else no country's at all.
 * ST_BAD_INPUT: no name of a locale, why->text is the exception. */
MUST_CHECK enum status number_locale_find(struct slice name, const struct number_locale **ret,
                                          struct why *why);

#endif
