#include "employees-mock/template/java_number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* 15 digits hold any decimal of up to 15 digits; only numbers that need more are tried with more.
 * Subnormal ones need fewer, but Java writes two at least. */
void java_double_digits(double d, char ret_digits[18], int *ret_exponent)
{
    char text[40];
    size_t len = 0;

    for (int precision = fabs(d) < DBL_MIN ? 1 : 14; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, fabs(d));
        if (strtod(text, NULL) == fabs(d))
            break;
    }
    for (const char *p = text; *p && *p != 'e'; p++)
        if (*p != '.')
            ret_digits[len++] = *p;
    while (len > 1 && ret_digits[len - 1] == '0')
        len--;
    ret_digits[len] = '\0';
    *ret_exponent = atoi(strchr(text, 'e') + 1) + 1;
}

/* 0.DIGITS * 10^exponent, as plain digits with one place behind the point at least. */
static void write_plain(const char *digits, int exponent, struct buf *ret)
{
    int len = (int)strlen(digits);

    if (exponent <= 0)
        buf_put_char(ret, '0');
    for (int i = 0; i < exponent; i++)
        buf_put_char(ret, i < len ? digits[i] : '0');
    buf_put_char(ret, '.');
    for (int i = exponent; i < 0; i++)
        buf_put_char(ret, '0');
    if (exponent < len)
        buf_put_text(ret, digits + (exponent > 0 ? exponent : 0));
    else
        buf_put_char(ret, '0');
}

void java_double_write(double d, struct buf *ret)
{
    char digits[18];
    int exponent;

    if (isnan(d)) {
        buf_put_text(ret, "NaN");
        return;
    }
    if (signbit(d))
        buf_put_char(ret, '-');
    if (isinf(d)) {
        buf_put_text(ret, "Infinity");
        return;
    }
    if (d == 0) {
        buf_put_text(ret, "0.0");
        return;
    }
    java_double_digits(d, digits, &exponent);
    if (fabs(d) >= 1e-3 && fabs(d) < 1e7)
        write_plain(digits, exponent, ret);
    else
        buf_printf(ret, "%c.%sE%d", digits[0], digits[1] ? digits + 1 : "0", exponent - 1);
}

bool java_parse_long(struct slice text, int64_t *ret)
{
    bool negative = text.len > 0 && text.data[0] == '-';
    size_t i = text.len > 0 && (negative || text.data[0] == '+') ? 1 : 0;
    int64_t value = 0;

    if (i == text.len)
        return false;
    for (; i < text.len; i++) {
        int digit = text.data[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret = negative ? value : -value;
    return true;
}

bool java_parse_int(struct slice text, int32_t *ret)
{
    int64_t value;

    if (!java_parse_long(text, &value) || value < INT32_MIN || value > INT32_MAX)
        return false;
    *ret = (int32_t)value;
    return true;
}

static bool is_decimal(struct slice text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c >= '0' && c <= '9')
            digits++;
        else if (!strchr("+-.eE", c) || c == '\0')
            return false;
    }
    return digits > 0;
}

bool java_parse_double(struct slice text, double *ret)
{
    char copy[400];
    char *end;

    text = slice_trim(text);
    if (slice_is(text, "NaN") || slice_is(text, "Infinity") || slice_is(text, "+Infinity") ||
        slice_is(text, "-Infinity")) {
        *ret = text.data[0] == 'N' ? NAN : text.data[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    if (text.len > 1 && strchr("dDfF", text.data[text.len - 1]))
        text.len--;
    if (text.len == 0 || text.len >= sizeof copy || !is_decimal(text))
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    *ret = strtod(copy, &end);
    return *end == '\0';
}
