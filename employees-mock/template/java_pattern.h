/* A date pattern taken apart: letters with their counts, and text between them. For java_date. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_PATTERN_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_PATTERN_H

#include "employees-mock/template/civil.h"
#include "employees-mock/template/java_date.h"

struct pattern_field {
    char letter; /* 0: text; '[' and ']' enclose an optional part (DateTimeFormatter) */
    int count;
    struct slice text;
};

struct java_pattern {
    char *text;    /* the unquoted texts */
    char *whole;   /* as it was given */
    char reserved; /* '{', '}' or '#' where one stands unquoted: DateTimeFormatter takes none */
    size_t count;
    struct pattern_field fields[];
};

/* An instant in a zone, split up for writing. */
struct java_time {
    struct civil civil;
    int millisecond;
    int weekday; /* 1 Monday .. 7 Sunday */
    int64_t ms;
    const struct java_zone *zone;
    struct java_zone_time there;
};
void java_time_split(int64_t ms, const struct java_zone *zone, struct java_time *ret);

/* English names; 1 is January or Monday. */
extern const char *const java_months[13];
extern const char *const java_weekdays[8];

/* "+01:00": separator ":" or "", seconds only where there are some and `seconds` is set. */
void java_put_offset(struct buf *ret, int offset_s, const char *separator, bool minutes,
                     bool seconds);

/* Week of year and its year; weeks begin on `first` (1 Monday .. 7 Sunday) and the first one has
 * `least` days in the year at least. */
int java_week_of_year(const struct civil *c, int first, int least, int64_t *ret_year);
int java_week_of_month(const struct civil *c, int first, int least);

/* The zone's name as 'z' (short) and 'zzzz' print it. */
void java_put_zone_name(struct buf *ret, const struct java_time *t, bool full);

#endif
