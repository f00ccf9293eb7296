#include "employees-mock/match/json_loose.h"

#include "common/cleanup.h"
#include "common/json.h"
#include "employees-mock/match/decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The name of the one member of a number kept as digits; JSON text can hold neither a member with
 * this NUL (readers here refuse it) nor make one by an escape. */
#define DIGITS_NAME "\0digits"
/* json-smart makes a double of a decimal of up to so many characters, a BigDecimal of a longer. */
enum { DOUBLE_LITERAL_MAX = 18 };
enum { DIGITS_NAME_LEN = 7, WRITE_DEPTH = 2 * JSON_LOOSE_DEPTH };

const char *json_loose_digits(const json_t *value)
{
    const json_t *text;

    if (!json_is_object(value) || json_object_size(value) != 1)
        return NULL;
    text = json_object_getn(value, DIGITS_NAME, DIGITS_NAME_LEN);
    return text ? json_string_value(text) : NULL;
}

static bool is_whole(const char *literal)
{
    return strpbrk(literal, ".eE") == NULL;
}

enum json_kind json_loose_kind(const json_t *value)
{
    const char *digits;

    switch (json_typeof(value)) {
    case JSON_NULL:
        return JSON_KIND_NULL;
    case JSON_FALSE:
        return JSON_KIND_FALSE;
    case JSON_TRUE:
        return JSON_KIND_TRUE;
    case JSON_INTEGER:
        return JSON_KIND_INTEGER;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_STRING:
        return JSON_KIND_STRING;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_OBJECT:
        break;
    }
    digits = json_loose_digits(value);
    if (!digits)
        return JSON_KIND_OBJECT;
    return is_whole(digits) ? JSON_KIND_INTEGER : JSON_KIND_REAL;
}

double json_loose_double(const json_t *number)
{
    const char *digits = json_loose_digits(number);

    return digits ? strtod(digits, NULL) : json_number_value(number);
}

/* ---- numbers from their literals ---- */

static json_t *keep_digits(struct slice literal)
{
    auto_json json_t *holder = json_object();

    if (!holder ||
        json_object_setn_new_nocheck(holder, DIGITS_NAME, DIGITS_NAME_LEN,
                                     json_stringn_nocheck(literal.data, literal.len)) != 0)
        return NULL;
    return take(holder);
}

static bool fits_64_bits(struct slice literal)
{
    size_t digits = literal.len - (literal.data[0] == '-');

    if (digits != 19)
        return digits < 19;
    return literal.data[0] == '-' ? strncmp(literal.data + 1, "9223372036854775808", 19) <= 0
                                  : strncmp(literal.data, "9223372036854775807", 19) <= 0;
}

/* Whether it is such a literal as 12.5 or 0.25, with no digit too many: up to 15 digits come out of
 * a double as they went in, and Java prints no exponent from 0.001 to 10,000,000. */
static bool is_short_decimal(struct slice literal)
{
    const char *first = literal.data + (literal.data[0] == '-');
    const char *point = memchr(literal.data, '.', literal.len);
    const char *last = literal.data + literal.len - 1;

    if (!point || point <= first || point - first > 7 || last <= point || last - point > 8)
        return false;
    if (*first == '0')
        return point == first + 1 && *last != '0' && point[1] != '0';
    return *first > '0' && *first <= '9' && (*last != '0' || last == point + 1);
}

/* Whether Java prints the double as the literal stands, so that nothing is lost by keeping it. */
static bool is_double_as_printed(struct slice literal, double value)
{
    auto_buf struct buf printed = BUF_INIT(64);

    if (memchr(literal.data, 'e', literal.len) || memchr(literal.data, 'E', literal.len))
        return false;
    if (is_short_decimal(literal))
        return true;
    json_loose_write_double(value, &printed);
    return slice_equal(buf_slice(&printed), literal);
}

json_t *json_loose_number(struct slice literal)
{
    char small[64];
    auto_free char *large = literal.len < sizeof small ? NULL : slice_dup(literal);
    const char *text = large ? large : small;
    double value;

    if (literal.len < sizeof small) {
        memcpy(small, literal.data, literal.len);
        small[literal.len] = '\0';
    } else if (!large) {
        return NULL;
    }
    if (is_whole(text))
        return fits_64_bits(literal) ? json_integer(strtoll(text, NULL, 10)) : keep_digits(literal);
    value = strtod(text, NULL);
    if (isfinite(value) && is_double_as_printed(literal, value))
        return json_real(value);
    return keep_digits(literal);
}

/* The number's literal, in `space` unless it is kept. */
static struct slice literal_of(const json_t *number, struct buf *space)
{
    const char *digits = json_loose_digits(number);

    if (digits)
        return slice_of(digits);
    if (json_is_integer(number))
        buf_put_int(space, json_integer_value(number), 1);
    else
        json_loose_write_double(json_real_value(number), space);
    return buf_slice(space);
}

int json_loose_compare_numbers(const json_t *a, const json_t *b)
{
    auto_buf struct buf space_a = BUF_INIT(64);
    auto_buf struct buf space_b = BUF_INIT(64);

    if (json_is_integer(a) && json_is_integer(b)) {
        json_int_t x = json_integer_value(a);
        json_int_t y = json_integer_value(b);

        return (x > y) - (x < y);
    }
    return decimal_compare(literal_of(a, &space_a), literal_of(b, &space_b));
}

/* ---- equality ---- */

static bool equal_arrays(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++) {
        if (!json_loose_equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    }
    return true;
}

static bool equal_objects(const json_t *a, const json_t *b)
{
    if (json_object_size(a) != json_object_size(b))
        return false;
    for (void *it = json_object_iter((json_t *)a); it;
         it = json_object_iter_next((json_t *)a, it)) {
        const json_t *other =
            json_object_getn(b, json_object_iter_key(it), json_object_iter_key_len(it));

        if (!other || !json_loose_equal(json_object_iter_value(it), other))
            return false;
    }
    return true;
}

bool json_loose_equal(const json_t *a, const json_t *b)
{
    enum json_kind kind = json_loose_kind(a);

    if (kind != json_loose_kind(b))
        return false;
    switch (kind) {
    case JSON_KIND_ARRAY:
        return equal_arrays(a, b);
    case JSON_KIND_OBJECT:
        return equal_objects(a, b);
    case JSON_KIND_INTEGER:
    case JSON_KIND_REAL:
        return json_loose_compare_numbers(a, b) == 0;
    default:
        return json_equal(a, b);
    }
}

/* ---- writing ---- */

void json_loose_write_double(double value, struct buf *ret)
{
    char text[40];
    char *e;
    int exponent;
    size_t digits;
    bool negative = signbit(value);

    if (!isfinite(value)) {
        buf_put_text(ret, isnan(value) ? "NaN" : negative ? "-Infinity" : "Infinity");
        return;
    }
    if (value == 0) {
        buf_put_text(ret, negative ? "-0.0" : "0.0");
        return;
    }
    value = fabs(value);
    /* 15 digits give back any number of so many; a subnormal one may have fewer */
    for (int precision = value < DBL_MIN ? 1 : 14; precision <= 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    e = strchr(text, 'e');
    exponent = atoi(e + 1);
    *e = '\0';
    if (text[1] == '.')
        memmove(text + 1, text + 2, strlen(text + 2) + 1);
    digits = strlen(text);

    if (negative)
        buf_put_char(ret, '-');
    decimal_write_java_double(text, digits, exponent, ret);
}

void json_loose_write_number(const json_t *number, struct buf *ret)
{
    const char *digits = json_loose_digits(number);

    if (digits && !is_whole(digits) && strlen(digits) <= DOUBLE_LITERAL_MAX)
        json_loose_write_double(strtod(digits, NULL), ret);
    else if (digits)
        decimal_write_big(slice_of(digits), ret);
    else if (json_is_integer(number))
        buf_put_int(ret, json_integer_value(number), 1);
    else
        json_loose_write_double(json_real_value(number), ret);
}

static void indent(struct buf *ret, unsigned level)
{
    buf_put_char(ret, '\n');
    while (level-- > 0)
        buf_put_text(ret, "  ");
}

static void write_value(const json_t *value, enum json_style style, unsigned level,
                        struct buf *ret);

static void write_array(const json_t *array, enum json_style style, unsigned level, struct buf *ret)
{
    bool pretty = style == JSON_LOOSE_PRETTY;

    buf_put_text(ret, pretty ? "[ " : "[");
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            buf_put_text(ret, pretty ? ", " : ",");
        write_value(json_array_get(array, i), style, level, ret);
    }
    buf_put_text(ret, !pretty ? "]" : json_array_size(array) > 0 ? " ]" : "]");
}

static void write_object(const json_t *object, enum json_style style, unsigned level,
                         struct buf *ret)
{
    bool pretty = style == JSON_LOOSE_PRETTY;
    bool first = true;

    if (json_object_size(object) == 0) {
        buf_put_text(ret, pretty ? "{ }" : "{}");
        return;
    }
    buf_put_char(ret, '{');
    for (void *it = json_object_iter((json_t *)object); it;
         it = json_object_iter_next((json_t *)object, it)) {
        if (!first)
            buf_put_char(ret, ',');
        first = false;
        if (pretty)
            indent(ret, level + 1);
        buf_put_json_string(ret,
                            (struct slice){json_object_iter_key(it), json_object_iter_key_len(it)});
        buf_put_text(ret, pretty ? " : " : ":");
        write_value(json_object_iter_value(it), style, level + 1, ret);
    }
    if (pretty)
        indent(ret, level);
    buf_put_char(ret, '}');
}

static void write_value(const json_t *value, enum json_style style, unsigned level, struct buf *ret)
{
    const char *digits;

    if (level > WRITE_DEPTH) {
        ret->failed = ST_TOO_LARGE;
        return;
    }
    switch (json_loose_kind(value)) {
    case JSON_KIND_NULL:
        buf_put_text(ret, "null");
        break;
    case JSON_KIND_FALSE:
        buf_put_text(ret, "false");
        break;
    case JSON_KIND_TRUE:
        buf_put_text(ret, "true");
        break;
    case JSON_KIND_INTEGER:
    case JSON_KIND_REAL:
        digits = json_loose_digits(value);
        if (digits)
            decimal_write_plain(slice_of(digits), ret);
        else
            json_loose_write_number(value, ret);
        break;
    case JSON_KIND_STRING:
        buf_put_json_string(ret,
                            (struct slice){json_string_value(value), json_string_length(value)});
        break;
    case JSON_KIND_ARRAY:
        write_array(value, style, level, ret);
        break;
    case JSON_KIND_OBJECT:
        write_object(value, style, level, ret);
        break;
    }
}

void json_loose_write(const json_t *value, enum json_style style, struct buf *ret)
{
    write_value(value, style, 0, ret);
}
