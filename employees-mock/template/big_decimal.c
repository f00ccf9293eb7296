#include "employees-mock/template/big_decimal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static void trim(struct big_decimal *a)
{
    while (a->count > 0 && a->digits[a->count - 1] == 0)
        a->count--;
    if (a->count == 0)
        a->negative = false;
}

/* "e+5"; empty is 0. */
static bool read_exponent(struct slice s, int *ret)
{
    char copy[12];
    char *end;

    *ret = 0;
    if (s.len == 0)
        return true;
    if (s.len < 2 || s.len >= sizeof copy)
        return false;
    memcpy(copy, s.data + 1, s.len - 1);
    copy[s.len - 1] = '\0';
    if (!isdigit((unsigned char)copy[copy[0] == '+' || copy[0] == '-']))
        return false;
    *ret = (int)strtol(copy, &end, 10);
    return *end == '\0' && abs(*ret) <= BIG_INPUT_MAX;
}

bool big_decimal_parse(struct slice s, struct big_decimal *ret)
{
    size_t i = s.len > 0 && (s.data[0] == '-' || s.data[0] == '+');
    size_t digits = 0;
    int behind = -1;
    int exponent;

    *ret = (struct big_decimal){.negative = s.len > 0 && s.data[0] == '-'};
    for (; i < s.len && (s.data[i] | 0x20) != 'e'; i++) {
        if (s.data[i] == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (!isdigit((unsigned char)s.data[i]) || ++digits > BIG_INPUT_MAX)
            return false;
        behind += behind >= 0;
        memmove(ret->digits + 1, ret->digits, (size_t)ret->count);
        ret->digits[0] = (uint8_t)(s.data[i] - '0');
        ret->count++;
    }
    if (digits == 0 || !read_exponent(slice_from(s, i), &exponent))
        return false;
    ret->scale = (behind > 0 ? behind : 0) - exponent;
    trim(ret);
    return true;
}

/* Multiplies by a power of ten without changing the value. */
static void raise_scale(struct big_decimal *a, int scale)
{
    int by = scale - a->scale;

    a->scale = scale;
    if (by <= 0 || a->count == 0 || a->count + by > BIG_DIGITS)
        return;
    memmove(a->digits + by, a->digits, (size_t)a->count);
    memset(a->digits, 0, (size_t)by);
    a->count += by;
}

static int compare(const struct big_decimal *a, const struct big_decimal *b)
{
    if (a->count != b->count)
        return a->count - b->count;
    for (int i = a->count - 1; i >= 0; i--)
        if (a->digits[i] != b->digits[i])
            return a->digits[i] - b->digits[i];
    return 0;
}

static int digit(const struct big_decimal *a, int i)
{
    return i < a->count ? a->digits[i] : 0;
}

static void add_digits(const struct big_decimal *a, const struct big_decimal *b,
                       struct big_decimal *ret)
{
    int carry = 0;
    int i;

    for (i = 0; (i < a->count || i < b->count || carry) && i < BIG_DIGITS; i++) {
        int sum = digit(a, i) + digit(b, i) + carry;

        ret->digits[i] = (uint8_t)(sum % 10);
        carry = sum / 10;
    }
    ret->count = i;
}

/* a - b, where a >= b. */
static void subtract_digits(const struct big_decimal *a, const struct big_decimal *b,
                            struct big_decimal *ret)
{
    int borrow = 0;

    for (int i = 0; i < a->count; i++) {
        int rest = a->digits[i] - digit(b, i) - borrow;

        borrow = rest < 0;
        ret->digits[i] = (uint8_t)(rest + borrow * 10);
    }
    ret->count = a->count;
}

void big_decimal_add(const struct big_decimal *a, const struct big_decimal *b, bool subtract,
                     struct big_decimal *ret)
{
    struct big_decimal left = *a;
    struct big_decimal right = *b;
    int scale = a->scale > b->scale ? a->scale : b->scale;

    right.negative = b->negative != subtract;
    raise_scale(&left, scale);
    raise_scale(&right, scale);
    *ret = (struct big_decimal){.scale = scale};
    if (left.negative == right.negative) {
        ret->negative = left.negative;
        add_digits(&left, &right, ret);
    } else if (compare(&left, &right) >= 0) {
        ret->negative = left.negative;
        subtract_digits(&left, &right, ret);
    } else {
        ret->negative = right.negative;
        subtract_digits(&right, &left, ret);
    }
    trim(ret);
}

void big_decimal_multiply(const struct big_decimal *a, const struct big_decimal *b,
                          struct big_decimal *ret)
{
    *ret =
        (struct big_decimal){.scale = a->scale + b->scale, .negative = a->negative != b->negative};
    for (int i = 0; i < a->count; i++) {
        int carry = 0;

        for (int j = 0; (j < b->count || carry) && i + j < BIG_DIGITS; j++) {
            int sum = ret->digits[i + j] + a->digits[i] * digit(b, j) + carry;

            ret->digits[i + j] = (uint8_t)(sum % 10);
            carry = sum / 10;
        }
    }
    ret->count = a->count + b->count < BIG_DIGITS ? a->count + b->count : BIG_DIGITS;
    trim(ret);
}

/* Whole numbers: quotient and rest of magnitudes, by long division. */
static void divide_digits(const struct big_decimal *a, const struct big_decimal *b,
                          struct big_decimal *ret_quotient, struct big_decimal *ret_rest)
{
    *ret_quotient = (struct big_decimal){.count = a->count};
    *ret_rest = (struct big_decimal){0};
    for (int i = a->count - 1; i >= 0; i--) {
        memmove(ret_rest->digits + 1, ret_rest->digits, (size_t)ret_rest->count);
        ret_rest->digits[0] = a->digits[i];
        ret_rest->count++;
        trim(ret_rest);
        while (compare(ret_rest, b) >= 0) {
            struct big_decimal less = {0};

            subtract_digits(ret_rest, b, &less);
            trim(&less);
            *ret_rest = less;
            ret_quotient->digits[i]++;
        }
    }
    trim(ret_quotient);
}

void big_decimal_divide(const struct big_decimal *a, const struct big_decimal *b,
                        struct big_decimal *ret)
{
    struct big_decimal left = *a;
    struct big_decimal right = *b;
    struct big_decimal rest;
    struct big_decimal twice = {0};
    struct big_decimal one = {.count = 1, .digits = {1}};

    /* a/b with the scale of a is (A * 10^scale_b) / B of the unscaled digits */
    left.scale = right.scale = 0;
    if (b->scale > 0)
        raise_scale(&left, b->scale);
    else
        raise_scale(&right, -b->scale);
    divide_digits(&left, &right, ret, &rest);
    add_digits(&rest, &rest, &twice);
    trim(&twice);
    if (compare(&twice, &right) >= 0) {
        struct big_decimal more = {0};

        add_digits(ret, &one, &more);
        *ret = more;
    }
    ret->negative = a->negative != b->negative;
    ret->scale = a->scale;
    trim(ret);
}

/* The whole quotient, with the scale that divideToIntegralValue() gives it. */
static void whole_quotient(const struct big_decimal *a, const struct big_decimal *b,
                           struct big_decimal *ret)
{
    struct big_decimal left = *a;
    struct big_decimal right = *b;
    struct big_decimal rest;
    int scale = a->scale > b->scale ? a->scale : b->scale;
    int preferred = a->scale - b->scale;

    raise_scale(&left, scale);
    raise_scale(&right, scale);
    divide_digits(&left, &right, ret, &rest);
    ret->negative = a->negative != b->negative;
    ret->scale = ret->count == 0 ? preferred : 0;
    while (ret->count > 0 && ret->scale > preferred && ret->digits[0] == 0) {
        memmove(ret->digits, ret->digits + 1, (size_t)--ret->count);
        ret->scale--;
    }
    raise_scale(ret, preferred > ret->scale ? preferred : ret->scale);
}

void big_decimal_remainder(const struct big_decimal *a, const struct big_decimal *b,
                           struct big_decimal *ret)
{
    struct big_decimal quotient;
    struct big_decimal product;

    whole_quotient(a, b, &quotient);
    big_decimal_multiply(&quotient, b, &product);
    big_decimal_add(a, &product, true, ret);
}

int64_t big_decimal_long(const struct big_decimal *a)
{
    uint64_t value = 0;

    for (int i = a->count - 1; i >= 0; i--)
        value = value * 10 + a->digits[i];
    return (int64_t)(a->negative ? 0 - value : value);
}

double big_decimal_double(const struct big_decimal *a)
{
    char text[BIG_DIGITS + 32];
    size_t len = 0;

    if (a->negative)
        text[len++] = '-';
    text[len++] = '0';
    for (int i = a->count - 1; i >= 0; i--)
        text[len++] = (char)('0' + a->digits[i]);
    snprintf(text + len, sizeof text - len, "e%d", -a->scale);
    return strtod(text, NULL);
}
