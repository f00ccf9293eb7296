#include "employees-mock/match/datetime.h"

#include <string.h>

enum {
    SECONDS_PER_DAY = 86400,
    US_PER_SECOND = 1000000,
    DAYS_PER_ERA = 146097,
    YEAR_LIMIT = 999999999
};

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int datetime_month_length(int64_t year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

/* ---- days since 1970-01-01; years begin in March, so that leap days come last ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_PER_ERA + day_of_era - 719468;
}

static void set_days(struct datetime *t, int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, DAYS_PER_ERA);
    int64_t day_of_era = shifted - era * DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;

    t->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    t->month = (int)(month < 10 ? month + 3 : month - 9);
    t->year = year_of_era + era * 400 + (t->month <= 2);
}

static int64_t seconds_of(const struct datetime *t)
{
    return days_of(t->year, t->month, t->day) * SECONDS_PER_DAY + t->hour * 3600 + t->minute * 60 +
           t->second;
}

static void set_seconds(struct datetime *t, int64_t seconds)
{
    int64_t days = floor_div(seconds, SECONDS_PER_DAY);
    int64_t rest = seconds - days * SECONDS_PER_DAY;

    set_days(t, days);
    t->hour = (int)(rest / 3600);
    t->minute = (int)(rest / 60 % 60);
    t->second = (int)(rest % 60);
}

int64_t datetime_to_us(const struct datetime *t, int utc_offset_s)
{
    static const int64_t most_s = INT64_MAX / US_PER_SECOND - 1;
    int64_t seconds = seconds_of(t) - (t->zoned ? t->offset_s : utc_offset_s);

    if (seconds > most_s || seconds < -most_s)
        return (seconds < 0 ? -most_s : most_s) * US_PER_SECOND;
    return seconds * US_PER_SECOND + t->nano / 1000;
}

void datetime_from_us(int64_t us, int utc_offset_s, struct datetime *ret)
{
    int64_t seconds = floor_div(us, US_PER_SECOND);

    *ret = (struct datetime){.zoned = true, .offset_s = utc_offset_s};
    ret->nano = (int)(us - seconds * US_PER_SECOND) * 1000;
    set_seconds(ret, seconds + utc_offset_s);
}

int datetime_compare(const struct datetime *a, const struct datetime *b)
{
    int64_t x = seconds_of(a) - (a->zoned ? a->offset_s : 0);
    int64_t y = seconds_of(b) - (b->zoned ? b->offset_s : 0);

    if (x != y)
        return x < y ? -1 : 1;
    return (a->nano > b->nano) - (a->nano < b->nano);
}

int datetime_weekday(const struct datetime *t)
{
    int64_t days = days_of(t->year, t->month, t->day) + 3; /* 1970-01-01 was a Thursday */

    return (int)(days - floor_div(days, 7) * 7) + 1;
}

/* ---- offsets ---- */

bool datetime_unit_parse(struct slice word, enum datetime_unit *ret)
{
    static const char *const words[] = {
        [UNIT_SECONDS] = "seconds", [UNIT_MINUTES] = "minutes", [UNIT_HOURS] = "hours",
        [UNIT_DAYS] = "days",       [UNIT_MONTHS] = "months",   [UNIT_YEARS] = "years",
    };

    for (enum datetime_unit unit = UNIT_SECONDS; unit <= UNIT_YEARS; unit++) {
        if (slice_equal_nocase(word, slice_of(words[unit]))) {
            *ret = unit;
            return true;
        }
    }
    return false;
}

static void add_months(struct datetime *t, int64_t amount)
{
    int64_t months = t->year * 12 + t->month - 1 + amount;
    int length;

    t->year = floor_div(months, 12);
    t->month = (int)(months - t->year * 12) + 1;
    length = datetime_month_length(t->year, t->month);
    if (t->day > length)
        t->day = length;
}

enum status datetime_add(struct datetime *t, int64_t amount, enum datetime_unit unit,
                         struct why *why)
{
    static const int64_t seconds[] = {
        [UNIT_SECONDS] = 1,
        [UNIT_MINUTES] = 60,
        [UNIT_HOURS] = 3600,
        [UNIT_DAYS] = SECONDS_PER_DAY,
    };
    static const int64_t furthest = (int64_t)1 << 40; /* seconds would leave 64 bits past it */
    struct datetime moved = *t;

    if (amount > furthest || amount < -furthest)
        return fail(why, ST_BAD_INPUT, "the offset is too far");
    if (unit == UNIT_MONTHS)
        add_months(&moved, amount);
    else if (unit == UNIT_YEARS)
        add_months(&moved, amount * 12);
    else
        set_seconds(&moved, seconds_of(t) + amount * seconds[unit]);
    if (moved.year > YEAR_LIMIT || moved.year < -YEAR_LIMIT)
        return fail(why, ST_BAD_INPUT, "Exceeded range of years");
    *t = moved;
    return ST_OK;
}

/* ---- truncation ---- */

static void to_month(struct datetime *t, int month, int day)
{
    t->month = month;
    t->day = day;
}

static void first_of_next_month(struct datetime *t)
{
    t->day = 1;
    add_months(t, 1);
}

/* The names in WireMock's order; what each does to the day is below. */
static const char *const truncations[] = {
    "first second of minute", "first minute of hour",    "first hour of day",
    "first day of month",     "first day of next month", "last day of month",
    "first day of year",      "first day of next year",  "last day of year",
};
enum {
    FIRST_SECOND_OF_MINUTE,
    FIRST_MINUTE_OF_HOUR,
    FIRST_HOUR_OF_DAY,
    FIRST_DAY_OF_MONTH,
    FIRST_DAY_OF_NEXT_MONTH,
    LAST_DAY_OF_MONTH,
    FIRST_DAY_OF_YEAR,
    FIRST_DAY_OF_NEXT_YEAR,
    LAST_DAY_OF_YEAR,
    TRUNCATION_COUNT,
};

/* Blanks and underscores are the same, letters in any case: it is an enum's name in Java. */
static bool same_truncation(struct slice given, const char *name)
{
    if (given.len != strlen(name))
        return false;
    for (size_t i = 0; i < given.len; i++) {
        char c = given.data[i];

        c = c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        if (c != name[i])
            return false;
    }
    return true;
}

static int find_truncation(struct slice given)
{
    for (int i = 0; i < TRUNCATION_COUNT; i++) {
        if (same_truncation(given, truncations[i]))
            return i;
    }
    return -1;
}

const char *datetime_truncation_name(struct slice truncation)
{
    int which = find_truncation(truncation);

    return which < 0 ? NULL : truncations[which];
}

enum status datetime_truncate(struct datetime *t, struct slice truncation, struct why *why)
{
    int which = find_truncation(truncation);

    if (which < 0)
        return fail(why, ST_BAD_INPUT, "unknown truncation \"%.*s\"", (int)truncation.len,
                    truncation.data);
    t->nano = 0;
    t->second = 0;
    if (which >= FIRST_MINUTE_OF_HOUR)
        t->minute = 0;
    if (which >= FIRST_HOUR_OF_DAY)
        t->hour = 0;
    if (which == FIRST_DAY_OF_MONTH)
        t->day = 1;
    else if (which == FIRST_DAY_OF_NEXT_MONTH)
        first_of_next_month(t);
    else if (which == LAST_DAY_OF_MONTH)
        t->day = datetime_month_length(t->year, t->month);
    else if (which == FIRST_DAY_OF_YEAR || which == FIRST_DAY_OF_NEXT_YEAR)
        to_month(t, 1, 1);
    else if (which == LAST_DAY_OF_YEAR)
        to_month(t, 12, 31);
    t->year += which == FIRST_DAY_OF_NEXT_YEAR;
    return ST_OK;
}
