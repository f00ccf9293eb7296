/* Reading a date piece by piece: what java_parse_date and java_known_date share. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_DATE_READER_H
#define EMPLOYEES_MOCK_TEMPLATE_DATE_READER_H

#include "employees-mock/template/java_pattern.h"

enum { DATE_ABSENT = INT32_MIN };

/* What was read; DATE_ABSENT: not there. */
struct date_parsed {
    int64_t year;
    bool has_year;
    int64_t week_year;
    bool has_week_year;
    int month, day, day_of_year, weekday;
    int hour, hour12, half_day, minute, second, nano;
    int64_t milli_of_day;
    bool has_milli;
    const struct java_zone *zone;   /* a region */
    const struct java_zone *offset; /* "+01:00", which counts before a region */
    int offset_s;
    bool strict; /* no 24:00 and no day past the month's end */
};

struct date_cursor {
    struct slice left;
    bool any_case; /* of texts and names */
    struct date_parsed *to;
};

extern const struct date_parsed date_nothing;

size_t date_digits_ahead(const struct date_cursor *c);
/* `least` to `most` digits, leaving `reserved` for the fields behind. */
bool date_read_number(struct date_cursor *c, size_t least, size_t most, size_t reserved,
                      int64_t *ret);
bool date_read_text(struct date_cursor *c, struct slice text);
/* One of the names, whole or its first three letters; its number. */
bool date_read_name(struct date_cursor *c, const char *const *names, int count, bool full,
                    int *ret);
/* A year by the number of its letters, with a '+' where it has more digits; a fraction of a second
 * of so many digits. */
bool date_read_year(struct date_cursor *c, int count, size_t reserved);
bool date_read_fraction(struct date_cursor *c, int count);
/* An offset with or without colons; zero: a text that stands for no offset, may be NULL. */
bool date_read_offset(struct date_cursor *c, const char *zero, bool colon);
bool date_read_zone(struct date_cursor *c);

/* The instant of what was read, as java_date_parse() answers. */
MUST_CHECK enum status date_put_together(const struct date_parsed *p, struct java_moment *ret,
                                         struct why *why);

#endif
