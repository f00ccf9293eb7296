#include "employees-mock/match/json_schema_moment.h"

#include "employees-mock/match/datetime.h"

#include <string.h>

enum { TEXT_MAX = 64 };

bool json_schema_copy(struct slice text, char *ret, size_t size)
{
    if (text.len >= size || memchr(text.data, '\0', text.len))
        return false;
    memcpy(ret, text.data, text.len);
    ret[text.len] = '\0';
    return true;
}

bool json_schema_is_date(struct slice text)
{
    struct datetime t;

    return text.len == 10 && text.data[4] == '-' && text.data[7] == '-' &&
           datetime_parse(text, &t, NULL) == ST_OK;
}

static bool read_date_time(struct slice text, struct datetime *ret)
{
    char whole[TEXT_MAX];

    if (!json_schema_copy(text, whole, sizeof whole) || text.len < 11)
        return false;
    if (whole[10] == ' ')
        whole[10] = 'T';
    return datetime_parse_iso_offset((struct slice){whole, text.len}, ret);
}

/* "…23:59:60Z", or the same moment elsewhere, read as the second before it. */
static bool read_leap_second(struct slice text, struct datetime *ret)
{
    char whole[TEXT_MAX];
    int minute;

    if (!json_schema_copy(text, whole, sizeof whole) || text.len < 20 ||
        memcmp(whole + 16, ":60", 3) != 0)
        return false;
    memcpy(whole + 17, "59", 2);
    if (!read_date_time((struct slice){whole, text.len}, ret))
        return false;
    minute = ret->hour * 60 + ret->minute - ret->offset_s / 60;
    return (minute + 1440) % 1440 == 1439;
}

/* Days that ended with one. */
static bool had_leap_second(const struct datetime *t)
{
    static const int decembers[] = {1972, 1973, 1974, 1975, 1976, 1977, 1978, 1979,
                                    1987, 1989, 1990, 1995, 1998, 2005, 2008, 2016};
    static const int junes[] = {1972, 1981, 1982, 1983, 1985, 1992, 1993, 1994, 1997, 2012, 2015};
    bool june = t->month == 6 && t->day == 30;
    const int *years = june ? junes : decembers;
    size_t count = june ? sizeof junes / sizeof *junes : sizeof decembers / sizeof *decembers;

    if (!june && !(t->month == 12 && t->day == 31))
        return false;
    for (size_t i = 0; i < count; i++)
        if (t->year == years[i])
            return true;
    return false;
}

bool json_schema_is_date_time(struct slice text)
{
    struct datetime t;

    return read_date_time(text, &t) || (read_leap_second(text, &t) && had_leap_second(&t));
}

bool json_schema_is_time(struct slice text)
{
    char whole[TEXT_MAX];
    struct datetime t;

    if (text.len < 9 || text.len > 40)
        return false;
    memcpy(whole, "2020-01-01T", 11);
    if (!json_schema_copy(text, whole + 11, sizeof whole - 11))
        return false;
    return whole[16] == ':' &&
           (read_date_time(slice_of(whole), &t) || read_leap_second(slice_of(whole), &t));
}
