/* The date formats that are known, and other days in the same format.
 *
 *     dd/MM/yyyy  MM/dd/yyyy  dd-MM-yyyy  dd.MM.yyyy  yyyy-MM-dd  yyyy/MM/dd
 *     yyyy-MM-ddThh:mm[:ss[.fraction]][zone], "T" or a blank; zone: Z, ±hh:mm, ±hhmm or ±hh
 *
 * Only days that exist (Gregorian, years 1 to 9999) are dates. Pure. */
#ifndef ENGINE_DATE_H
#define ENGINE_DATE_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct day {
    int year, month, day;
};

struct date {
    struct slice text; /* borrowed */
    struct day day;
    bool swappable; /* dd/MM and MM/dd both give a day; read as the first */
    size_t year_at, month_at, day_at;
    size_t time_at, time_end; /* hour to fraction, or 0 */
};

/* False: no known format, or no such day or time. */
bool date_parse(struct slice text, struct date *ret);

/* Appends the date in its format as another day, its time untouched: as long as the text. */
void date_put(const struct date *d, struct day day, struct buf *ret);

/* The first day of year 1, all digits of the time 0. */
void date_put_neutral(const struct date *d, struct buf *ret);

/* The first day of its year, all digits of the time 0. */
void date_put_year(const struct date *d, struct buf *ret);

/* Another date and time than the given one, as 16 random bytes tell; can be read in either order
 * of day and month where the given one can. */
void date_put_random(const struct date *d, const uint8_t random[16], struct buf *ret);

/* So many days later; false, nothing is appended: that is outside of the years 1 to 9999. */
bool date_put_shifted(const struct date *d, int days, struct buf *ret);

#endif
