/* Reading dates by Java's patterns; ISO 8601 and HTTP's formats are patterns too. */
#include "employees-mock/match/datetime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NOT_SAID = -1, OPTIONAL_DEPTH = 16, PATTERN_MAX = 512, TEXT_MAX = 1024 };

/* The fields that a text has told so far. */
struct told {
    bool has_year;
    int64_t year;
    int month, day, day_of_year, weekday;
    int hour, hour12, half; /* half: 0 AM, 1 PM */
    int minute, second;
    int64_t nano;
    int64_t milli_of_day;
    bool has_offset;
    int offset_s;
};

static const struct told nothing_told = {
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

struct parse {
    struct slice text;
    size_t at;
    struct slice pattern;
    bool any_case; /* of names */
    struct told told;
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

/* ---- pieces of text ---- */

static bool is_digit_at(const struct parse *p, size_t at)
{
    return at < p->text.len && p->text.data[at] >= '0' && p->text.data[at] <= '9';
}

/* Between `least` and `most` digits as a number. */
static bool take_digits(struct parse *p, size_t least, size_t most, int64_t *ret)
{
    size_t count = 0;
    int64_t value = 0;

    while (count < most && is_digit_at(p, p->at + count)) {
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

    if (!take_digits(p, least, most, &value))
        return false;
    *ret = (int)value;
    return true;
}

static bool take_literal(struct parse *p, struct slice literal)
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

static bool set_offset(struct parse *p, int seconds)
{
    p->told.has_offset = true;
    p->told.offset_s = seconds;
    return true;
}

/* +hh, +hhmm, +hh:mm and those with seconds. minutes, colon: whether they must be there; -1: as
 * they come. */
static bool take_offset(struct parse *p, int minutes, int colon)
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
    if (minutes != 0 && (is_digit_at(p, p->at) || take_literal(p, SLICE(":")))) {
        bool had_colon = p->text.data[p->at - 1] == ':';

        if ((colon == 1) != had_colon && colon >= 0)
            return false;
        if (!take_int(p, 2, 2, &m))
            return false;
        if (had_colon ? take_literal(p, SLICE(":")) : is_digit_at(p, p->at)) {
            if (!take_int(p, 2, 2, &s))
                return false;
        }
    } else if (minutes == 1) {
        return false;
    }
    if (h > 18 || m > 59 || s > 59)
        return false;
    return set_offset(p, sign * (h * 3600 + m * 60 + s));
}

static bool take_zone_name(struct parse *p)
{
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        size_t len = strlen(zones[i].name);

        if (p->text.len - p->at >= len &&
            strncasecmp(p->text.data + p->at, zones[i].name, len) == 0) {
            p->at += len;
            return set_offset(p, zones[i].offset_s);
        }
    }
    return false;
}

/* V, z, O: a name, a name with an offset (GMT+1, UTC+01:00), or an offset. */
static bool take_zone(struct parse *p)
{
    size_t before = p->at;

    if (take_offset(p, -1, -1))
        return true;
    p->at = before;
    if (!take_zone_name(p))
        return false;
    before = p->at;
    if (p->at < p->text.len && (p->text.data[p->at] == '+' || p->text.data[p->at] == '-')) {
        if (take_offset(p, -1, -1))
            return true;
        p->at = before;
    }
    return true;
}

/* X (zero is 'Z'), x and Z by their count of letters. */
static bool take_offset_letters(struct parse *p, char letter, size_t width)
{
    if (letter == 'X' || (letter == 'Z' && width == 5)) {
        if (take_literal(p, SLICE("Z")) || take_literal(p, SLICE("z")))
            return set_offset(p, 0);
    }
    if (letter == 'Z' && width == 4) {
        if (!take_literal(p, SLICE("GMT")))
            return false;
        return p->at == p->text.len || take_offset(p, 1, 1) || set_offset(p, 0);
    }
    if (letter == 'Z')
        return width == 5 ? take_offset(p, 1, 1) : take_offset(p, 1, 0);
    if (width == 1)
        return take_offset(p, -1, 0);
    return take_offset(p, 1, width == 3 || width == 5);
}

/* ---- fields ---- */

/* How many digits the numbers directly behind take, so that yyyyMMdd can be told apart. */
static size_t digits_behind(struct slice pattern, size_t at)
{
    size_t digits = 0;

    while (at < pattern.len && strchr("MdHhkKmsSD", pattern.data[at])) {
        size_t from = at;

        while (at < pattern.len && pattern.data[at] == pattern.data[from])
            at++;
        if (pattern.data[from] == 'M' && at - from > 2)
            break;
        digits += at - from;
    }
    return digits;
}

static size_t digit_run(const struct parse *p)
{
    size_t count = 0;

    while (is_digit_at(p, p->at + count))
        count++;
    return count;
}

static bool take_year(struct parse *p, size_t width, size_t behind)
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
    run = digit_run(p);
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

static bool take_fraction(struct parse *p, size_t width)
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
static bool take_number(struct parse *p, size_t width, size_t most, int low, int high, int *ret)
{
    return take_int(p, width, width == 1 ? most : width, ret) && *ret >= low && *ret <= high;
}

static bool take_half(struct parse *p)
{
    static const char *const halves[] = {"AM", "PM"};

    p->told.half = take_name(p, halves, 2, 0);
    return p->told.half >= 0;
}

static bool take_letters(struct parse *p, char letter, size_t width, size_t behind)
{
    struct told *t = &p->told;

    switch (letter) {
    case 'y':
    case 'u':
        return take_year(p, width, behind);
    case 'M':
    case 'L':
        return width > 2 ? take_word(p, months, 12, width, &t->month)
                         : take_number(p, width, 2, 1, 12, &t->month);
    case 'd':
        return take_number(p, width, 2, 1, 31, &t->day);
    case 'D':
        return take_number(p, width, 3, 1, 366, &t->day_of_year);
    case 'E':
        return take_word(p, weekdays, 7, width, &t->weekday);
    case 'H':
        return take_number(p, width, 2, 0, 23, &t->hour);
    case 'k':
        return take_number(p, width, 2, 1, 24, &t->hour) && ((t->hour %= 24), true);
    case 'h':
        return take_number(p, width, 2, 1, 12, &t->hour12) && ((t->hour12 %= 12), true);
    case 'K':
        return take_number(p, width, 2, 0, 11, &t->hour12);
    case 'm':
        return take_number(p, width, 2, 0, 59, &t->minute);
    case 's':
        return take_number(p, width, 2, 0, 59, &t->second);
    case 'S':
        return take_fraction(p, width);
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

/* ---- walking a pattern ---- */

static size_t same_letters(struct slice pattern, size_t at)
{
    size_t from = at;

    while (at < pattern.len && pattern.data[at] == pattern.data[from])
        at++;
    return at - from;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind the ']' that closes the '[' at `at`, quotes heeded. */
static size_t skip_optional(struct slice pattern, size_t at)
{
    unsigned depth = 0;
    bool quoted = false;

    for (; at < pattern.len; at++) {
        char c = pattern.data[at];

        if (c == '\'')
            quoted = !quoted;
        else if (!quoted && c == '[')
            depth++;
        else if (!quoted && c == ']' && --depth == 0)
            return at + 1;
    }
    return at;
}

/* 'text' with '' for a quote; *at stands on the first quote. */
static bool take_quoted(struct parse *p, size_t *at)
{
    if (*at + 1 < p->pattern.len && p->pattern.data[*at + 1] == '\'') {
        *at += 2;
        return take_literal(p, SLICE("'"));
    }
    for ((*at)++; *at < p->pattern.len; (*at)++) {
        if (p->pattern.data[*at] == '\'') {
            if (*at + 1 >= p->pattern.len || p->pattern.data[*at + 1] != '\'') {
                (*at)++;
                return true;
            }
            (*at)++;
        }
        if (!take_literal(p, (struct slice){p->pattern.data + *at, 1}))
            return false;
    }
    return true;
}

static bool walk(struct parse *p, size_t at, size_t end, unsigned depth);

/* What stands in brackets is taken, or, where it does not fit, skipped without a trace. */
static void take_optional(struct parse *p, size_t from, size_t end, unsigned depth)
{
    struct told told = p->told;
    size_t at = p->at;

    if (walk(p, from, end, depth + 1))
        return;
    p->told = told;
    p->at = at;
}

static bool walk(struct parse *p, size_t at, size_t end, unsigned depth)
{
    if (depth > OPTIONAL_DEPTH)
        return false;
    while (at < end) {
        char c = p->pattern.data[at];
        size_t width = same_letters(p->pattern, at);

        if (c == '[') {
            size_t behind = skip_optional(p->pattern, at);

            take_optional(p, at + 1, behind - (behind > at + 1), depth);
            at = behind;
        } else if (c == '\'') {
            if (!take_quoted(p, &at))
                return false;
        } else if (c == ']') {
            at++;
        } else if (is_letter(c)) {
            if (!take_letters(p, c, width, digits_behind(p->pattern, at + width)))
                return false;
            at += width;
        } else {
            if (!take_literal(p, (struct slice){p->pattern.data + at, 1}))
                return false;
            at++;
        }
    }
    return true;
}

/* ---- from fields to a date ---- */

/* strict: a day past the month's end is refused; else it becomes the last, as Java's SMART. */
static bool set_date(const struct told *t, bool strict, struct datetime *ret, bool *ret_has_day)
{
    int length;

    if (!t->has_year)
        return false;
    ret->year = t->year;
    ret->month = t->month == NOT_SAID ? 1 : t->month;
    *ret_has_day = t->month != NOT_SAID && t->day != NOT_SAID;
    ret->day = *ret_has_day ? t->day : 1;
    length = datetime_month_length(ret->year, ret->month);
    if (ret->day > length && strict)
        return false;
    ret->day = ret->day > length ? length : ret->day;
    if (!*ret_has_day && t->day_of_year != NOT_SAID) {
        *ret_has_day = true;
        ret->month = 1;
        if (datetime_add(ret, t->day_of_year - 1, UNIT_DAYS, NULL) != ST_OK)
            return false;
    }
    return !*ret_has_day || t->weekday == NOT_SAID || t->weekday == datetime_weekday(ret);
}

static bool set_time(const struct told *t, struct datetime *ret)
{
    if (t->milli_of_day != NOT_SAID) {
        ret->hour = (int)(t->milli_of_day / 3600000);
        ret->minute = (int)(t->milli_of_day / 60000 % 60);
        ret->second = (int)(t->milli_of_day / 1000 % 60);
        ret->nano = (int)(t->milli_of_day % 1000) * 1000000;
        return true;
    }
    if (t->hour != NOT_SAID)
        ret->hour = t->hour;
    else if (t->hour12 != NOT_SAID && t->half != NOT_SAID)
        ret->hour = t->hour12 + 12 * t->half;
    else
        return false;
    ret->minute = t->minute == NOT_SAID ? 0 : t->minute;
    ret->second = t->second == NOT_SAID ? 0 : t->second;
    ret->nano = t->nano == NOT_SAID ? 0 : (int)t->nano;
    return true;
}

static bool resolve(const struct told *t, bool strict, struct datetime *ret)
{
    struct datetime found = {0};
    bool has_day;

    if (!set_date(t, strict, &found, &has_day))
        return false;
    if (has_day && set_time(t, &found) && t->has_offset) {
        found.zoned = true;
        found.offset_s = t->offset_s;
    }
    if (!has_day)
        found.hour = found.minute = found.second = found.nano = 0;
    *ret = found;
    return true;
}

static bool parse_by(struct slice text, const char *pattern, bool strict, struct datetime *ret)
{
    struct parse p = {.text = text,
                      .pattern = slice_of(pattern),
                      .any_case = pattern[0] == '[', /* RFC 1123 alone */
                      .told = nothing_told};

    return walk(&p, 0, p.pattern.len, 0) && p.at == text.len && resolve(&p.told, strict, ret);
}

/* ---- ISO 8601 ---- */

/* Of a variable fraction Java takes 0 to 9 digits. */
static bool take_iso_time(struct parse *p)
{
    size_t digits;

    if (!take_number(p, 2, 2, 0, 23, &p->told.hour) || !take_literal(p, SLICE(":")) ||
        !take_number(p, 2, 2, 0, 59, &p->told.minute))
        return false;
    if (!take_literal(p, SLICE(":")))
        return true;
    if (!take_number(p, 2, 2, 0, 59, &p->told.second))
        return false;
    if (!take_literal(p, SLICE(".")))
        return true;
    digits = digit_run(p);
    return digits == 0 || take_fraction(p, digits);
}

static bool take_iso_date(struct parse *p)
{
    return take_year(p, 4, 0) && take_literal(p, SLICE("-")) &&
           take_number(p, 2, 2, 1, 12, &p->told.month) && take_literal(p, SLICE("-")) &&
           take_number(p, 2, 2, 1, 31, &p->told.day);
}

static bool take_iso_local(struct parse *p)
{
    return take_iso_date(p) && (take_literal(p, SLICE("T")) || take_literal(p, SLICE("t"))) &&
           take_iso_time(p);
}

static bool take_iso_offset(struct parse *p)
{
    if (take_literal(p, SLICE("Z")) || take_literal(p, SLICE("z")))
        return set_offset(p, 0);
    return take_offset(p, 1, 1);
}

static void take_region(struct parse *p)
{
    const char *end;

    if (!take_literal(p, SLICE("[")))
        return;
    end = memchr(p->text.data + p->at, ']', p->text.len - p->at);
    if (end)
        p->at = (size_t)(end - p->text.data) + 1;
}

bool datetime_parse_iso_offset(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = nothing_told};

    return text.len <= TEXT_MAX && take_iso_local(&p) && take_iso_offset(&p) && p.at == text.len &&
           resolve(&p.told, true, ret);
}

static bool parse_iso_zoned(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = nothing_told};

    if (!take_iso_local(&p) || !take_iso_offset(&p))
        return false;
    take_region(&p);
    return p.at == text.len && resolve(&p.told, true, ret);
}

static bool parse_iso_local(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = nothing_told};

    return take_iso_local(&p) && p.at == text.len && resolve(&p.told, true, ret);
}

enum status datetime_parse(struct slice text, struct datetime *ret, struct why *why)
{
    static const struct {
        const char *pattern;
        bool strict;
    } others[] = {
        {"[EEE, ]d MMM yyyy HH:mm[:ss] 'GMT'", false}, /* RFC 1123; its zone is GMT, or … */
        {"[EEE, ]d MMM yyyy HH:mm[:ss] Z", false},
        {"EEEE, dd-MMM-yy HH:mm:ss zzz", false},
        {"EEE MMM dd HH:mm:ss yyyy", false},
        {"EEE MMM  d HH:mm:ss yyyy", false},
        {"uuuu-MM-dd", true},
        {"uuuu-MM", true},
        {"uuuu", true},
    };
    enum { FIRST_LOCAL = 5, GMT_ITSELF = 0, ASCTIME = 3 };

    if (text.len > TEXT_MAX)
        return fail(why, ST_BAD_INPUT, "the date is too long");
    if (parse_iso_zoned(text, ret) || parse_iso_local(text, ret))
        return ST_OK;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (!parse_by(text, others[i].pattern, others[i].strict, ret))
            continue;
        if (i == GMT_ITSELF || (i >= ASCTIME && i < FIRST_LOCAL))
            ret->zoned = true;
        return ST_OK;
    }
    return fail(why, ST_BAD_INPUT, "Text '%.*s' could not be parsed",
                (int)(text.len < 100 ? text.len : 100), text.data);
}

/* ---- by a pattern of the user's ---- */

enum status datetime_check_pattern(struct slice pattern, struct why *why)
{
    bool quoted = false;
    int depth = 0;

    if (pattern.len > PATTERN_MAX)
        return fail(why, ST_BAD_INPUT, "the date pattern is longer than %d bytes", PATTERN_MAX);
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.data[i];

        if (c == '\'')
            quoted = !quoted;
        if (quoted)
            continue;
        if (is_letter(c) && !strchr("yuMLdDEHkhKmsSAnazVOvXxZ", c))
            return fail(why, ST_BAD_INPUT, "Unknown pattern letter: %c", c);
        if (c == '{' || c == '}' || c == '#')
            return fail(why, ST_BAD_INPUT, "Pattern includes reserved character: '%c'", c);
        depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (depth < 0)
            return fail(why, ST_BAD_INPUT, "Pattern invalid as it contains ] without previous [");
    }
    if (quoted)
        return fail(why, ST_BAD_INPUT, "Pattern ends with an incomplete string literal: %.*s",
                    (int)pattern.len, pattern.data);
    return ST_OK;
}

static enum status parse_count(struct slice text, int64_t scale_us, struct datetime *ret,
                               struct why *why)
{
    char digits[32];
    char *end;
    long long count;

    if (text.len == 0 || text.len >= sizeof digits)
        return fail(why, ST_BAD_INPUT, "no number");
    memcpy(digits, text.data, text.len);
    digits[text.len] = '\0';
    errno = 0;
    count = strtoll(digits, &end, 10);
    if (*end || errno || digits[0] == ' ' || count > INT64_MAX / 1000000 / 4 ||
        count < INT64_MIN / 1000000 / 4)
        return fail(why, ST_BAD_INPUT, "no number that is a date");
    datetime_from_us(count * scale_us, 0, ret);
    return ST_OK;
}

enum status datetime_parse_pattern(struct slice text, struct slice pattern, struct datetime *ret,
                                   struct why *why)
{
    struct parse p = {.text = text, .pattern = pattern, .told = nothing_told};
    enum status st;

    if (slice_equal_nocase(pattern, SLICE("unix")))
        return parse_count(text, 1000000, ret, why);
    if (slice_equal_nocase(pattern, SLICE("epoch")))
        return parse_count(text, 1000, ret, why);
    st = datetime_check_pattern(pattern, why);
    if (st != ST_OK)
        return st;
    if (text.len <= TEXT_MAX && walk(&p, 0, pattern.len, 0) && p.at == text.len &&
        resolve(&p.told, false, ret))
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "Text '%.*s' could not be parsed",
                (int)(text.len < 100 ? text.len : 100), text.data);
}
