#include "employees-mock/template/date_reader.h"

#include <ctype.h>
#include <stdlib.h>

const struct date_parsed date_nothing = {.month = DATE_ABSENT,
                                         .day = DATE_ABSENT,
                                         .day_of_year = DATE_ABSENT,
                                         .weekday = DATE_ABSENT,
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
    struct slice start = {c->left.data, text.len};

    if (c->left.len < text.len ||
        !(c->any_case ? slice_equal_nocase(start, text) : slice_equal(start, text)))
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
    bool plus = count == 4 && !negative && date_read_text(c, SLICE("+"));
    size_t most = count == 2 ? 2 : count == 4 && !negative && !plus && !reserved ? 4 : 18;
    int64_t year;

    if (!date_read_number(c, (size_t)count + (plus && c->to->strict), most, reserved, &year))
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
    c->to->offset_s = sign * (part[0] * 3600 + part[1] * 60 + part[2]);
    if (abs(c->to->offset_s) > 18 * 3600)
        return false;
    c->to->offset = java_zone_fixed(c->to->offset_s);
    return c->to->offset != NULL;
}

/* Abbreviations that stand for a region, as Java has them in English. */
static const struct {
    const char *name;
    const char *region;
} zone_names[] = {
    {"EST", "America/New_York"},    {"EDT", "America/New_York"},     {"ET", "America/New_York"},
    {"CST", "America/Chicago"},     {"CDT", "America/Chicago"},      {"CT", "America/Chicago"},
    {"MST", "America/Denver"},      {"MDT", "America/Denver"},       {"PST", "America/Los_Angeles"},
    {"PDT", "America/Los_Angeles"}, {"PT", "America/Los_Angeles"},   {"AKST", "America/Anchorage"},
    {"AKDT", "America/Anchorage"},  {"AST", "America/Halifax"},      {"ADT", "America/Halifax"},
    {"NST", "America/St_Johns"},    {"HST", "Pacific/Honolulu"},     {"CEST", "Europe/Paris"},
    {"EEST", "Europe/Athens"},      {"MSK", "Europe/Moscow"},        {"JST", "Asia/Tokyo"},
    {"KST", "Asia/Seoul"},          {"SGT", "Asia/Singapore"},       {"HKT", "Asia/Hong_Kong"},
    {"AEST", "Australia/Sydney"},   {"AEDT", "Australia/Sydney"},    {"NZST", "Pacific/Auckland"},
    {"NZDT", "Pacific/Auckland"},   {"SAST", "Africa/Johannesburg"},
};

static enum status find_zone(struct slice name, const struct java_zone **ret)
{
    for (size_t i = 0; i < sizeof zone_names / sizeof zone_names[0]; i++)
        if (slice_is(name, zone_names[i].name))
            return java_zone_find(slice_of(zone_names[i].region), ret, NULL);
    return java_zone_find(name, ret, NULL);
}

/* Letters of a region or an abbreviation. */
bool date_read_zone(struct date_cursor *c)
{
    size_t len = 0;

    if (c->left.len > 0 && strchr("+-", c->left.data[0]))
        return date_read_offset(c, NULL, memchr(c->left.data, ':', c->left.len) != NULL);
    while (len < c->left.len && len < 60 &&
           (isalnum((unsigned char)c->left.data[len]) || strchr("/_+-:", c->left.data[len])))
        len++;
    for (; len > 0; len--) {
        if (find_zone((struct slice){c->left.data, len}, &c->to->zone) == ST_OK) {
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

/* Smart resolving: a day past the month's end, but not past 31, becomes its last. A day without a
 * month says nothing. */
static bool resolve_date(const struct date_parsed *p, struct civil *ret)
{
    int length;

    ret->year = p->has_year ? p->year : 1970;
    ret->month = p->month == DATE_ABSENT ? 1 : p->month;
    ret->day = p->day == DATE_ABSENT || p->month == DATE_ABSENT ? 1 : p->day;
    if (!in_range(p->month, 1, 12) || !in_range(p->day, 1, 31) || ret->year > 999999999 ||
        ret->year < -999999999)
        return false;
    length = civil_month_length(ret->year, ret->month);
    if (ret->day > length && p->strict)
        return false;
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
    return p->has_year && ((p->month != DATE_ABSENT && p->day != DATE_ABSENT) ||
                           (p->month == DATE_ABSENT && p->day_of_year != DATE_ABSENT));
}

static bool weekday_fits(const struct date_parsed *p, const struct civil *c)
{
    return p->weekday == DATE_ABSENT || !is_whole_date(p) ||
           p->weekday == civil_weekday(civil_to_days(c->year, c->month, c->day));
}

/* ---- what can't become an instant, in Java's words ---- */

static void put_field(struct buf *b, bool there, const char *name, int64_t value)
{
    if (there)
        buf_printf(b, "%s%s=%lld", b->data[b->len - 1] == '{' ? "" : ", ", name, (long long)value);
}

/* Parsed.toString(). */
static void put_parsed(struct buf *b, const struct date_parsed *p, const struct civil *date,
                       const struct civil *time)
{
    bool whole = is_whole_date(p);

    buf_put_char(b, '{');
    put_field(b, p->offset != NULL, "OffsetSeconds", p->offset_s);
    put_field(b, !whole && p->day_of_year != DATE_ABSENT, "DayOfYear", p->day_of_year);
    put_field(b, !whole && p->has_year, "Year", p->year);
    put_field(b, !whole && p->day != DATE_ABSENT, "DayOfMonth", p->day);
    put_field(b, !whole && p->month != DATE_ABSENT, "MonthOfYear", p->month);
    put_field(b, p->has_week_year, "WeekBasedYear[WeekFields[SUNDAY,1]]", p->week_year);
    buf_put_text(b, "},ISO");
    if (p->zone) {
        buf_put_char(b, ',');
        buf_put_slice(b, java_zone_id(p->zone));
    }
    if (whole || time)
        buf_put_text(b, " resolved to ");
    if (whole)
        buf_printf(b, "%04lld-%02d-%02d", (long long)date->year, date->month, date->day);
    if (time) {
        buf_printf(b, "%s%02d:%02d", whole ? "T" : "", time->hour, time->minute);
        if (time->second)
            buf_printf(b, ":%02d", time->second);
    }
    buf_put_text(b, " of type java.time.format.Parsed");
}

/* What WireMock tries to make of these fields, and what keeps it from doing so; NULL: nothing. */
static const char *unobtainable(const struct date_parsed *p, bool has_time)
{
    if (p->zone || p->offset)
        return has_time && is_whole_date(p) ? NULL : "Instant";
    if (has_time)
        return is_whole_date(p) ? NULL : "LocalDateTime";
    if (p->has_year)
        return NULL;
    return p->month != DATE_ABSENT ? "YearMonth" : "Year";
}

static enum status fail_parsed(const char *wanted, const struct date_parsed *p,
                               const struct civil *date, const struct civil *time, struct why *why)
{
    auto_buf struct buf words = BUF_INIT(1024);

    put_parsed(&words, p, date, time);
    return fail(why, ST_BAD_INPUT,
                "java.time.DateTimeException: Unable to obtain %s from TemporalAccessor: %s",
                wanted, buf_text(&words));
}

enum status date_put_together(const struct date_parsed *p, struct java_moment *ret, struct why *why)
{
    struct civil c = {0};
    struct civil time = {0};
    const struct java_zone *zone = p->zone ? p->zone : p->offset;
    bool has_time;
    int64_t seconds;
    const char *wanted;

    if (!resolve_date(p, &c) || !resolve_time(p, &has_time, &time) || !weekday_fits(p, &c) ||
        (p->strict && time.hour == 24))
        return fail(why, ST_NOT_FOUND, "the date does not exist");
    wanted = unobtainable(p, has_time);
    if (wanted)
        return fail_parsed(wanted, p, &c, has_time ? &time : NULL, why);
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
