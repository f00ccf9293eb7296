/* DateTimeFormatter.parse() and the formats that parseDate tries by itself. */
#include "employees-mock/template/java_formatter.h"

#include <ctype.h>
#include <strings.h>

enum { ABSENT = INT32_MIN };

/* What was read; ABSENT: not there. */
struct parsed {
    int64_t year;
    bool has_year;
    int month, day, day_of_year;
    int hour, hour12, half_day, minute, second, nano;
    int64_t milli_of_day;
    bool has_milli;
    const struct java_zone *zone;   /* a region */
    const struct java_zone *offset; /* "+01:00", which counts before a region */
};

struct cursor {
    struct slice left;
    struct parsed *to;
};

static const struct parsed nothing = {.month = ABSENT,
                                      .day = ABSENT,
                                      .day_of_year = ABSENT,
                                      .hour = ABSENT,
                                      .hour12 = ABSENT,
                                      .half_day = ABSENT,
                                      .minute = ABSENT,
                                      .second = ABSENT,
                                      .nano = ABSENT};

static void advance(struct cursor *c, size_t count)
{
    c->left.data += count;
    c->left.len -= count;
}

static size_t digits_ahead(const struct cursor *c)
{
    size_t count = 0;

    while (count < c->left.len && isdigit((unsigned char)c->left.data[count]))
        count++;
    return count;
}

/* `least` to `most` digits, leaving `reserved` for the fields behind. */
static bool read_number(struct cursor *c, size_t least, size_t most, size_t reserved, int64_t *ret)
{
    size_t count = digits_ahead(c);
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

static bool read_text(struct cursor *c, struct slice text)
{
    if (!slice_starts(c->left, text))
        return false;
    advance(c, text.len);
    return true;
}

/* One of the names, whole or its first three letters; its number. */
static bool read_name(struct cursor *c, const char *const *names, int count, bool full, int *ret)
{
    for (int i = 1; i <= count; i++) {
        struct slice name = {names[i], full ? strlen(names[i]) : 3};

        if (read_text(c, name)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* ---- offsets and zones ---- */

/* ±hh, ±hhmm, ±hh:mm, each with seconds; zero: a text that stands for no offset. */
static bool read_offset(struct cursor *c, const char *zero, bool colon)
{
    static const int limits[] = {18, 59, 59};
    int part[3] = {0, 0, 0};
    int sign;

    if (zero && read_text(c, slice_of(zero))) {
        c->to->offset = java_zone_utc();
        return true;
    }
    if (c->left.len < 3 || (c->left.data[0] != '+' && c->left.data[0] != '-'))
        return false;
    sign = c->left.data[0] == '-' ? -1 : 1;
    advance(c, 1);
    for (int i = 0; i < 3; i++) {
        struct cursor before = *c;
        int64_t value;

        if (i > 0 && colon && !read_text(c, SLICE(":")))
            break;
        if (!read_number(c, 2, 2, 0, &value) || value > limits[i]) {
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
static bool read_zone(struct cursor *c)
{
    size_t len = 0;

    if (c->left.len > 0 && strchr("+-", c->left.data[0]))
        return read_offset(c, NULL, memchr(c->left.data, ':', c->left.len) != NULL);
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

/* ---- fields ---- */

static bool is_numeric(const struct pattern_field *f)
{
    if (!f->letter)
        return false;
    if (strchr("MLQqec", f->letter))
        return f->count <= 2;
    return strchr("uyDdYwWFhKkHmsSAnN", f->letter) != NULL;
}

/* Digits that the fixed fields right behind need. */
static size_t reserved_behind(const struct pattern_field *f, const struct pattern_field *end)
{
    size_t count = 0;

    for (f++; f < end && is_numeric(f); f++) {
        if (f->letter == 'S' || f->count == 2 || (strchr("uyY", f->letter) && f->count == 3))
            count += (size_t)f->count;
        else
            break;
    }
    return count;
}

static int *place_of(struct parsed *p, char letter)
{
    switch (letter) {
    case 'M':
    case 'L':
        return &p->month;
    case 'd':
        return &p->day;
    case 'D':
        return &p->day_of_year;
    case 'H':
    case 'k':
        return &p->hour;
    case 'h':
    case 'K':
        return &p->hour12;
    case 'm':
        return &p->minute;
    case 's':
        return &p->second;
    case 'n':
        return &p->nano;
    default:
        return NULL;
    }
}

static bool read_year(struct cursor *c, int count, size_t reserved)
{
    bool negative = count != 2 && read_text(c, SLICE("-"));
    int64_t year;

    if (!read_number(c, count == 2 ? 2 : (size_t)count, count == 2 ? 2 : 18, reserved, &year))
        return false;
    c->to->year = count == 2 ? year + 2000 : negative ? -year : year;
    c->to->has_year = true;
    return true;
}

static bool read_fraction(struct cursor *c, int count)
{
    int64_t value;

    if (!read_number(c, (size_t)count, (size_t)count, 0, &value))
        return false;
    for (int i = count; i < 9; i++)
        value *= 10;
    c->to->nano = (int)value;
    return true;
}

static bool read_numeric(struct cursor *c, const struct pattern_field *f, size_t reserved)
{
    int *place = place_of(c->to, f->letter);
    bool fixed = f->count == 2 && strchr("MLdhHkKms", f->letter);
    int64_t value;

    if (strchr("uyY", f->letter))
        return read_year(c, f->count, reserved);
    if (f->letter == 'S')
        return read_fraction(c, f->count);
    if (!read_number(c, fixed ? 2 : (size_t)f->count, fixed ? 2 : 18, fixed ? 0 : reserved, &value))
        return false;
    if (f->letter == 'A') {
        c->to->milli_of_day = value;
        c->to->has_milli = true;
    }
    if (f->letter == 'k' && value == 24)
        value = 0;
    if (place && value <= INT32_MAX)
        *place = (int)value;
    return true;
}

static bool read_field(struct cursor *c, const struct pattern_field *f, size_t reserved)
{
    int ignored;

    switch (f->letter) {
    case 'M':
    case 'L':
        if (f->count >= 3)
            return read_name(c, java_months, 12, f->count == 4, &c->to->month);
        break;
    case 'E':
    case 'e':
    case 'c':
        if (f->letter == 'E' || f->count >= 3)
            return read_name(c, java_weekdays, 7, f->count == 4, &ignored);
        break;
    case 'G':
        return read_text(c, SLICE("AD")) || read_text(c, SLICE("BC"));
    case 'a':
        c->to->half_day = read_text(c, SLICE("AM")) ? 0 : read_text(c, SLICE("PM")) ? 1 : ABSENT;
        return c->to->half_day != ABSENT;
    case 'X':
        return read_offset(c, "Z", f->count == 3 || f->count == 5);
    case 'x':
        return read_offset(c, NULL, f->count == 3 || f->count == 5);
    case 'Z':
        if (f->count == 4)
            return read_text(c, SLICE("GMT")) && (read_offset(c, NULL, true) || true);
        return read_offset(c, f->count == 5 ? "Z" : NULL, f->count == 5);
    case 'O':
    case 'V':
    case 'v':
    case 'z':
        return read_zone(c);
    default:
        break;
    }
    return read_numeric(c, f, reserved);
}

/* Fields up to `end`; an optional part that does not fit is taken back and left out. */
static bool read_fields(struct cursor *c, const struct pattern_field *f,
                        const struct pattern_field *end)
{
    for (; f < end; f++) {
        if (f->letter == '[') {
            const struct pattern_field *close = f + 1;
            struct cursor before = *c;
            struct parsed kept = *c->to;
            int depth = 1;

            for (; close < end; close++) {
                depth += close->letter == '[' ? 1 : close->letter == ']' ? -1 : 0;
                if (depth == 0)
                    break;
            }
            if (!read_fields(c, f + 1, close)) {
                *c = before;
                *c->to = kept;
            }
            f = close < end ? close : end - 1;
        } else if (f->letter == ']') {
            continue;
        } else if (f->letter ? !read_field(c, f, reserved_behind(f, end))
                             : !read_text(c, f->text)) {
            return false;
        }
    }
    return true;
}

/* ---- putting together ---- */

static bool in_range(int value, int least, int most)
{
    return value == ABSENT || (value >= least && value <= most);
}

static bool resolve_time(const struct parsed *p, bool *ret_has, struct civil *ret)
{
    int hour = p->hour;

    if (hour == ABSENT && p->hour12 != ABSENT && p->half_day != ABSENT)
        hour = p->hour12 % 12 + 12 * p->half_day;
    *ret_has = hour != ABSENT;
    ret->hour = *ret_has ? hour : 0;
    ret->minute = p->minute == ABSENT ? 0 : p->minute;
    ret->second = p->second == ABSENT ? 0 : p->second;
    if (!*ret_has)
        ret->minute = ret->second = 0;
    return in_range(p->hour, 0, 24) && in_range(p->hour12, 0, 12) && in_range(p->minute, 0, 59) &&
           in_range(p->second, 0, 59) && ret->hour <= 24;
}

/* Smart resolving: a day past the month's end, but not past 31, becomes its last. */
static bool resolve_date(const struct parsed *p, struct civil *ret)
{
    int length;

    ret->year = p->has_year ? p->year : 1970;
    ret->month = p->month == ABSENT ? 1 : p->month;
    ret->day = p->day == ABSENT ? 1 : p->day;
    if (!in_range(p->month, 1, 12) || !in_range(p->day, 1, 31) || ret->year > 999999999 ||
        ret->year < -999999999)
        return false;
    length = civil_month_length(ret->year, ret->month);
    if (ret->day > length)
        ret->day = length;
    if (p->day_of_year != ABSENT && p->month == ABSENT) {
        if (p->day_of_year < 1 || p->day_of_year > 365 + civil_is_leap(ret->year))
            return false;
        civil_from_seconds((civil_to_days(ret->year, 1, 1) + p->day_of_year - 1) * 86400, ret);
    }
    return true;
}

static bool is_whole_date(const struct parsed *p)
{
    return p->has_year && ((p->month != ABSENT && p->day != ABSENT) || p->day_of_year != ABSENT);
}

static enum status put_together(const struct parsed *p, struct java_moment *ret, struct why *why)
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
    ret->ms = seconds * 1000 + (has_time && p->nano != ABSENT ? p->nano / 1000000 : 0);
    ret->zone = zone;
    return ST_OK;
}

enum status java_date_parse(const struct java_pattern *p, struct slice text,
                            struct java_moment *ret, struct why *why)
{
    struct parsed parsed = nothing;
    struct cursor c = {text, &parsed};
    enum status st = java_formatter_check(p, why);

    if (st != ST_OK)
        return st;
    if (!read_fields(&c, p->fields, p->fields + p->count) || c.left.len > 0)
        return fail(why, ST_NOT_FOUND, "the text does not fit the pattern");
    return put_together(&parsed, ret, why);
}

/* ---- known formats ---- */

static bool read_two(struct cursor *c, int *ret)
{
    int64_t value;

    if (!read_number(c, 2, 2, 0, &value))
        return false;
    *ret = (int)value;
    return true;
}

/* hh:mm[:ss[.fraction]] */
static bool read_clock(struct cursor *c)
{
    struct parsed *p = c->to;
    size_t digits;

    if (!read_two(c, &p->hour) || !read_text(c, SLICE(":")) || !read_two(c, &p->minute))
        return false;
    if (!read_text(c, SLICE(":")))
        return true;
    if (!read_two(c, &p->second))
        return false;
    if (!read_text(c, SLICE(".")))
        return true;
    digits = digits_ahead(c);
    if (digits > 9)
        return false;
    return digits == 0 || read_fraction(c, (int)digits);
}

static bool read_iso(struct cursor *c)
{
    struct parsed *p = c->to;

    if (!read_year(c, 4, 0) || !read_text(c, SLICE("-")) || !read_two(c, &p->month) ||
        !read_text(c, SLICE("-")) || !read_two(c, &p->day) ||
        !(read_text(c, SLICE("T")) || read_text(c, SLICE("t"))) || !read_clock(c))
        return false;
    if (!read_offset(c, "Z", true) && !read_offset(c, "z", true))
        return false;
    if (!read_text(c, SLICE("[")))
        return true;
    return read_zone(c) && read_text(c, SLICE("]"));
}

/* "Tue, 3 Jun 2008 11:05:30 GMT" */
static bool read_rfc1123(struct cursor *c)
{
    struct parsed *p = c->to;
    int weekday;
    int64_t day;

    if (read_name(c, java_weekdays, 7, false, &weekday) && !read_text(c, SLICE(", ")))
        return false;
    if (!read_number(c, 1, 2, 0, &day) || !read_text(c, SLICE(" ")) ||
        !read_name(c, java_months, 12, false, &p->month) || !read_text(c, SLICE(" ")) ||
        !read_year(c, 4, 0) || !read_text(c, SLICE(" ")) || !read_clock(c) ||
        !read_text(c, SLICE(" ")))
        return false;
    p->day = (int)day;
    return read_offset(c, "GMT", false);
}

/* "Tuesday, 03-Jun-08 11:05:30 GMT"; Java's pattern asks for the short name of the day. */
static bool read_rfc1036(struct cursor *c)
{
    struct parsed *p = c->to;
    int weekday;

    return read_name(c, java_weekdays, 7, true, &weekday) && read_text(c, SLICE(", ")) &&
           read_two(c, &p->day) && read_text(c, SLICE("-")) &&
           read_name(c, java_months, 12, false, &p->month) && read_text(c, SLICE("-")) &&
           read_year(c, 2, 0) && read_text(c, SLICE(" ")) && read_clock(c) &&
           read_text(c, SLICE(" ")) && read_zone(c);
}

/* "Tue Jun 03 11:05:30 2008", "Tue Jun  3 11:05:30 2008" */
static bool read_asctime(struct cursor *c)
{
    struct parsed *p = c->to;
    int weekday;
    int64_t day;

    if (!read_name(c, java_weekdays, 7, false, &weekday) || !read_text(c, SLICE(" ")) ||
        !read_name(c, java_months, 12, false, &p->month) || !read_text(c, SLICE(" ")))
        return false;
    if (read_text(c, SLICE(" ")) ? !read_number(c, 1, 1, 0, &day) : !read_number(c, 2, 2, 0, &day))
        return false;
    p->day = (int)day;
    p->zone = NULL;
    if (!read_text(c, SLICE(" ")) || !read_clock(c) || !read_text(c, SLICE(" ")) ||
        !read_year(c, 4, 0))
        return false;
    return java_zone_find(SLICE("GMT"), &p->zone, NULL) == ST_OK;
}

enum status java_date_parse_known(struct slice text, struct java_moment *ret)
{
    static bool (*const readers[])(struct cursor *) = {read_iso, read_rfc1123, read_rfc1036,
                                                       read_asctime};

    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        struct parsed parsed = nothing;
        struct cursor c = {text, &parsed};

        if (readers[i](&c) && c.left.len == 0 && put_together(&parsed, ret, NULL) == ST_OK)
            return ST_OK;
    }
    return ST_NOT_FOUND;
}
