#include "employees-mock/template/digits.h"

#include "employees-mock/template/java_number.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const modes[] = {
    [ROUND_UP] = "UP",
    [ROUND_DOWN] = "DOWN",
    [ROUND_CEILING] = "CEILING",
    [ROUND_FLOOR] = "FLOOR",
    [ROUND_HALF_UP] = "HALF_UP",
    [ROUND_HALF_DOWN] = "HALF_DOWN",
    [ROUND_HALF_EVEN] = "HALF_EVEN",
    [ROUND_UNNECESSARY] = "UNNECESSARY",
};

bool rounding_parse(struct slice name, enum rounding *ret)
{
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (slice_equal_nocase(name, slice_of(modes[i]))) {
            *ret = (enum rounding)i;
            return true;
        }
    }
    return false;
}

static void trim(struct digits *d)
{
    int zeros = 0;

    while (zeros < d->count && d->text[zeros] == '0')
        zeros++;
    memmove(d->text, d->text + zeros, (size_t)(d->count - zeros));
    d->count -= zeros;
    d->point -= zeros;
    while (d->count > 0 && d->text[d->count - 1] == '0')
        d->count--;
    if (d->count == 0)
        d->point = 0;
}

/* "-12.50e3" */
static bool read_literal(struct slice s, struct digits *ret)
{
    bool behind = false;
    size_t i = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+');

    *ret = (struct digits){.negative = s.len > 0 && s.data[0] == '-'};
    for (; i < s.len && (s.data[i] | 0x20) != 'e'; i++) {
        if (s.data[i] == '.') {
            behind = true;
            continue;
        }
        if (!isdigit((unsigned char)s.data[i]) || ret->count >= DIGITS_MAX)
            return false;
        ret->text[ret->count++] = s.data[i];
        ret->point += !behind;
    }
    if (i < s.len) {
        char exponent[12];

        snprintf(exponent, sizeof exponent, "%.*s", (int)(s.len - i - 1), s.data + i + 1);
        ret->point += atoi(exponent);
    }
    trim(ret);
    return abs(ret->point) < DIGITS_MAX - 20;
}

static bool read_double(double d, bool exact, struct digits *ret)
{
    char text[DIGITS_MAX];
    int len;

    if (!isfinite(d))
        return false;
    *ret = (struct digits){.negative = signbit(d)};
    if (d == 0)
        return true;
    if (!exact) {
        java_double_digits(d, ret->text, &ret->point);
        ret->count = (int)strlen(ret->text);
        return true;
    }
    len = snprintf(text, sizeof text, "%.1080f", d);
    return read_literal((struct slice){text, (size_t)len}, ret);
}

bool digits_of(struct value number, bool exact, struct digits *ret)
{
    char text[32];

    if (number.kind == V_DOUBLE)
        return read_double(number.real, exact, ret);
    if (number.kind == V_DECIMAL)
        return read_literal(number.text, ret);
    snprintf(text, sizeof text, "%" PRId64, number.integer);
    return read_literal(slice_of(text), ret);
}

void digits_shift(struct digits *d, int by)
{
    if (d->count > 0)
        d->point += by;
}

char digits_at(const struct digits *d, int place)
{
    int i = d->point - 1 - place;

    return i >= 0 && i < d->count ? d->text[i] : '0';
}

/* Whether the kept digits grow by one; `kept` digits stay, more follow. */
static bool rounds_away(const struct digits *d, int kept, enum rounding mode)
{
    int next = kept >= 0 && kept < d->count ? d->text[kept] - '0' : 0;
    bool more = kept < 0 || kept + 1 < d->count;
    bool tie = next == 5 && !more;
    bool odd = kept > 0 && (d->text[kept - 1] - '0') % 2 != 0;

    switch (mode) {
    case ROUND_UP:
        return true;
    case ROUND_CEILING:
        return !d->negative;
    case ROUND_FLOOR:
        return d->negative;
    case ROUND_HALF_UP:
        return next >= 5;
    case ROUND_HALF_DOWN:
        return next >= 5 && !tie;
    case ROUND_HALF_EVEN:
        return tie ? odd : next >= 5;
    default:
        return false;
    }
}

static void add_one(struct digits *d, int kept)
{
    int i = kept - 1;

    while (i >= 0 && d->text[i] == '9')
        d->text[i--] = '0';
    if (i >= 0) {
        d->text[i]++;
        return;
    }
    memmove(d->text + 1, d->text, (size_t)d->count);
    d->text[0] = '1';
    d->count++;
    d->point++;
}

bool digits_round(struct digits *d, int places, enum rounding mode)
{
    int kept = d->point + places;
    bool away;

    if (kept >= d->count)
        return true;
    if (mode == ROUND_UNNECESSARY)
        return false;
    away = rounds_away(d, kept, mode);
    if (kept < 0)
        kept = 0;
    if (kept == 0 && away) {
        d->text[0] = '1';
        d->count = 1;
        d->point = 1 - places;
        return true;
    }
    d->count = kept;
    if (away)
        add_one(d, kept);
    trim(d);
    return true;
}
