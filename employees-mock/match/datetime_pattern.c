/* Reading a text by a Java pattern, and the date that its fields tell. */
#include "employees-mock/match/datetime_text.h"

#include <string.h>

enum { OPTIONAL_DEPTH = 16 };

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
        return dt_take_literal(p, SLICE("'"));
    }
    for ((*at)++; *at < p->pattern.len; (*at)++) {
        if (p->pattern.data[*at] == '\'') {
            if (*at + 1 >= p->pattern.len || p->pattern.data[*at + 1] != '\'') {
                (*at)++;
                return true;
            }
            (*at)++;
        }
        if (!dt_take_literal(p, (struct slice){p->pattern.data + *at, 1}))
            return false;
    }
    return true;
}

/* What stands in brackets is taken, or, where it does not fit, skipped without a trace. */
static void take_optional(struct parse *p, size_t from, size_t end, unsigned depth)
{
    struct told told = p->told;
    size_t at = p->at;

    if (dt_walk(p, from, end, depth + 1))
        return;
    p->told = told;
    p->at = at;
}

bool dt_walk(struct parse *p, size_t at, size_t end, unsigned depth)
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
            if (!dt_take_letters(p, c, width, digits_behind(p->pattern, at + width)))
                return false;
            at += width;
        } else {
            if (!dt_take_literal(p, (struct slice){p->pattern.data + at, 1}))
                return false;
            at++;
        }
    }
    return true;
}

/* ---- from fields to a date ---- */

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

bool dt_resolve(const struct told *t, bool strict, struct datetime *ret)
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
