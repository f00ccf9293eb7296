/* Names and styles of dates in the locales of dateFormat, as Java 17 has them (CLDR). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_DATE_LOCALE_H
#define EMPLOYEES_MOCK_TEMPLATE_DATE_LOCALE_H

#include "common/buf.h"

enum { DATE_PERIODS_MAX = 12 };

/* 1 is January or Monday. Texts are UTF-8. */
struct date_names {
    const char *months[13];
    const char *short_months[13];
    const char *alone_months[13]; /* without a day beside them */
    const char *short_alone_months[13];
    const char *weekdays[8];
    const char *short_weekdays[8];
    const char *alone_weekdays[8];
    const char *short_alone_weekdays[8];
    const char *quarters[4];
    const char *short_quarters[4];
    const char *eras[2]; /* before, and after */
    const char *short_eras[2];
    const char *halves[2]; /* of the day */
    const char *utc;
    struct {
        int from_hour;
        const char *name;
    } periods[DATE_PERIODS_MAX]; /* of the day */
    const char *midnight;        /* of these minutes alone; may be NULL */
    const char *noon;
};

/* Patterns by style: full, long, medium, short. */
struct date_locale {
    const char *name; /* "en_GB" */
    const struct date_names *names;
    const char *dates[4];
    const char *times[4];
    const char *joints[4]; /* between date and time, by the shorter of their styles */
};

extern const struct date_locale date_locales[]; /* English is the first; name NULL at the end */

/* The period of the day: "in the morning". */
const char *date_period(const struct date_names *names, int hour, int minute);

/* What is not known is its language's; NULL: that is not known either. Empty: English. */
const struct date_locale *date_locale_find(struct slice name);

#endif
