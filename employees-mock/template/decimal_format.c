#include "employees-mock/template/decimal_format.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define SIGN "\xc2\xa4" /* the currency sign */

enum { PLACES_MAX = 340 };

/* ---- patterns ---- */

static bool is_number_part(char c)
{
    return c == '#' || c == '0' || c == ',' || c == '.';
}

/* The end of an affix: before the number, or at ';' or the end. */
static size_t affix_end(struct slice s, size_t at)
{
    bool quoted = false;

    for (; at < s.len; at++) {
        if (s.data[at] == '\'')
            quoted = !quoted;
        else if (!quoted && (is_number_part(s.data[at]) || s.data[at] == ';'))
            break;
    }
    return at;
}

static enum status malformed(struct slice pattern, struct why *why)
{
    return fail(why, ST_BAD_INPUT, "java.lang.IllegalArgumentException: Malformed pattern \"%.*s\"",
                pattern.len > 80 ? 80 : (int)pattern.len, pattern.data);
}

/* "#,##0.00#" and "E0" behind it. */
static size_t parse_number(struct slice s, size_t at, struct decimal_format *f)
{
    bool behind = false;
    int group = -1;

    f->integer_all = f->integer_min = f->fraction_min = f->fraction_max = 0;
    for (; at < s.len && is_number_part(s.data[at]); at++) {
        char c = s.data[at];

        if (c == '.')
            behind = true;
        else if (c == ',')
            group = 0;
        else if (behind) {
            f->fraction_max++;
            f->fraction_min += c == '0';
        } else {
            f->integer_all++;
            f->integer_min += c == '0';
            group += group >= 0;
        }
    }
    f->ends_in_point = behind && (f->fraction_max == 0 || f->integer_all == 0);
    if (behind && f->integer_min == 0 && f->fraction_min == 0) {
        if (f->integer_all > 0) /* "#.##" is "0.##", ".##" is ".0#" */
            f->integer_min = 1;
        else
            f->fraction_min = f->fraction_max > 0;
    }
    f->group_size = group > 0 ? group : 0;
    f->groups = group > 0;
    f->integer_max = PLACES_MAX;
    if (at < s.len && s.data[at] == 'E')
        for (at++; at < s.len && s.data[at] == '0'; at++)
            f->exponent_min++;
    if (f->exponent_min > 0)
        f->integer_max = f->integer_all;
    return at;
}

/* What applyPattern() refuses of the number part. */
static enum status check_number(struct slice s, size_t at, size_t end, struct why *why)
{
    const char *words = NULL;
    int left = 0;
    int zeros = 0;
    int right = 0;
    int point = -1;
    int group = -1;

    for (; at < end && is_number_part(s.data[at]) && !words; at++) {
        char c = s.data[at];

        if (c == '.' && point >= 0)
            words = "Multiple decimal separators in pattern";
        else if (c == '.')
            point = left + zeros + right;
        else if (c == ',')
            group = 0;
        else if (c == '0' && right > 0)
            words = "Unexpected '0' in pattern";
        else if (group >= 0 && point < 0)
            group++;
        zeros += c == '0';
        left += c == '#' && zeros == 0;
        right += c == '#' && zeros > 0;
    }
    if (!words && ((point < 0 && right > 0) || group == 0 ||
                   (point >= 0 && zeros > 0 && (point < left || point > left + zeros))))
        words = "Malformed pattern";
    if (!words)
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "java.lang.IllegalArgumentException: %s \"%.*s\"", words,
                s.len > 80 ? 80 : (int)s.len, s.data);
}

static int multiplier_of(struct slice affix)
{
    for (size_t i = 0; i < affix.len; i++) {
        if (affix.data[i] == '%')
            return 2;
        if (i + 2 < affix.len && memcmp(affix.data + i, "\xe2\x80\xb0", 3) == 0)
            return 3;
    }
    return 0;
}

static struct slice part(struct slice s, size_t from, size_t to)
{
    return (struct slice){s.data + from, to - from};
}

enum status decimal_format_parse(struct slice s, const struct number_locale *l,
                                 struct decimal_format *ret, struct why *why)
{
    size_t at = affix_end(s, 0);
    size_t from;
    enum status st;

    *ret = (struct decimal_format){
        .locale = l, .money = memmem(s.data, s.len, SIGN, 2), .rounding = ROUND_HALF_EVEN};
    ret->prefix = part(s, 0, at);
    if (s.len == 0) { /* all digits, as they are */
        ret->group_size = 3;
        ret->groups = true;
        ret->integer_max = ret->fraction_max = PLACES_MAX;
        return ST_OK;
    }
    from = parse_number(s, at, ret);
    st = check_number(s, at, from, why);
    if (st != ST_OK)
        return st;
    at = affix_end(s, from);
    ret->suffix = part(s, from, at);
    if (at < s.len && s.data[at] != ';')
        return malformed(s, why);
    ret->multiplier = multiplier_of(ret->prefix) + multiplier_of(ret->suffix);
    if (at >= s.len)
        return ST_OK;
    from = ++at;
    at = affix_end(s, at);
    ret->negative_prefix = part(s, from, at);
    while (at < s.len && (is_number_part(s.data[at]) || s.data[at] == 'E'))
        at++;
    ret->negative_suffix = part(s, at, s.len);
    if (affix_end(s, at) < s.len && s.data[affix_end(s, at)] == ';')
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: Unquoted special character ';' in pattern "
                    "\"%.*s\"",
                    s.len > 80 ? 80 : (int)s.len, s.data);
    return ST_OK;
}

/* ---- writing ---- */

static void put_affix(const struct decimal_format *f, struct slice affix, struct buf *ret)
{
    for (size_t i = 0; i < affix.len; i++) {
        struct slice rest = {affix.data + i, affix.len - i};

        if (affix.data[i] == '\'') {
            if (i + 1 < affix.len && affix.data[i + 1] == '\'')
                buf_put_char(ret, affix.data[++i]);
        } else if (slice_starts(rest, SLICE(SIGN SIGN))) {
            buf_put_text(ret, f->locale->currency_code);
            i += 3;
        } else if (slice_starts(rest, SLICE(SIGN))) {
            buf_put_text(ret, f->locale->currency);
            i++;
        } else if (affix.data[i] == '-') {
            buf_put_text(ret, f->locale->minus);
        } else {
            buf_put_char(ret, affix.data[i]);
        }
    }
}

static void put_plain(const struct decimal_format *f, const struct digits *d, struct buf *ret)
{
    int before = d->count > 0 && d->point > 0 ? d->point : 0;
    int behind = d->count > d->point ? d->count - d->point : 0;
    int whole = before > f->integer_min ? before : f->integer_min;
    int places = behind > f->fraction_min ? behind : f->fraction_min;

    if (d->count == 0)
        places = f->fraction_min;
    if (whole > f->integer_max)
        whole = f->integer_max;
    if (whole == 0 && places == 0)
        buf_put_char(ret, '0'); /* something has to stand there */
    for (int i = whole - 1; i >= 0; i--) {
        buf_put_char(ret, digits_at(d, i));
        if (f->groups && f->group_size > 0 && i > 0 && i % f->group_size == 0)
            buf_put_text(ret, f->money ? f->locale->money_group : f->locale->group);
    }
    if (places > 0 || f->ends_in_point)
        buf_put_text(ret, f->money ? f->locale->money_point : f->locale->point);
    for (int i = 1; i <= places; i++)
        buf_put_char(ret, digits_at(d, -i));
}

static int floor_to(int value, int step)
{
    int rest = value % step;

    return value - (rest < 0 ? rest + step : rest);
}

/* Whether the exponent is a multiple of the most digits before the point: "engineering". */
static bool is_stepped(const struct decimal_format *f)
{
    return f->integer_max > 1 && f->integer_max > f->integer_min;
}

/* Of 0.DIGITS * 10^point: what is left of the point for the digits before it. */
static int exponent_of(const struct decimal_format *f, const struct digits *d)
{
    return is_stepped(f) ? floor_to(d->point - 1, f->integer_max) : d->point - f->integer_min;
}

/* As DecimalFormat does: the least digits are counted over both sides of the point, and before it
 * there may be none. */
static void put_mantissa(const struct decimal_format *f, const struct digits *d, int whole,
                         struct buf *ret)
{
    int least = f->integer_min + f->fraction_min;
    int total = d->count;

    if (least < whole)
        least = whole;
    if (total < least)
        total = least;
    for (int i = 0; i < total; i++) {
        if (i == whole)
            buf_put_text(ret, f->money ? f->locale->money_point : f->locale->point);
        buf_put_char(ret, i < d->count ? d->text[i] : '0');
    }
    if (f->ends_in_point && total == whole)
        buf_put_text(ret, f->money ? f->locale->money_point : f->locale->point);
}

static bool put_scientific(const struct decimal_format *f, struct digits *d, bool is_whole,
                           struct buf *ret)
{
    int most = f->integer_max + f->fraction_max;
    int exponent;

    /* a whole number is not cut to nothing */
    if ((most > 0 || !is_whole) && !digits_round(d, most - d->point, f->rounding))
        return false;
    exponent = d->count > 0 ? exponent_of(f, d) : 0;
    put_mantissa(f, d,
                 d->count > 0    ? d->point - exponent
                 : is_stepped(f) ? 1
                                 : f->integer_min,
                 ret);
    buf_printf(ret, "%s%s%0*d", f->locale->exponent ? f->locale->exponent : "E",
               exponent < 0 ? f->locale->minus : "", f->exponent_min,
               exponent < 0 ? -exponent : exponent);
    return true;
}

static enum status need_rounding(struct why *why)
{
    return fail(
        why, ST_BAD_INPUT,
        "java.lang.ArithmeticException: Rounding needed with the rounding mode being set to "
        "RoundingMode.UNNECESSARY");
}

static void put_not_finite(const struct decimal_format *f, double d, struct buf *ret)
{
    if (isnan(d)) {
        buf_put_text(ret, "NaN");
        return;
    }
    if (d < 0)
        buf_put_text(ret, f->locale->minus);
    put_affix(f, f->prefix, ret);
    buf_put_text(ret, "\xe2\x88\x9e");
    put_affix(f, f->suffix, ret);
}

/* Java writes the shortest digits of a double; where they are cut, the binary value decides how. */
static bool take_digits(const struct decimal_format *f, struct value number, struct digits *ret)
{
    int room;

    if (number.kind == V_DOUBLE && f->multiplier) {
        struct decimal_format plain = *f;

        plain.multiplier = 0;
        number.real *= f->multiplier == 2 ? 100 : 1000;
        return take_digits(&plain, number, ret);
    }
    if (!digits_of(number, false, ret))
        return false;
    digits_shift(ret, f->multiplier);
    room = f->exponent_min ? f->integer_max + f->fraction_max : ret->point + f->fraction_max;
    if (ret->count <= room)
        return true;
    if (!digits_of(number, true, ret))
        return false;
    digits_shift(ret, f->multiplier);
    return true;
}

enum status decimal_format_write(const struct decimal_format *f, struct value number,
                                 struct buf *ret, struct why *why)
{
    struct digits d;
    bool negative;

    if (!take_digits(f, number, &d)) {
        put_not_finite(f, value_to_double(number), ret);
        return ST_OK;
    }
    if (f->exponent_min == 0 && -d.point > f->fraction_max)
        d.count = d.point = 0; /* too small for the rounding mode to be asked */
    if (f->exponent_min == 0 && !digits_round(&d, f->fraction_max, f->rounding))
        return need_rounding(why);
    negative = d.negative && (d.count > 0 || number.kind == V_DOUBLE);
    if (negative && !f->negative_prefix.data)
        buf_put_text(ret, f->locale->minus);
    put_affix(f, negative && f->negative_prefix.data ? f->negative_prefix : f->prefix, ret);
    if (f->exponent_min == 0)
        put_plain(f, &d, ret);
    else if (!put_scientific(f, &d, number.kind == V_INT, ret))
        return need_rounding(why);
    put_affix(f, negative && f->negative_prefix.data ? f->negative_suffix : f->suffix, ret);
    return ST_OK;
}
