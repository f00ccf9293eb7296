/* The fields of a date in a text: numbers, names, offsets, zones. */
#include "employees-mock/match/datetime_text.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

const struct told dt_nothing_told = {
    .month = NOT_SAID,
    .day = NOT_SAID,
    .day_of_year = NOT_SAID,
    .weekday = NOT_SAID,
    .hour = NOT_SAID,
    .hour12 = NOT_SAID,
    .half = NOT_SAID,
    .minute = NOT_SAID,
    .second = NOT_SAID,
    .nano = NOT_SAID,
    .milli_of_day = NOT_SAID,
};

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

static const struct {
    const char *name;
    int offset_s;
} zones[] = {
    {"GMT", 0},      {"UTC", 0},      {"UT", 0},       {"EST", -18000}, {"EDT", -14400},
    {"CST", -21600}, {"CDT", -18000}, {"MST", -25200}, {"MDT", -21600}, {"PST", -28800},
    {"PDT", -25200}, {"CET", 3600},   {"CEST", 7200},  {"BST", 3600},   {"Z", 0},
};

static bool is_digit_at(const struct parse *p, size_t at)
{
    return at < p->text.len && p->text.data[at] >= '0' && p->text.data[at] <= '9';
}

/* Between `least` and `most` digits as a number; more than it holds are none. */
static bool take_digits(struct parse *p, size_t least, size_t most, int64_t *ret)
{
    size_t count = 0;
    int64_t value = 0;

    while (count < most && is_digit_at(p, p->at + count)) {
        if (value > (INT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (p->text.data[p->at + count] - '0');
        count++;
    }
    if (count < least)
        return false;
    p->at += count;
    *ret = value;
    return true;
}

static bool take_int(struct parse *p, size_t least, size_t most, int *ret)
{
    int64_t value;

    if (!take_digits(p, least, most, &value) || value > INT_MAX)
        return false;
    *ret = (int)value;
    return true;
}

bool dt_take_literal(struct parse *p, struct slice literal)
{
    struct slice rest = {p->text.data + p->at, p->text.len - p->at};

    if (rest.len < literal.len || !slice_equal((struct slice){rest.data, literal.len}, literal))
        return false;
    p->at += literal.len;
    return true;
}

/* One of the names, whole or (cut > 0) its first letters; returns its number from 0, or -1. */
static int take_name(struct parse *p, const char *const names[], int count, size_t cut)
{
    for (int i = 0; i < count; i++) {
        size_t len = cut ? cut : strlen(names[i]);

        if (p->text.len - p->at >= len &&
            (p->any_case ? strncasecmp : strncmp)(p->text.data + p->at, names[i], len) == 0) {
            p->at += len;
            return i;
        }
    }
    return -1;
}

static bool take_word(struct parse *p, const char *const names[], int count, size_t width, int *ret)
{
    int found = take_name(p, names, count, width >= 4 ? 0 : 3);

    if (found < 0)
        return false;
    *ret = found + 1;
    return true;
}

/* ---- offsets and zones ---- */

bool dt_set_offset(struct parse *p, int seconds)
{
    p->told.has_offset = true;
    p->told.offset_s = seconds;
    return true;
}

bool dt_take_offset(struct parse *p, int minutes, int colon)
{
    int sign;
    int h = 0;
    int m = 0;
    int s = 0;

    if (p->at >= p->text.len || (p->text.data[p->at] != '+' && p->text.data[p->at] != '-'))
        return false;
    sign = p->text.data[p->at++] == '-' ? -1 : 1;
    if (!take_int(p, 2, 2, &h))
        return false;
    if (minutes != 0 && (is_digit_at(p, p->at) || dt_take_literal(p, SLICE(":")))) {
        bool had_colon = p->text.data[p->at - 1] == ':';

        if ((colon == 1) != had_colon && colon >= 0)
            return false;
        if (!take_int(p, 2, 2, &m))
            return false;
        if (had_colon ? dt_take_literal(p, SLICE(":")) : is_digit_at(p, p->at)) {
            if (!take_int(p, 2, 2, &s))
                return false;
        }
    } else if (minutes == 1) {
        return false;
    }
    if (h > 18 || m > 59 || s > 59)
        return false;
    return dt_set_offset(p, sign * (h * 3600 + m * 60 + s));
}

static bool take_zone_name(struct parse *p)
{
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t len = strlen(zones[i].name);

        if (p->text.len - p->at >= len &&
            strncasecmp(p->text.data + p->at, zones[i].name, len) == 0) {
            p->at += len;
            return dt_set_offset(p, zones[i].offset_s);
        }
    }
    return false;
}

/* V, z, O: a name, a name with an offset (GMT+1, UTC+01:00), or an offset. */
static bool take_zone(struct parse *p)
{
    size_t before = p->at;

    if (dt_take_offset(p, 1, 1)) /* of its own only as +hh:mm */
        return true;
    p->at = before;
    if (!take_zone_name(p))
        return false;
    before = p->at;
    if (p->at < p->text.len && (p->text.data[p->at] == '+' || p->text.data[p->at] == '-')) {
        if (dt_take_offset(p, -1, -1))
            return true;
        p->at = before;
    }
    return true;
}

/* X (zero is 'Z'), x and Z by their count of letters. */
static bool take_offset_letters(struct parse *p, char letter, size_t width)
{
    if (letter == 'X' || (letter == 'Z' && width == 5)) {
        if (dt_take_literal(p, SLICE("Z")) || dt_take_literal(p, SLICE("z")))
            return dt_set_offset(p, 0);
    }
    if (letter == 'Z' && width == 4) {
        if (!dt_take_literal(p, SLICE("GMT")))
            return false;
        return p->at == p->text.len || dt_take_offset(p, 1, 1) || dt_set_offset(p, 0);
    }
    if (letter == 'Z')
        return width == 5 ? dt_take_offset(p, 1, 1) : dt_take_offset(p, 1, 0);
    if (width == 1)
        return dt_take_offset(p, -1, 0);
    return dt_take_offset(p, 1, width == 3 || width == 5);
}

/* ---- fields ---- */

size_t dt_digit_run(const struct parse *p)
{
    size_t count = 0;

    while (is_digit_at(p, p->at + count))
        count++;
    return count;
}

bool dt_take_year(struct parse *p, size_t width, size_t behind)
{
    bool negative = false;
    bool has_sign = false;
    size_t most = 9;
    size_t run;

    if (width == 2) {
        if (!take_digits(p, 2, 2, &p->told.year))
            return false;
        p->told.year += 2000;
        p->told.has_year = true;
        return true;
    }
    if (p->at < p->text.len && (p->text.data[p->at] == '-' || p->text.data[p->at] == '+')) {
        has_sign = true;
        negative = p->text.data[p->at++] == '-';
    }
    run = dt_digit_run(p);
    if (behind > 0 && run > behind && run - behind < most)
        most = run - behind;
    else if (width >= 4 && !has_sign)
        most = 4;
    if (!take_digits(p, width, most, &p->told.year))
        return false;
    if (negative)
        p->told.year = -p->told.year;
    p->told.has_year = true;
    return true;
}

bool dt_take_fraction(struct parse *p, size_t width)
{
    int64_t value;

    if (width > 9 || !take_digits(p, width, width, &value))
        return false;
    for (size_t i = width; i < 9; i++)
        value *= 10;
    p->told.nano = value;
    return true;
}

/* One letter of a number takes as many digits as there are, two letters exactly two. */
bool dt_take_number(struct parse *p, size_t width, size_t most, int low, int high, int *ret)
{
    return take_int(p, width, width == 1 ? most : width, ret) && *ret >= low && *ret <= high;
}

static bool take_half(struct parse *p)
{
    static const char *const halves[] = {"AM", "PM"};

    p->told.half = take_name(p, halves, 2, 0);
    return p->told.half >= 0;
}

bool dt_take_letters(struct parse *p, char letter, size_t width, size_t behind)
{
    struct told *t = &p->told;

    switch (letter) {
    case 'y':
    case 'u':
        return dt_take_year(p, width, behind);
    case 'M':
    case 'L':
        return width > 2 ? take_word(p, months, 12, width, &t->month)
                         : dt_take_number(p, width, 2, 1, 12, &t->month);
    case 'd':
        return dt_take_number(p, width, 2, 1, 31, &t->day);
    case 'D':
        return dt_take_number(p, width, 3, 1, 366, &t->day_of_year);
    case 'E':
        return take_word(p, weekdays, 7, width, &t->weekday);
    case 'H':
        return dt_take_number(p, width, 2, 0, 23, &t->hour);
    case 'k':
        return dt_take_number(p, width, 2, 1, 24, &t->hour) && ((t->hour %= 24), true);
    case 'h':
        return dt_take_number(p, width, 2, 1, 12, &t->hour12) && ((t->hour12 %= 12), true);
    case 'K':
        return dt_take_number(p, width, 2, 0, 11, &t->hour12);
    case 'm':
        return dt_take_number(p, width, 2, 0, 59, &t->minute);
    case 's':
        return dt_take_number(p, width, 2, 0, 59, &t->second);
    case 'S':
        return dt_take_fraction(p, width);
    case 'A':
        return take_digits(p, width, 9, &t->milli_of_day) && t->milli_of_day < 86400000;
    case 'n':
        return take_digits(p, width, 9, &t->nano);
    case 'a':
        return take_half(p);
    case 'z':
    case 'V':
    case 'O':
    case 'v':
        return take_zone(p);
    default:
        return take_offset_letters(p, letter, width);
    }
}
