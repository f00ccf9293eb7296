/* Dates and times as WireMock's date matchers and template helpers read them: ISO 8601, HTTP
 * dates, and Java's patterns (DateTimeFormatter letters), with offsets and truncation.
 *
 * Pure: no clock, no time zone data base; zones are fixed offsets. */
#ifndef EMPLOYEES_MOCK_DATETIME_H
#define EMPLOYEES_MOCK_DATETIME_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

/* A day and a time of the proleptic Gregorian calendar. */
struct datetime {
    int64_t year; /* -999999999..999999999 */
    int month;    /* 1..12 */
    int day;      /* 1..31 */
    int hour;
    int minute;
    int second;
    int nano;
    bool zoned;   /* whether offset_s counts; a local time otherwise */
    int offset_s; /* east of UTC */
};

/* What an offset such as "3 days" counts in. */
enum datetime_unit {
    UNIT_SECONDS,
    UNIT_MINUTES,
    UNIT_HOURS,
    UNIT_DAYS,
    UNIT_MONTHS,
    UNIT_YEARS,
};

/* "days" or "DAYS"; false for any other word. */
bool datetime_unit_parse(struct slice word, enum datetime_unit *ret);

/* ISO 8601 ("2021-06-14T12:13:14Z", with an offset, local, or a date alone) and HTTP's three
 * formats. ST_BAD_INPUT: none of these. */
MUST_CHECK enum status datetime_parse(struct slice text, struct datetime *ret, struct why *why);

/* By a Java pattern ("dd/MM/yyyy HH:mm:ss Z"), "unix" or "epoch" (seconds or milliseconds since
 * 1970). ST_BAD_INPUT: text or pattern. */
MUST_CHECK enum status datetime_parse_pattern(struct slice text, struct slice pattern,
                                              struct datetime *ret, struct why *why);

/* Whether it is a pattern at all (not "unix", "epoch"); why->text in Java's words. */
MUST_CHECK enum status datetime_check_pattern(struct slice pattern, struct why *why);

/* Days and months carry over; a day past the month's end becomes its last (Java's plusMonths).
 * ST_BAD_INPUT: the year leaves its range. */
MUST_CHECK enum status datetime_add(struct datetime *t, int64_t amount, enum datetime_unit unit,
                                    struct why *why);

/* WireMock's truncations: "first second of minute", "first minute of hour", "first hour of day",
 * "first day of month", "first day of next month", "last day of month", "first day of year",
 * "first day of next year", "last day of year". ST_BAD_INPUT: another. */
MUST_CHECK enum status datetime_truncate(struct datetime *t, struct slice truncation,
                                         struct why *why);

/* The truncation as listed above, however it is written ("FIRST_DAY_OF_MONTH"); NULL: unknown. */
const char *datetime_truncation_name(struct slice truncation);

/* Microseconds since 1970-01-01T00:00:00Z, a local time taken at utc_offset_s; and back, zoned.
 * What 64 bits do not hold, some 292,000 years away, is the last that they do. */
int64_t datetime_to_us(const struct datetime *t, int utc_offset_s);
void datetime_from_us(int64_t us, int utc_offset_s, struct datetime *ret);

/* -1, 0, 1 of the instants; both must be zoned, or both local. */
int datetime_compare(const struct datetime *a, const struct datetime *b);

/* 1 Monday .. 7 Sunday. */
int datetime_weekday(const struct datetime *t);
int datetime_month_length(int64_t year, int month);

/* ISO 8601 with an offset and nothing else (Java's ISO_OFFSET_DATE_TIME). */
bool datetime_parse_iso_offset(struct slice text, struct datetime *ret);

#endif
