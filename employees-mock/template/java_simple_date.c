/* SimpleDateFormat.format(), with the calendar of the locale "en": weeks begin on Sunday, the
 * first has a day of the year at least. */
#include "employees-mock/template/java_pattern.h"

static const char letters[] = "GyYMLwWDdFEuaHkKhmsSzZX";

static void put_year(struct buf *ret, int64_t year, int count)
{
    if (year <= 0)
        year = 1 - year; /* the era tells */
    if (count == 2)
        buf_put_int(ret, year % 100, 2);
    else
        buf_put_int(ret, year, count);
}

static void put_name(struct buf *ret, const char *name, int count)
{
    buf_put(ret, name, count >= 4 ? strlen(name) : 3);
}

static void put_iso_offset(struct buf *ret, int offset_s, int count)
{
    if (offset_s == 0)
        buf_put_char(ret, 'Z');
    else
        java_put_offset(ret, offset_s, count == 3 ? ":" : "", count > 1, false);
}

/* The zone's name; one with an offset only is "GMT+01:00". */
static void put_zone(struct buf *ret, const struct java_time *t, int count)
{
    char c = t->there.abbreviation[0];

    if (c == '+' || c == '-') {
        buf_put_text(ret, "GMT");
        java_put_offset(ret, t->there.offset_s, ":", true, false);
    } else {
        java_put_zone_name(ret, t, count >= 4);
    }
}

static void put_week(struct buf *ret, const struct java_time *t, char letter, int count)
{
    int64_t year;
    int week = java_week_of_year(&t->civil, 7, 1, &year);

    if (letter == 'Y')
        put_year(ret, year, count);
    else
        buf_put_int(ret, letter == 'w' ? week : java_week_of_month(&t->civil, 7, 1), count);
}

static int clock_hour(const struct civil *c, char letter)
{
    switch (letter) {
    case 'k':
        return c->hour ? c->hour : 24;
    case 'K':
        return c->hour % 12;
    case 'h':
        return c->hour % 12 ? c->hour % 12 : 12;
    default:
        return c->hour;
    }
}

static void put_field(struct buf *ret, const struct java_time *t, const struct pattern_field *f)
{
    const struct civil *c = &t->civil;
    int n = f->count;

    switch (f->letter) {
    case 'G':
        buf_put_text(ret, c->year > 0 ? "AD" : "BC");
        break;
    case 'y':
        put_year(ret, c->year, n);
        break;
    case 'Y':
    case 'w':
    case 'W':
        put_week(ret, t, f->letter, n);
        break;
    case 'M':
    case 'L':
        if (n >= 3)
            put_name(ret, java_months[c->month], n);
        else
            buf_put_int(ret, c->month, n);
        break;
    case 'D':
        buf_put_int(ret, civil_day_of_year(c), n);
        break;
    case 'd':
        buf_put_int(ret, c->day, n);
        break;
    case 'F':
        buf_put_int(ret, (c->day - 1) / 7 + 1, n);
        break;
    case 'E':
        put_name(ret, java_weekdays[t->weekday], n);
        break;
    case 'u':
        buf_put_int(ret, t->weekday, n);
        break;
    case 'a':
        buf_put_text(ret, c->hour < 12 ? "AM" : "PM");
        break;
    case 'm':
        buf_put_int(ret, c->minute, n);
        break;
    case 's':
        buf_put_int(ret, c->second, n);
        break;
    case 'S':
        buf_put_int(ret, t->millisecond, n);
        break;
    case 'z':
        put_zone(ret, t, n);
        break;
    case 'Z':
        java_put_offset(ret, t->there.offset_s, "", true, false);
        break;
    case 'X':
        put_iso_offset(ret, t->there.offset_s, n);
        break;
    default:
        buf_put_int(ret, clock_hour(c, f->letter), n);
        break;
    }
}

enum status java_date_check_simple(const struct java_pattern *p, struct why *why)
{
    for (size_t i = 0; i < p->count; i++) {
        char c = p->fields[i].letter;

        if (c && c != '[' && c != ']' && !strchr(letters, c))
            return fail(why, ST_BAD_INPUT,
                        "java.lang.IllegalArgumentException: Illegal pattern character '%c'", c);
        if (c == 'X' && p->fields[i].count > 3)
            return fail(why, ST_BAD_INPUT,
                        "java.lang.IllegalArgumentException: invalid ISO 8601 format: length=%d",
                        p->fields[i].count);
    }
    return ST_OK;
}

enum status java_date_format_simple(const struct java_pattern *p, int64_t ms,
                                    const struct java_zone *zone, struct buf *ret, struct why *why)
{
    struct java_time t;
    enum status st = java_date_check_simple(p, why);

    if (st != ST_OK)
        return st;
    java_time_split(ms, zone, &t);
    for (size_t i = 0; i < p->count; i++) {
        const struct pattern_field *f = &p->fields[i];

        if (f->letter == '[' || f->letter == ']')
            buf_put_char(ret, f->letter);
        else if (f->letter)
            put_field(ret, &t, f);
        else
            buf_put_slice(ret, f->text);
    }
    return ST_OK;
}
