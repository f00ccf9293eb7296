/* randomValue, randomInt, randomDecimal. */
#include "employees-mock/template/helper.h"

#include "common/uuid.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/random.h"

#include <float.h>
#include <math.h>

enum { LENGTH_MAX = 1 << 20 };

/* The alphabets of commons-lang's RandomStringUtils; ASCII is all from 32 to 126. */
#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define SYMBOLS "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}"

static const struct {
    const char *type;
    const char *alphabet;
} types[] = {
    {"ALPHANUMERIC", LETTERS DIGITS},
    {"ALPHABETIC", LETTERS},
    {"NUMERIC", DIGITS},
    {"ALPHANUMERIC_AND_SYMBOLS", LETTERS DIGITS SYMBOLS},
    {"HEXADECIMAL", "ABCDEF" DIGITS},
};

static const char *alphabet_of(struct slice type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (slice_is(type, types[i].type))
            return types[i].alphabet;
    return LETTERS DIGITS SYMBOLS " ~";
}

static void write_random(const char *alphabet, int32_t length, bool upper, struct buf *ret)
{
    size_t letters = strlen(alphabet);

    for (int32_t i = 0; i < length; i++) {
        uint32_t code = (unsigned char)alphabet[random_below(letters)];

        buf_put_char(ret, (char)(upper ? java_code_upper(code) : java_code_lower(code)));
    }
}

static struct value run_random_value(struct call *c)
{
    struct slice type = SLICE("ALPHANUMERIC");
    int32_t length = 36;
    bool upper = false;
    auto_buf struct buf text = BUF_INIT(LENGTH_MAX);

    if (!call_hash_int(c, "length", &length) || !call_hash_bool(c, "uppercase", &upper) ||
        !call_hash_text(c, "type", &type))
        return VALUE_NULL;
    if (slice_is(type, "UUID")) {
        char uuid[UUID_SIZE];

        uuid_make(uuid);
        if (upper)
            java_upper(slice_of(uuid), &text);
        else
            buf_put_text(&text, uuid);
        return call_string(c, &text);
    }
    if (length < 0)
        return call_throw(c,
                          "java.lang.IllegalArgumentException: Requested random string length %d "
                          "is less than 0.",
                          length);
    if (length > LENGTH_MAX)
        return call_fail(c, ST_TOO_LARGE, "randomValue's length is more than allowed");
    write_random(alphabet_of(type), length, upper, &text);
    return call_string(c, &text);
}

/* HelperUtils.coerceToInt and coerceToDouble of a named argument. */
static bool bound(struct call *c, const char *name, double *ret)
{
    struct value v = call_hash(c, name);

    if (value_is_number(v)) {
        *ret = value_to_double(v);
    } else if (v.kind == V_STRING && !java_parse_double(v.text, ret)) {
        call_throw(c, "java.lang.NumberFormatException: For input string: \"%.*s\"",
                   (int)v.text.len, v.text.data);
        return false;
    }
    return true;
}

static struct value run_random_int(struct call *c)
{
    double lower = INT32_MIN;
    double upper = INT32_MAX;

    if (!bound(c, "lower", &lower) || !bound(c, "upper", &upper))
        return VALUE_NULL;
    lower = trunc(fmin(fmax(lower, INT32_MIN), INT32_MAX));
    upper = trunc(fmin(fmax(upper, INT32_MIN), INT32_MAX));
    if (lower >= upper)
        return call_throw(c, "java.lang.IllegalArgumentException: bound must be greater than "
                             "origin");
    return value_int((int32_t)((int64_t)lower +
                               (int64_t)random_below((uint64_t)((int64_t)upper - (int64_t)lower))));
}

static struct value run_random_decimal(struct call *c)
{
    double lower = 4.9e-324; /* Double.MIN_VALUE */
    double upper = DBL_MAX;
    double d;

    if (!bound(c, "lower", &lower) || !bound(c, "upper", &upper))
        return VALUE_NULL;
    if (!(lower < upper) || isinf(upper - lower))
        return call_throw(c, "java.lang.IllegalArgumentException: bound must be greater than "
                             "origin");
    d = lower + random_fraction() * (upper - lower);
    return value_double(d >= upper ? nextafter(upper, lower) : d);
}

const struct helper helpers_random[] = {
    {.name = "randomValue", .run = run_random_value},
    {.name = "randomInt", .run = run_random_int},
    {.name = "randomDecimal", .run = run_random_decimal},
    {.name = NULL},
};
