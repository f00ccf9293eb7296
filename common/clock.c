#include "common/clock.h"

#include <stdio.h>
#include <time.h>

enum {
    DAYS_PER_YEAR = 365,
    DAYS_PER_400_YEARS = 146097,
    DAYS_BEFORE_1970 = 719162, /* since 0001-01-01 */
    SECONDS_PER_DAY = 86400,
    US_PER_SECOND = 1000000,
    NS_PER_SECOND = 1000000000,
    NS_PER_US = 1000,
};

struct date {
    int year;
    int8_t month; /* 1 to 12 */
    int8_t day;
};

static int64_t now_us(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

int64_t clock_now_us(const struct clock *clock)
{
    return clock && clock->fixed ? clock->fixed_us : now_us(CLOCK_REALTIME);
}

int64_t clock_now_ms(const struct clock *clock)
{
    return clock_now_us(clock) / 1000;
}

uint64_t clock_monotonic_us(void)
{
    return (uint64_t)now_us(CLOCK_MONOTONIC);
}

/* Rounded down, also below zero. */
static int64_t divide(int64_t a, int64_t b, int64_t *ret_rest)
{
    int64_t rest = a % b;

    *ret_rest = rest < 0 ? rest + b : rest;
    return a / b - (rest < 0);
}

/* ---- days of the Gregorian calendar, also before it was introduced ---- */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* From 0001-01-01 to the first of January; of years before 1 it is negative. */
static int64_t days_before_year(int year)
{
    int64_t y; /* 0 to 399 */
    int64_t cycles = divide((int64_t)year - 1, 400, &y);

    return cycles * DAYS_PER_400_YEARS + y * DAYS_PER_YEAR + y / 4 - y / 100;
}

static int64_t days_of(struct date date)
{
    int64_t days = days_before_year(date.year) + date.day - 1;

    for (int month = 1; month < date.month; month++)
        days += days_in_month(date.year, month);
    return days - DAYS_BEFORE_1970;
}

static struct date date_of(int64_t days)
{
    struct date date = {.month = 1};
    int64_t rest;

    days += DAYS_BEFORE_1970;
    date.year = (int)divide(days * 400, DAYS_PER_400_YEARS, &rest); /* right, or a year early */
    while (days_before_year(date.year + 1) <= days)
        date.year++;
    days -= days_before_year(date.year);
    while (days >= days_in_month(date.year, date.month))
        days -= days_in_month(date.year, date.month++);
    date.day = (int8_t)(days + 1);
    return date;
}

/* ---- reading ---- */

/* What is still to be read; once something does not fit, `ok` stays false. */
struct reader {
    struct slice rest;
    bool ok;
};

/* The next byte, if it is one of `set`; else 0 and a failure. */
static char read_one_of(struct reader *r, const char *set)
{
    if (r->rest.len == 0 || r->rest.data[0] == '\0' || !strchr(set, r->rest.data[0])) {
        r->ok = false;
        return 0;
    }
    r->rest.len--;
    return *r->rest.data++;
}

static bool digit_follows(const struct reader *r)
{
    return r->rest.len > 0 && r->rest.data[0] >= '0' && r->rest.data[0] <= '9';
}

/* Exactly so many digits. */
static int read_number(struct reader *r, int digits)
{
    int value = 0;

    for (; digits > 0 && digit_follows(r); digits--) {
        value = value * 10 + (r->rest.data[0] - '0');
        r->rest.data++;
        r->rest.len--;
    }
    if (digits > 0)
        r->ok = false;
    return value;
}

/* Up to nine digits behind a point, as nanoseconds. */
static int read_fraction(struct reader *r)
{
    int ns = 0;
    int unit = NS_PER_SECOND;
    int digits = 0;

    if (r->rest.len == 0 || r->rest.data[0] != '.')
        return 0;
    read_one_of(r, ".");
    do {
        int digit = read_number(r, 1);

        unit /= 10;
        ns += digit * unit;
        digits++;
    } while (r->ok && digits < 9 && digit_follows(r));
    return ns;
}

/* Seconds east of Greenwich. */
static int64_t read_offset(struct reader *r)
{
    char sign = read_one_of(r, "Zz+-");
    int hours, minutes;

    if (sign != '+' && sign != '-')
        return 0;
    hours = read_number(r, 2);
    read_one_of(r, ":");
    minutes = read_number(r, 2);
    if (hours > 23 || minutes > 59)
        r->ok = false;
    return (sign == '-' ? -60 : 60) * (int64_t)(hours * 60 + minutes);
}

static int64_t read_days(struct reader *r)
{
    struct date date;

    date.year = read_number(r, 4);
    read_one_of(r, "-");
    date.month = (int8_t)read_number(r, 2);
    read_one_of(r, "-");
    date.day = (int8_t)read_number(r, 2);
    if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > days_in_month(date.year, date.month)) {
        r->ok = false;
        return 0;
    }
    return days_of(date);
}

static int64_t read_seconds(struct reader *r)
{
    int hours, minutes, seconds;

    hours = read_number(r, 2);
    read_one_of(r, ":");
    minutes = read_number(r, 2);
    read_one_of(r, ":");
    seconds = read_number(r, 2);
    if (hours > 23 || minutes > 59 || seconds > 59)
        r->ok = false;
    return hours * 3600 + minutes * 60 + seconds;
}

enum status clock_parse_instant(struct slice text, struct instant *ret, struct why *why)
{
    struct reader r = {text, true};
    int64_t seconds;
    int ns;

    seconds = read_days(&r) * SECONDS_PER_DAY;
    read_one_of(&r, "Tt");
    seconds += read_seconds(&r);
    ns = read_fraction(&r);
    seconds -= read_offset(&r);
    if (!r.ok || r.rest.len > 0)
        return fail(why, ST_BAD_INPUT, "not an ISO 8601 instant such as 2023-03-20T00:00:00Z");
    *ret = (struct instant){seconds * US_PER_SECOND + ns / NS_PER_US, ns % NS_PER_US};
    return ST_OK;
}

enum status clock_parse_iso(struct slice text, int64_t *ret_us, struct why *why)
{
    struct instant instant;
    enum status st = clock_parse_instant(text, &instant, why);

    if (st == ST_OK)
        *ret_us = instant.us;
    return st;
}

/* ---- writing ---- */

void clock_format_iso(int64_t us, char ret[CLOCK_ISO_SIZE])
{
    int64_t ms, second, fraction;
    struct date date;

    ms = divide(us, 1000, &fraction);
    second = divide(ms, 1000, &fraction);
    date = date_of(divide(second, SECONDS_PER_DAY, &second));
    snprintf(ret, CLOCK_ISO_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.year, date.month,
             date.day, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
             (int)fraction);
}
