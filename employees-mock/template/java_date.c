#include "employees-mock/template/java_date.h"

#include "employees-mock/template/java_number.h"
#include "employees-mock/template/java_pattern.h"
#include "employees-mock/template/value.h"

#include <stdlib.h>

/* ---- writing ---- */

void java_date_write_iso(int64_t ms, const struct java_zone *zone, struct buf *ret)
{
    struct java_time t;

    java_time_split(ms, zone ? zone : java_zone_utc(), &t);
    buf_put_int(ret, t.civil.year, 4);
    buf_put_char(ret, '-');
    buf_put_int(ret, t.civil.month, 2);
    buf_put_char(ret, '-');
    buf_put_int(ret, t.civil.day, 2);
    buf_put_char(ret, 'T');
    buf_put_int(ret, t.civil.hour, 2);
    buf_put_char(ret, ':');
    buf_put_int(ret, t.civil.minute, 2);
    buf_put_char(ret, ':');
    buf_put_int(ret, t.civil.second, 2);
    if (t.there.offset_s == 0)
        buf_put_char(ret, 'Z');
    else
        java_put_offset(ret, t.there.offset_s, ":", true, false);
}

void java_date_render(const struct value_date *date, struct buf *ret)
{
    const struct java_zone *zone = date->zone ? date->zone : java_zone_system();

    if (!date->format.data)
        java_date_write_iso(date->ms, date->zone, ret);
    else if (slice_is(date->format, "epoch"))
        buf_put_int(ret, date->ms, 1);
    else if (slice_is(date->format, "unix"))
        buf_put_int(ret, date->ms / 1000, 1);
    else if (java_date_format_simple(date->pattern, date->ms, java_zone_of_calendars(zone), ret,
                                     NULL) != ST_OK)
        ret->failed = ST_INTERNAL; /* a pattern is checked before a date gets it */
}

/* ---- offsets ---- */

enum unit { SECONDS = 1, MINUTES = 60, HOURS = 3600, DAYS = 86400, MONTHS = -1, YEARS = -12 };

static const struct {
    const char *name;
    enum unit unit;
} units[] = {
    {"seconds", SECONDS}, {"minutes", MINUTES}, {"hours", HOURS},
    {"days", DAYS},       {"months", MONTHS},   {"years", YEARS},
};

static bool find_unit(struct slice name, enum unit *ret)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (slice_equal_nocase(name, slice_of(units[i].name))) {
            *ret = units[i].unit;
            return true;
        }
    }
    return false;
}

/* The words as the name of an enum's constant. */
static void constant_name(struct slice text, char ret[80])
{
    size_t len = text.len < 79 ? text.len : 79;

    for (size_t i = 0; i < len; i++) {
        char c = text.data[i] == ' ' ? '_' : text.data[i];

        ret[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    ret[len] = '\0';
}

/* Java's split(" "): empty parts within count, those at the end do not. */
static size_t split(struct slice text, struct slice parts[4])
{
    size_t count = 0;
    size_t from = 0;

    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.data[i] != ' ')
            continue;
        if (count < 4)
            parts[count] = (struct slice){text.data + from, i - from};
        count++;
        from = i + 1;
    }
    return count;
}

static void move(int64_t *ms, int32_t amount, enum unit unit)
{
    int64_t seconds = *ms / 1000 - (*ms % 1000 < 0);
    int64_t rest = *ms - seconds * 1000;
    struct civil c;

    if (unit > 0) {
        *ms += (int64_t)amount * unit * 1000;
        return;
    }
    civil_from_seconds(seconds, &c);
    civil_add_months(&c, (int64_t)amount * -unit);
    *ms = civil_to_seconds(&c) * 1000 + rest;
}

enum status java_date_shift(int64_t *ms, struct slice offset, struct why *why)
{
    struct slice parts[4];
    size_t count = split(offset, parts);
    enum unit unit;
    int32_t amount;
    char constant[80];

    if (slice_equal_nocase(offset, SLICE("now")))
        return ST_OK;
    if (count < 2 || count > 3)
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: Offset can be of the short form <amount> "
                    "<unit> e.g. 8 seconds or long form now +/-<amount> <unit> e.g. now +5 years");
    if (!java_parse_int(parts[count - 2], &amount))
        return fail(why, ST_BAD_INPUT,
                    "java.lang.NumberFormatException: For input string: \"%.*s\"",
                    (int)parts[count - 2].len, parts[count - 2].data);
    constant_name(parts[count - 1], constant);
    if (!find_unit(parts[count - 1], &unit))
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: No enum constant "
                    "com.github.tomakehurst.wiremock.common.DateTimeUnit.%s",
                    constant);
    move(ms, amount, unit);
    return ST_OK;
}

/* ---- truncation ---- */

static void first_second(struct civil *c)
{
    c->second = 0;
}

static void first_minute(struct civil *c)
{
    first_second(c);
    c->minute = 0;
}

static void first_hour(struct civil *c)
{
    first_minute(c);
    c->hour = 0;
}

static void first_day_of_month(struct civil *c)
{
    first_hour(c);
    c->day = 1;
}

static void first_day_of_next_month(struct civil *c)
{
    first_day_of_month(c);
    civil_add_months(c, 1);
}

static void last_day_of_month(struct civil *c)
{
    first_hour(c);
    c->day = civil_month_length(c->year, c->month);
}

static void first_day_of_year(struct civil *c)
{
    first_day_of_month(c);
    c->month = 1;
}

static void first_day_of_next_year(struct civil *c)
{
    first_day_of_year(c);
    c->year++;
}

static void last_day_of_year(struct civil *c)
{
    first_hour(c);
    c->month = 12;
    c->day = 31;
}

static const struct {
    const char *name;
    void (*apply)(struct civil *c);
} truncations[] = {
    {"first second of minute", first_second},
    {"first minute of hour", first_minute},
    {"first hour of day", first_hour},
    {"first day of month", first_day_of_month},
    {"first day of next month", first_day_of_next_month},
    {"last day of month", last_day_of_month},
    {"first day of year", first_day_of_year},
    {"first day of next year", first_day_of_next_year},
    {"last day of year", last_day_of_year},
};

/* '_' stands for a blank as well. */
static bool named(struct slice text, const char *name)
{
    if (text.len != strlen(name))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i] == '_' ? ' ' : text.data[i];

        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c != name[i])
            return false;
    }
    return true;
}

enum status java_date_truncate(int64_t *ms, const struct java_zone *zone, struct slice truncation,
                               struct why *why)
{
    struct java_time t;
    char constant[80];

    java_time_split(*ms, zone, &t);
    for (size_t i = 0; i < sizeof truncations / sizeof truncations[0]; i++) {
        if (!named(truncation, truncations[i].name))
            continue;
        truncations[i].apply(&t.civil);
        *ms = java_zone_to_utc(zone, civil_to_seconds(&t.civil)) * 1000;
        return ST_OK;
    }
    constant_name(truncation, constant);
    return fail(why, ST_BAD_INPUT,
                "java.lang.IllegalArgumentException: No enum constant "
                "com.github.tomakehurst.wiremock.common.DateTimeTruncation.%s",
                constant);
}
