/* Days and times of the proleptic Gregorian calendar. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_CIVIL_H
#define EMPLOYEES_MOCK_TEMPLATE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

struct civil {
    int64_t year;
    int month; /* 1..12 */
    int day;
    int hour;
    int minute;
    int second;
};

/* Days since 1970-01-01. */
int64_t civil_to_days(int64_t year, int month, int day);
int civil_weekday(int64_t days); /* 1 Monday .. 7 Sunday */
int civil_month_length(int64_t year, int month);
bool civil_is_leap(int64_t year);
int civil_day_of_year(const struct civil *c); /* 1..366 */

int64_t civil_to_seconds(const struct civil *c);
void civil_from_seconds(int64_t seconds, struct civil *ret);

/* Moves by months; a day past the month's end becomes its last. */
void civil_add_months(struct civil *c, int64_t months);

#endif
