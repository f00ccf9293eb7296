/* Time zones as Java's ZoneId knows them: "Z", "+01:00", "UTC+1", "Europe/Paris" (from the
 * system's zone database). Zones once found are kept for good; any thread may use them. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_ZONE_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_ZONE_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

struct java_zone;

/* ST_BAD_INPUT: none of that name; why->text is Java's exception. */
MUST_CHECK enum status java_zone_find(struct slice name, const struct java_zone **ret,
                                      struct why *why);

/* As TimeZone.getTimeZone() knows them: three letters ("PST"), regions, "GMT+1"; what it does not
 * know is GMT. */
const struct java_zone *java_zone_old(struct slice name);

/* As TimeZone.getTimeZone() turns a ZoneId into one: "UTC+01:00", "UT" and offsets with seconds are
 * names that it does not know, so that they are GMT. */
const struct java_zone *java_zone_of_calendars(const struct java_zone *z);

const struct java_zone *java_zone_utc(void);
/* The machine's (TZ, else /etc/localtime, else UTC). */
const struct java_zone *java_zone_system(void);
/* A fixed offset east of UTC; NULL: memory is out. */
const struct java_zone *java_zone_fixed(int offset_s);

struct slice java_zone_id(const struct java_zone *z);

struct java_zone_time {
    int offset_s; /* east of UTC */
    bool summer;
    char abbreviation[12];
};

/* At an instant, in seconds since 1970-01-01T00:00:00Z. */
void java_zone_at(const struct java_zone *z, int64_t utc_s, struct java_zone_time *ret);

/* The instant of a local time: in a gap the time moves on by its length, in an overlap the
 * earlier offset counts. */
int64_t java_zone_to_utc(const struct java_zone *z, int64_t local_s);

#endif
