/* The formats that parseDate tries by itself. */
#include "employees-mock/template/date_reader.h"

static bool read_two(struct date_cursor *c, int *ret)
{
    int64_t value;

    if (!date_read_number(c, 2, 2, 0, &value))
        return false;
    *ret = (int)value;
    return true;
}

/* hh:mm[:ss[.fraction]] */
static bool read_clock(struct date_cursor *c)
{
    struct date_parsed *p = c->to;
    size_t digits;

    if (!read_two(c, &p->hour) || !date_read_text(c, SLICE(":")) || !read_two(c, &p->minute))
        return false;
    if (!date_read_text(c, SLICE(":")))
        return true;
    if (!read_two(c, &p->second))
        return false;
    if (!date_read_text(c, SLICE(".")))
        return true;
    digits = date_digits_ahead(c);
    if (digits > 9)
        return false;
    return digits == 0 || date_read_fraction(c, (int)digits);
}

static bool read_iso(struct date_cursor *c)
{
    struct date_parsed *p = c->to;

    p->strict = true;
    if (!date_read_year(c, 4, 0) || !date_read_text(c, SLICE("-")) || !read_two(c, &p->month) ||
        !date_read_text(c, SLICE("-")) || !read_two(c, &p->day) ||
        !(date_read_text(c, SLICE("T")) || date_read_text(c, SLICE("t"))) || !read_clock(c))
        return false;
    if (!date_read_offset(c, "Z", true) && !date_read_offset(c, "z", true))
        return false;
    if (!date_read_text(c, SLICE("[")))
        return true;
    return date_read_zone(c) && date_read_text(c, SLICE("]"));
}

/* "Tue, 3 Jun 2008 11:05:30 GMT" */
static bool read_rfc1123(struct date_cursor *c)
{
    struct date_parsed *p = c->to;
    int64_t day;

    c->any_case = true;
    if (date_read_name(c, java_weekdays, 7, false, &p->weekday) && !date_read_text(c, SLICE(", ")))
        return false;
    if (!date_read_number(c, 1, 2, 0, &day) || !date_read_text(c, SLICE(" ")) ||
        !date_read_name(c, java_months, 12, false, &p->month) || !date_read_text(c, SLICE(" ")) ||
        !date_read_year(c, 4, 0) || !date_read_text(c, SLICE(" ")) || !read_clock(c) ||
        !date_read_text(c, SLICE(" ")))
        return false;
    p->day = (int)day;
    return date_read_offset(c, "GMT", false);
}

/* "Tuesday, 03-Jun-08 11:05:30 GMT"; Java's pattern asks for the short name of the day. */
static bool read_rfc1036(struct date_cursor *c)
{
    struct date_parsed *p = c->to;

    return date_read_name(c, java_weekdays, 7, true, &p->weekday) &&
           date_read_text(c, SLICE(", ")) && read_two(c, &p->day) &&
           date_read_text(c, SLICE("-")) && date_read_name(c, java_months, 12, false, &p->month) &&
           date_read_text(c, SLICE("-")) && date_read_year(c, 2, 0) &&
           date_read_text(c, SLICE(" ")) && read_clock(c) && date_read_text(c, SLICE(" ")) &&
           date_read_zone(c);
}

/* "Tue Jun 03 11:05:30 2008", "Tue Jun  3 11:05:30 2008" */
static bool read_asctime(struct date_cursor *c)
{
    struct date_parsed *p = c->to;
    int64_t day;

    if (!date_read_name(c, java_weekdays, 7, false, &p->weekday) ||
        !date_read_text(c, SLICE(" ")) || !date_read_name(c, java_months, 12, false, &p->month) ||
        !date_read_text(c, SLICE(" ")))
        return false;
    if (date_read_text(c, SLICE(" ")) ? !date_read_number(c, 1, 1, 0, &day)
                                      : !date_read_number(c, 2, 2, 0, &day))
        return false;
    p->day = (int)day;
    p->zone = NULL;
    if (!date_read_text(c, SLICE(" ")) || !read_clock(c) || !date_read_text(c, SLICE(" ")) ||
        !date_read_year(c, 4, 0))
        return false;
    return java_zone_find(SLICE("GMT"), &p->zone, NULL) == ST_OK;
}

enum status java_date_parse_known(struct slice text, struct java_moment *ret)
{
    static bool (*const readers[])(struct date_cursor *) = {read_iso, read_rfc1123, read_rfc1036,
                                                            read_asctime};

    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        struct date_parsed parsed = date_nothing;
        struct date_cursor c = {text, false, &parsed};

        if (readers[i](&c) && c.left.len == 0 && date_put_together(&parsed, ret, NULL) == ST_OK)
            return ST_OK;
    }
    return ST_NOT_FOUND;
}
