#include "employees-mock/template/date_reader.h"

#include <ctype.h>

const struct date_parsed date_nothing = {.month = DATE_ABSENT,
                                         .day = DATE_ABSENT,
                                         .day_of_year = DATE_ABSENT,
                                         .hour = DATE_ABSENT,
                                         .hour12 = DATE_ABSENT,
                                         .half_day = DATE_ABSENT,
                                         .minute = DATE_ABSENT,
                                         .second = DATE_ABSENT,
                                         .nano = DATE_ABSENT};

static void advance(struct date_cursor *c, size_t count)
{
    c->left.data += count;
    c->left.len -= count;
}

size_t date_digits_ahead(const struct date_cursor *c)
{
    size_t count = 0;

    while (count < c->left.len && isdigit((unsigned char)c->left.data[count]))
        count++;
    return count;
}

bool date_read_number(struct date_cursor *c, size_t least, size_t most, size_t reserved,
                      int64_t *ret)
{
    size_t count = date_digits_ahead(c);
    int64_t value = 0;

    if (count > reserved && reserved > 0)
        count -= reserved;
    if (count > most)
        count = most;
    if (count < least || count > 18)
        return false;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + c->left.data[i] - '0';
    advance(c, count);
    *ret = value;
    return true;
}

bool date_read_text(struct date_cursor *c, struct slice text)
{
    if (!slice_starts(c->left, text))
        return false;
    advance(c, text.len);
    return true;
}

bool date_read_name(struct date_cursor *c, const char *const *names, int count, bool full, int *ret)
{
    for (int i = 1; i <= count; i++) {
        struct slice name = {names[i], full ? strlen(names[i]) : 3};

        if (date_read_text(c, name)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

bool date_read_year(struct date_cursor *c, int count, size_t reserved)
{
    bool negative = count != 2 && date_read_text(c, SLICE("-"));
    int64_t year;

    if (!date_read_number(c, count == 2 ? 2 : (size_t)count, count == 2 ? 2 : 18, reserved, &year))
        return false;
    c->to->year = count == 2 ? year + 2000 : negative ? -year : year;
    c->to->has_year = true;
    return true;
}

bool date_read_fraction(struct date_cursor *c, int count)
{
    int64_t value;

    if (!date_read_number(c, (size_t)count, (size_t)count, 0, &value))
        return false;
    for (int i = count; i < 9; i++)
        value *= 10;
    c->to->nano = (int)value;
    return true;
}

/* ---- offsets and zones ---- */

/* ±hh, ±hhmm, ±hh:mm, each with seconds; zero: a text that stands for no offset. */
bool date_read_offset(struct date_cursor *c, const char *zero, bool colon)
{
    static const int limits[] = {18, 59, 59};
    int part[3] = {0, 0, 0};
    int sign;

    if (zero && date_read_text(c, slice_of(zero))) {
        c->to->offset = java_zone_utc();
        return true;
    }
    if (c->left.len < 3 || (c->left.data[0] != '+' && c->left.data[0] != '-'))
        return false;
    sign = c->left.data[0] == '-' ? -1 : 1;
    advance(c, 1);
    for (int i = 0; i < 3; i++) {
        struct date_cursor before = *c;
        int64_t value;

        if (i > 0 && colon && !date_read_text(c, SLICE(":")))
            break;
        if (!date_read_number(c, 2, 2, 0, &value) || value > limits[i]) {
            if (i == 0)
                return false;
            *c = before;
            break;
        }
        part[i] = (int)value;
    }
    c->to->offset = java_zone_fixed(sign * (part[0] * 3600 + part[1] * 60 + part[2]));
    return c->to->offset != NULL;
}

/* Letters of a region or an abbreviation that is also a zone ("GMT", "UTC", "CET"). */
bool date_read_zone(struct date_cursor *c)
{
    size_t len = 0;

    if (c->left.len > 0 && strchr("+-", c->left.data[0]))
        return date_read_offset(c, NULL, memchr(c->left.data, ':', c->left.len) != NULL);
    while (len < c->left.len && len < 60 &&
           (isalnum((unsigned char)c->left.data[len]) || strchr("/_+-:", c->left.data[len])))
        len++;
    for (; len > 0; len--) {
        if (java_zone_find((struct slice){c->left.data, len}, &c->to->zone, NULL) == ST_OK) {
            advance(c, len);
            return true;
        }
    }
    return false;
}

/* ---- putting together ---- */

static bool in_range(int value, int least, int most)
{
    return value == DATE_ABSENT || (value >= least && value <= most);
}

static bool resolve_time(const struct date_parsed *p, bool *ret_has, struct civil *ret)
{
    int hour = p->hour;

    if (hour == DATE_ABSENT && p->hour12 != DATE_ABSENT && p->half_day != DATE_ABSENT)
        hour = p->hour12 % 12 + 12 * p->half_day;
    *ret_has = hour != DATE_ABSENT;
    ret->hour = *ret_has ? hour : 0;
    ret->minute = p->minute == DATE_ABSENT ? 0 : p->minute;
    ret->second = p->second == DATE_ABSENT ? 0 : p->second;
    if (!*ret_has)
        ret->minute = ret->second = 0;
    return in_range(p->hour, 0, 24) && in_range(p->hour12, 0, 12) && in_range(p->minute, 0, 59) &&
           in_range(p->second, 0, 59) && ret->hour <= 24;
}

/* Smart resolving: a day past the month's end, but not past 31, becomes its last. */
static bool resolve_date(const struct date_parsed *p, struct civil *ret)
{
    int length;

    ret->year = p->has_year ? p->year : 1970;
    ret->month = p->month == DATE_ABSENT ? 1 : p->month;
    ret->day = p->day == DATE_ABSENT ? 1 : p->day;
    if (!in_range(p->month, 1, 12) || !in_range(p->day, 1, 31) || ret->year > 999999999 ||
        ret->year < -999999999)
        return false;
    length = civil_month_length(ret->year, ret->month);
    if (ret->day > length)
        ret->day = length;
    if (p->day_of_year != DATE_ABSENT && p->month == DATE_ABSENT) {
        if (p->day_of_year < 1 || p->day_of_year > 365 + civil_is_leap(ret->year))
            return false;
        civil_from_seconds((civil_to_days(ret->year, 1, 1) + p->day_of_year - 1) * 86400, ret);
    }
    return true;
}

static bool is_whole_date(const struct date_parsed *p)
{
    return p->has_year &&
           ((p->month != DATE_ABSENT && p->day != DATE_ABSENT) || p->day_of_year != DATE_ABSENT);
}

enum status date_put_together(const struct date_parsed *p, struct java_moment *ret, struct why *why)
{
    struct civil c = {0};
    struct civil time = {0};
    const struct java_zone *zone = p->zone ? p->zone : p->offset;
    bool has_time;
    int64_t seconds;

    if (!resolve_date(p, &c) || !resolve_time(p, &has_time, &time))
        return fail(why, ST_NOT_FOUND, "the date does not exist");
    if ((zone && (!has_time || !is_whole_date(p))) || (has_time && !is_whole_date(p)) ||
        !p->has_year)
        return fail(why, ST_BAD_INPUT,
                    "java.time.DateTimeException: Unable to obtain %s from TemporalAccessor",
                    p->zone    ? "Instant"
                    : has_time ? "LocalDateTime"
                               : "Year");
    c.hour = time.hour;
    c.minute = time.minute;
    c.second = time.second;
    seconds = civil_to_seconds(&c);
    if (zone)
        seconds = java_zone_to_utc(p->offset ? p->offset : zone, seconds);
    ret->ms = seconds * 1000 + (has_time && p->nano != DATE_ABSENT ? p->nano / 1000000 : 0);
    ret->zone = zone;
    return ST_OK;
}
