/* ISO 8601, HTTP's formats, and the patterns of users. */
#include "employees-mock/match/datetime_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERN_MAX = 512, TEXT_MAX = 1024, YEAR_DIGITS_MAX = 9 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool parse_by(struct slice text, const char *pattern, bool strict, struct datetime *ret)
{
    struct parse p = {.text = text,
                      .pattern = slice_of(pattern),
                      .any_case = pattern[0] == '[', /* RFC 1123 alone */
                      .told = dt_nothing_told};

    return dt_walk(&p, 0, p.pattern.len, 0) && p.at == text.len && dt_resolve(&p.told, strict, ret);
}

/* ---- ISO 8601 ---- */

/* Of a variable fraction Java takes 0 to 9 digits. */
static bool take_iso_time(struct parse *p)
{
    size_t digits;

    if (!dt_take_number(p, 2, 2, 0, 23, &p->told.hour) || !dt_take_literal(p, SLICE(":")) ||
        !dt_take_number(p, 2, 2, 0, 59, &p->told.minute))
        return false;
    if (!dt_take_literal(p, SLICE(":")))
        return true;
    if (!dt_take_number(p, 2, 2, 0, 59, &p->told.second))
        return false;
    if (!dt_take_literal(p, SLICE(".")))
        return true;
    digits = dt_digit_run(p);
    return digits == 0 || dt_take_fraction(p, digits);
}

static bool take_iso_date(struct parse *p)
{
    return dt_take_year(p, 4, 0) && dt_take_literal(p, SLICE("-")) &&
           dt_take_number(p, 2, 2, 1, 12, &p->told.month) && dt_take_literal(p, SLICE("-")) &&
           dt_take_number(p, 2, 2, 1, 31, &p->told.day);
}

static bool take_iso_local(struct parse *p)
{
    return take_iso_date(p) && (dt_take_literal(p, SLICE("T")) || dt_take_literal(p, SLICE("t"))) &&
           take_iso_time(p);
}

static bool take_iso_offset(struct parse *p)
{
    if (dt_take_literal(p, SLICE("Z")) || dt_take_literal(p, SLICE("z")))
        return dt_set_offset(p, 0);
    return dt_take_offset(p, 2, 1);
}

static void take_region(struct parse *p)
{
    const char *end;

    if (!dt_take_literal(p, SLICE("[")))
        return;
    end = memchr(p->text.data + p->at, ']', p->text.len - p->at);
    if (end)
        p->at = (size_t)(end - p->text.data) + 1;
}

bool datetime_parse_iso_offset(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = dt_nothing_told};

    return text.len <= TEXT_MAX && take_iso_local(&p) && take_iso_offset(&p) && p.at == text.len &&
           dt_resolve(&p.told, true, ret);
}

static bool parse_iso_zoned(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = dt_nothing_told};

    if (!take_iso_local(&p) || !take_iso_offset(&p))
        return false;
    take_region(&p);
    return p.at == text.len && dt_resolve(&p.told, true, ret);
}

static bool parse_iso_local(struct slice text, struct datetime *ret)
{
    struct parse p = {.text = text, .told = dt_nothing_told};

    return take_iso_local(&p) && p.at == text.len && dt_resolve(&p.told, true, ret);
}

/* A year alone, as Java's Year.parse() takes it: a sign, and one to nine digits. */
static bool parse_year(struct slice text, struct datetime *ret)
{
    bool signed_ = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
    struct told told = dt_nothing_told;

    if (text.len == signed_ || text.len - signed_ > YEAR_DIGITS_MAX)
        return false;
    for (size_t i = signed_; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        told.year = told.year * 10 + (text.data[i] - '0');
    }
    if (text.data[0] == '-')
        told.year = -told.year;
    told.has_year = true;
    return dt_resolve(&told, true, ret);
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
    if (parse_year(text, ret))
        return ST_OK;
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
    struct parse p = {.text = text, .pattern = pattern, .told = dt_nothing_told};
    enum status st;

    if (slice_equal_nocase(pattern, SLICE("unix")))
        return parse_count(text, 1000000, ret, why);
    if (slice_equal_nocase(pattern, SLICE("epoch")))
        return parse_count(text, 1000, ret, why);
    st = datetime_check_pattern(pattern, why);
    if (st != ST_OK)
        return st;
    if (text.len <= TEXT_MAX && dt_walk(&p, 0, pattern.len, 0) && p.at == text.len &&
        dt_resolve(&p.told, false, ret))
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "Text '%.*s' could not be parsed",
                (int)(text.len < 100 ? text.len : 100), text.data);
}
