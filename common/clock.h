/* What time it is, and ISO 8601 instants.
 *
 * Instants are microseconds since 1970-01-01T00:00:00Z. A clock may be fixed, for tests. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

struct clock {
    bool fixed;
    int64_t fixed_us;
};

int64_t clock_now_us(const struct clock *clock); /* NULL: the machine's */
int64_t clock_now_ms(const struct clock *clock);

/* Since some point in the past, never going back; not affected by a fixed clock. */
uint64_t clock_monotonic_us(void);

/* To the nanosecond, where a text may be so exact. */
struct instant {
    int64_t us;
    int ns; /* 0 to 999 beyond them */
};

/* "2023-03-20T00:00:00Z": date and time with 'T' (or 't') between them, the seconds with up to 9
 * digits of fraction, and 'Z' (or 'z') or ±hh:mm (ISO 8601). Years 0001 to 9999 of the Gregorian
 * calendar, also before it was introduced. ST_BAD_INPUT for anything else, also for a day that the
 * month does not have and for second 60. */
MUST_CHECK enum status clock_parse_instant(struct slice text, struct instant *ret, struct why *why);

/* The same, less what is below a microsecond. */
MUST_CHECK enum status clock_parse_iso(struct slice text, int64_t *ret_us, struct why *why);

static inline bool instant_before(struct instant a, struct instant b)
{
    return a.us < b.us || (a.us == b.us && a.ns < b.ns);
}

enum { CLOCK_ISO_SIZE = 40 };

/* "2023-03-20T00:00:00.000Z", terminated; rounded down to milliseconds. */
void clock_format_iso(int64_t us, char ret[CLOCK_ISO_SIZE]);

#endif
