/* A date being read from a text. Private to datetime_*.c. */
#ifndef EMPLOYEES_MOCK_DATETIME_TEXT_H
#define EMPLOYEES_MOCK_DATETIME_TEXT_H

#include "employees-mock/match/datetime.h"

enum { NOT_SAID = -1 };

/* The fields that a text has told so far. */
struct told {
    bool has_year;
    int64_t year;
    int month, day, day_of_year, weekday;
    int hour, hour12, half; /* half: 0 AM, 1 PM */
    int minute, second;
    int64_t nano;
    int64_t milli_of_day;
    bool has_offset;
    int offset_s;
};

struct parse {
    struct slice text;
    size_t at;
    struct slice pattern;
    bool any_case; /* of names */
    struct told told;
};

extern const struct told dt_nothing_told;

/* Each takes what stands at p->at and moves behind it, or says no. */
bool dt_take_literal(struct parse *p, struct slice literal);
/* One digit of width takes up to `most`; a wider one exactly its width. */
bool dt_take_number(struct parse *p, size_t width, size_t most, int low, int high, int *ret);
/* behind: the digits that the numbers directly behind will take. */
bool dt_take_year(struct parse *p, size_t width, size_t behind);
bool dt_take_fraction(struct parse *p, size_t width);
/* +hh, +hhmm, +hh:mm and those with seconds. minutes, colon: whether they must be there; -1: as
 * they come. */
bool dt_take_offset(struct parse *p, int minutes, int colon);
bool dt_set_offset(struct parse *p, int seconds);
/* The field that `width` letters of a pattern stand for. */
bool dt_take_letters(struct parse *p, char letter, size_t width, size_t behind);
size_t dt_digit_run(const struct parse *p);

/* The pattern from `at` to `end`. */
bool dt_walk(struct parse *p, size_t at, size_t end, unsigned depth);
/* The date that the fields tell. strict: a day past the month's end is refused; else it becomes
 * the last, as Java's SMART. */
bool dt_resolve(const struct told *t, bool strict, struct datetime *ret);

#endif
