#include "employees-mock/match/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { PLAIN_EXPONENT_MAX = 10000 };

/* A literal taken apart. The value is 0.DIGITS x 10^point, where DIGITS are those of `whole` and
 * `fraction` after `skip` leading zeros. */
struct decimal {
    bool negative;
    struct slice whole;    /* digits before the point */
    struct slice fraction; /* and behind it */
    int64_t exponent;      /* of the literal, saturated */
    size_t first;          /* the first digit that is not 0; digits in all, when there is none */
    size_t end;            /* behind the last digit that is not 0 */
};

static size_t digit_count(const struct decimal *d)
{
    return d->whole.len + d->fraction.len;
}

static char digit_at(const struct decimal *d, size_t i)
{
    return i < d->whole.len ? d->whole.data[i] : d->fraction.data[i - d->whole.len];
}

static size_t run_of_digits(struct slice s, size_t from)
{
    size_t i = from;

    while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
        i++;
    return i - from;
}

static int64_t read_exponent(struct slice s)
{
    bool negative = s.len > 0 && s.data[0] == '-';
    int64_t value = 0;

    for (size_t i = (s.len > 0 && (s.data[0] == '-' || s.data[0] == '+')); i < s.len; i++) {
        if (value < 1000000000)
            value = value * 10 + (s.data[i] - '0');
    }
    return negative ? -value : value;
}

static struct decimal take_apart(struct slice literal)
{
    struct decimal d = {0};
    size_t i = 0;

    if (i < literal.len && (literal.data[i] == '-' || literal.data[i] == '+'))
        d.negative = literal.data[i++] == '-';
    d.whole = (struct slice){literal.data + i, run_of_digits(literal, i)};
    i += d.whole.len;
    if (i < literal.len && literal.data[i] == '.') {
        i++;
        d.fraction = (struct slice){literal.data + i, run_of_digits(literal, i)};
        i += d.fraction.len;
    }
    if (i < literal.len && (literal.data[i] == 'e' || literal.data[i] == 'E'))
        d.exponent = read_exponent(slice_from(literal, i + 1));

    while (d.first < digit_count(&d) && digit_at(&d, d.first) == '0')
        d.first++;
    d.end = digit_count(&d);
    while (d.end > d.first && digit_at(&d, d.end - 1) == '0')
        d.end--;
    return d;
}

static bool is_zero(const struct decimal *d)
{
    return d->first == digit_count(d);
}

/* Where the point stands, counted from the first digit that is not 0. */
static int64_t point_of(const struct decimal *d)
{
    return (int64_t)d->whole.len - (int64_t)d->first + d->exponent;
}

static int compare_magnitudes(const struct decimal *a, const struct decimal *b)
{
    int64_t point_a = point_of(a);
    int64_t point_b = point_of(b);

    if (point_a != point_b)
        return point_a < point_b ? -1 : 1;
    for (size_t i = 0; a->first + i < a->end || b->first + i < b->end; i++) {
        char x = a->first + i < a->end ? digit_at(a, a->first + i) : '0';
        char y = b->first + i < b->end ? digit_at(b, b->first + i) : '0';

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

int decimal_compare(struct slice a, struct slice b)
{
    struct decimal x = take_apart(a);
    struct decimal y = take_apart(b);
    int sign_x = is_zero(&x) ? 0 : x.negative ? -1 : 1;
    int sign_y = is_zero(&y) ? 0 : y.negative ? -1 : 1;

    if (sign_x != sign_y)
        return sign_x < sign_y ? -1 : 1;
    return sign_x == 0 ? 0 : sign_x * compare_magnitudes(&x, &y);
}

bool decimal_is_whole(struct slice literal)
{
    struct decimal d = take_apart(literal);

    return is_zero(&d) || point_of(&d) >= (int64_t)(d.end - d.first);
}

/* ---- printing ---- */

static void put_zeros(struct buf *ret, int64_t count)
{
    while (count-- > 0)
        buf_put_char(ret, '0');
}

/* Java's unscaled digits begin with the first that is not 0, or are one 0. */
static size_t unscaled_first(const struct decimal *d)
{
    return is_zero(d) ? digit_count(d) - 1 : d->first;
}

void decimal_write_plain(struct slice literal, struct buf *ret)
{
    struct decimal d = take_apart(literal);
    size_t count = digit_count(&d);
    size_t first = unscaled_first(&d);
    int64_t point = (int64_t)d.whole.len + d.exponent; /* digits before the point */

    if (d.exponent > PLAIN_EXPONENT_MAX || d.exponent < -PLAIN_EXPONENT_MAX || count == 0) {
        buf_put_slice(ret, literal);
        return;
    }
    if (d.negative && !is_zero(&d))
        buf_put_char(ret, '-');
    if (point <= (int64_t)first) {
        buf_put_char(ret, '0');
        if (point >= (int64_t)count)
            return;
        buf_put_char(ret, '.');
        put_zeros(ret, (int64_t)first - point);
    }
    for (size_t i = first; i < count; i++) {
        if ((int64_t)i == point && i > first)
            buf_put_char(ret, '.');
        buf_put_char(ret, digit_at(&d, i));
    }
    if (!is_zero(&d))
        put_zeros(ret, point - (int64_t)count);
}

void decimal_write_big(struct slice literal, struct buf *ret)
{
    struct decimal d = take_apart(literal);
    size_t first = unscaled_first(&d);
    int64_t scale = (int64_t)d.fraction.len - d.exponent;
    int64_t adjusted = -scale + (int64_t)(digit_count(&d) - first - 1);

    if (scale >= 0 && adjusted >= -6) {
        decimal_write_plain(literal, ret);
        return;
    }
    if (d.negative && !is_zero(&d))
        buf_put_char(ret, '-');
    buf_put_char(ret, digit_at(&d, first));
    for (size_t i = first + 1; i < digit_count(&d); i++) {
        if (i == first + 1)
            buf_put_char(ret, '.');
        buf_put_char(ret, digit_at(&d, i));
    }
    if (adjusted != 0)
        buf_printf(ret, "E%+lld", (long long)adjusted);
}

void decimal_write_java_double(const char *digits, size_t count, int exponent, struct buf *ret)
{
    size_t before = exponent >= 0 ? (size_t)exponent + 1 : 1;

    while (count > 1 && digits[count - 1] == '0')
        count--;
    if (exponent < -3 || exponent >= 7) {
        buf_put_char(ret, digits[0]);
        buf_put_char(ret, '.');
        buf_put(ret, count > 1 ? digits + 1 : "0", count > 1 ? count - 1 : 1);
        buf_printf(ret, "E%d", exponent);
        return;
    }
    if (exponent < 0) {
        buf_put_text(ret, "0.");
        put_zeros(ret, -exponent - 1);
        buf_put(ret, digits, count);
        return;
    }
    buf_put(ret, digits, count < before ? count : before);
    put_zeros(ret, (int64_t)before - (int64_t)count);
    buf_put_char(ret, '.');
    if (count > before)
        buf_put(ret, digits + before, count - before);
    else
        buf_put_char(ret, '0');
}

/* ---- multiples ---- */

/* value x 10^scale as an integer; false: it does not fit. */
static bool scaled(const struct decimal *d, int64_t scale, int64_t *ret)
{
    int64_t zeros = point_of(d) + scale - (int64_t)(d->end - d->first);
    int64_t value = 0;

    if (zeros < 0 || d->end - d->first > 18 || zeros > 18)
        return is_zero(d) ? (*ret = 0, true) : false;
    for (size_t i = d->first; i < d->end; i++)
        value = value * 10 + (digit_at(d, i) - '0');
    for (; zeros > 0; zeros--) {
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    }
    *ret = value;
    return true;
}

bool decimal_is_multiple(struct slice value, struct slice divisor)
{
    struct decimal v = take_apart(value);
    struct decimal d = take_apart(divisor);
    int64_t scale_v = (int64_t)(v.end - v.first) - point_of(&v);
    int64_t scale_d = (int64_t)(d.end - d.first) - point_of(&d);
    int64_t scale = scale_v > scale_d ? scale_v : scale_d;
    int64_t a;
    int64_t b;
    auto_buf struct buf texts = BUF_INIT(4096);
    double quotient;

    if (is_zero(&v))
        return true;
    if (scaled(&v, scale, &a) && scaled(&d, scale, &b) && b != 0)
        return a % b == 0;
    buf_put_slice(&texts, value);
    buf_put_char(&texts, '\0');
    buf_put_slice(&texts, divisor);
    if (!buf_text(&texts))
        return false;
    quotient = strtod(texts.data, NULL) / strtod(texts.data + value.len + 1, NULL);
    return isfinite(quotient) && quotient == floor(quotient);
}
