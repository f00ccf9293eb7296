/* Keywords of JSON Schema about types, values, numbers and texts. */
#include "common/json.h"
#include "employees-mock/match/decimal.h"
#include "employees-mock/match/fields.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_ask.h"

#include <string.h>

/* ---- any type ---- */

static bool is_whole(const json_t *number)
{
    const char *digits = json_loose_digits(number);
    auto_buf struct buf text = BUF_INIT(64);

    if (json_is_integer(number))
        return true;
    if (digits)
        return decimal_is_whole(slice_of(digits));
    json_loose_write_double(json_real_value(number), &text);
    return decimal_is_whole(buf_slice(&text));
}

/* In V4 1.0 is no integer. */
static bool is_integer(enum json_schema_version version, const json_t *instance)
{
    if (version == SCHEMA_V4)
        return json_loose_kind(instance) == JSON_KIND_INTEGER;
    return json_loose_is_number(instance) && is_whole(instance);
}

static bool is_of_type(enum json_schema_version version, const json_t *instance, const char *type)
{
    static const struct {
        const char *name;
        enum json_kind first;
        enum json_kind last;
    } types[] = {
        {"null", JSON_KIND_NULL, JSON_KIND_NULL},
        {"boolean", JSON_KIND_FALSE, JSON_KIND_TRUE},
        {"number", JSON_KIND_INTEGER, JSON_KIND_REAL},
        {"string", JSON_KIND_STRING, JSON_KIND_STRING},
        {"array", JSON_KIND_ARRAY, JSON_KIND_ARRAY},
        {"object", JSON_KIND_OBJECT, JSON_KIND_OBJECT},
    };
    enum json_kind kind = json_loose_kind(instance);

    if (strcmp(type, "integer") == 0)
        return is_integer(version, instance);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(types[i].name, type) == 0)
            return kind >= types[i].first && kind <= types[i].last;
    }
    return strcmp(type, "any") == 0;
}

bool schema_type(struct ask *a)
{
    bool nullable = json_is_true(json_object_get(a->schema, "nullable"));
    bool holds = json_is_null(a->instance) && nullable;
    json_t *one;
    size_t i;

    if (json_is_string(a->value))
        holds =
            holds || is_of_type(a->v->schema->version, a->instance, json_string_value(a->value));
    json_array_foreach (a->value, i, one) {
        holds = holds || (json_is_string(one) ? is_of_type(a->v->schema->version, a->instance,
                                                           json_string_value(one))
                                              : schema_try(a, one, a->instance, NULL));
    }
    return schema_hold(a, holds);
}

/* Numbers by value, but inside of containers only those that are written alike (1, 1.0 differ). */
static bool same(const json_t *x, const json_t *y)
{
    if (json_loose_is_number(x) && json_loose_is_number(y))
        return json_loose_compare_numbers(x, y) == 0;
    return json_loose_equal(x, y);
}

bool schema_enumeration(struct ask *a)
{
    bool nullable = json_is_true(json_object_get(a->schema, "nullable"));
    bool holds = json_is_null(a->instance) && nullable;
    json_t *one;
    size_t i;

    json_array_foreach (a->value, i, one) {
        holds = holds || same(one, a->instance);
    }
    return schema_hold(a, holds || !json_is_array(a->value));
}

bool schema_constant(struct ask *a)
{
    return schema_hold(a, same(a->value, a->instance));
}

/* ---- numbers ---- */

static bool both_numbers(const struct ask *a)
{
    return json_loose_is_number(a->instance) && json_loose_is_number(a->value);
}

static int compare(const struct ask *a)
{
    return json_loose_compare_numbers(a->instance, a->value);
}

/* In V4 "exclusiveMaximum": true goes with "maximum". */
static bool excludes(const struct ask *a, const char *keyword)
{
    return json_is_true(json_object_get(a->schema, keyword));
}

bool schema_maximum(struct ask *a)
{
    return !both_numbers(a) ||
           schema_hold(a, compare(a) < 0 || (compare(a) == 0 && !excludes(a, "exclusiveMaximum")));
}

bool schema_minimum(struct ask *a)
{
    return !both_numbers(a) ||
           schema_hold(a, compare(a) > 0 || (compare(a) == 0 && !excludes(a, "exclusiveMinimum")));
}

bool schema_exclusive_maximum(struct ask *a)
{
    return !both_numbers(a) || schema_hold(a, compare(a) < 0);
}

bool schema_exclusive_minimum(struct ask *a)
{
    return !both_numbers(a) || schema_hold(a, compare(a) > 0);
}

static void put_literal(const json_t *number, struct buf *ret)
{
    const char *digits = json_loose_digits(number);

    if (digits)
        buf_put_text(ret, digits);
    else
        json_loose_write_number(number, ret);
}

bool schema_multiple_of(struct ask *a)
{
    auto_buf struct buf number = BUF_INIT(JSON_LOOSE_DIGITS + 16);
    auto_buf struct buf divisor = BUF_INIT(JSON_LOOSE_DIGITS + 16);

    if (!both_numbers(a) || json_loose_double(a->value) == 0)
        return true;
    put_literal(a->instance, &number);
    put_literal(a->value, &divisor);
    return schema_hold(a, decimal_is_multiple(buf_slice(&number), buf_slice(&divisor)));
}

/* ---- text ---- */

static size_t count_code_points(const json_t *text)
{
    const char *at = json_string_value(text);
    size_t len = json_string_length(text);
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)at[i] & 0xC0) != 0x80;
    return count;
}

bool schema_max_length(struct ask *a)
{
    double most;

    return !json_is_string(a->instance) || !schema_limit(a->value, &most) ||
           schema_hold(a, (double)count_code_points(a->instance) <= most);
}

bool schema_min_length(struct ask *a)
{
    double least;

    return !json_is_string(a->instance) || !schema_limit(a->value, &least) ||
           schema_hold(a, (double)count_code_points(a->instance) >= least);
}

bool schema_pattern(struct ask *a)
{
    struct slice text = {json_string_value(a->instance), json_string_length(a->instance)};

    return !json_is_string(a->instance) || !json_is_string(a->value) ||
           schema_hold(a, schema_finds(a, json_string_value(a->value), text));
}

/* Up to V7 a format asserts; later it only annotates. */
bool schema_format(struct ask *a)
{
    struct slice text = {json_string_value(a->instance), json_string_length(a->instance)};

    if (a->v->schema->version > SCHEMA_V7 || !json_is_string(a->instance) ||
        !json_is_string(a->value))
        return true;
    return schema_hold(a, schema_format_holds(json_string_value(a->value), text));
}

/* What V7 says of a text's content: Base64, and JSON. */
bool schema_content(struct ask *a)
{
    const json_t *encoding = json_object_get(a->schema, "contentEncoding");
    const json_t *media_type = json_object_get(a->schema, "contentMediaType");
    struct slice text = {json_string_value(a->instance), json_string_length(a->instance)};
    auto_free char *decoded = NULL;
    auto_json json_t *document = NULL;

    if (!json_is_string(a->instance))
        return true;
    if (json_is_string(encoding) && strcmp(json_string_value(encoding), "base64") == 0) {
        decoded = fields_decode_base64(text, &text.len);
        text.data = decoded;
        if (!decoded)
            return schema_fault(a->v);
    }
    if (!json_is_string(media_type) ||
        strcmp(json_string_value(media_type), "application/json") != 0 || text.len == 0)
        return true;
    return schema_hold(a, json_loose_read(text, &document, NULL) == ST_OK);
}
