#include "employees-mock/java_hash.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/member_table.h"
#include "employees-mock/template/render.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct value text_of(struct render *r, const struct buf *text)
{
    return value_text(arena_copy_buf(&r->arena, text));
}

static struct value get_hash(struct render *r, struct value v)
{
    (void)r;
    return value_int(java_hash(v.text));
}

/* An object that prints as its address, or is seldom asked for. */
static struct value no_text(struct render *r, struct value v)
{
    (void)r;
    (void)v;
    return VALUE_NULL;
}

static struct value in_optional(struct render *r, struct value v)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    buf_put_text(&text, "Optional[");
    value_write(v, &text);
    buf_put_char(&text, ']');
    return text_of(r, &text);
}

/* ---- strings ---- */

static struct value text_length(struct render *r, struct value v)
{
    (void)r;
    return value_int((int32_t)java_length(v.text));
}

static struct value text_empty(struct render *r, struct value v)
{
    (void)r;
    return value_bool(v.text.len == 0);
}

static struct value text_blank(struct render *r, struct value v)
{
    (void)r;
    return value_bool(java_strip(v.text).len == 0);
}

static struct value text_trim(struct render *r, struct value v)
{
    (void)r;
    return value_text(java_trim(v.text));
}

static struct value text_strip(struct render *r, struct value v)
{
    (void)r;
    return value_text(java_strip(v.text));
}

static struct value text_upper(struct render *r, struct value v)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    java_upper(v.text, &text);
    return text_of(r, &text);
}

static struct value text_lower(struct render *r, struct value v)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    java_lower(v.text, &text);
    return text_of(r, &text);
}

const struct method text_methods[] = {
    {"blank", text_blank},       {"bytes", no_text},
    {"empty", text_empty},       {"translateEscapes", no_text},
    {"toCharArray", no_text},    {"intern", member_text},
    {"stripIndent", no_text},    {"toLowerCase", text_lower},
    {"length", text_length},     {"isEmpty", text_empty},
    {"isBlank", text_blank},     {"describeConstable", in_optional},
    {"getBytes", no_text},       {"strip", text_strip},
    {"trim", text_trim},         {"hashCode", get_hash},
    {"toUpperCase", text_upper}, {"toString", member_text},
    {"lines", no_text},          {"stripLeading", no_text},
    {"chars", no_text},          {"stripTrailing", no_text},
    {"codePoints", no_text},     {NULL, NULL},
};

/* ---- verbs ---- */

static struct value plain_text(struct render *r, struct value v)
{
    (void)r;
    return value_text(v.text);
}

static struct value is_true(struct render *r, struct value v)
{
    (void)r;
    (void)v;
    return value_bool(true);
}

const struct method verb_methods[] = {
    {"expected", plain_text},    {"name", plain_text},
    {"getName", plain_text},     {"hasEntity", is_true},
    {"hashCode", get_hash},      {"values", no_text},
    {"getExpected", plain_text}, {"toString", plain_text},
    {"value", plain_text},       {NULL, NULL},
};

/* ---- numbers and truths ---- */

static struct value number_int(struct render *r, struct value v)
{
    (void)r;
    return value_int(value_to_int(v));
}

static struct value number_short(struct render *r, struct value v)
{
    (void)r;
    return value_int((int16_t)value_to_int(v));
}

static struct value number_byte(struct render *r, struct value v)
{
    (void)r;
    return value_int((int8_t)value_to_int(v));
}

static struct value number_double(struct render *r, struct value v)
{
    (void)r;
    return value_double(value_to_double(v));
}

/* The shortest decimal that is this float. */
static struct value number_float(struct render *r, struct value v)
{
    float wanted = (float)value_to_double(v);
    char text[32];
    int digits = 0;

    (void)r;
    do
        snprintf(text, sizeof text, "%.*e", digits, (double)wanted);
    while (strtof(text, NULL) != wanted && digits++ < 8);
    return value_double(strtod(text, NULL));
}

static struct value itself(struct render *r, struct value v)
{
    (void)r;
    return v;
}

static struct value whole_hash(struct render *r, struct value v)
{
    (void)r;
    return value_int(v.kind == V_INT ? (int32_t)v.integer
                                     : (int32_t)((uint64_t)v.integer ^ (uint64_t)v.integer >> 32));
}

const struct method whole_methods[] = {
    {"hashCode", whole_hash},           {"intValue", number_int},
    {"floatValue", number_float},       {"toString", member_text},
    {"shortValue", number_short},       {"doubleValue", number_double},
    {"describeConstable", in_optional}, {"longValue", itself},
    {"byteValue", number_byte},         {NULL, NULL},
};

static struct value real_long(struct render *r, struct value v)
{
    int64_t whole = 0;

    (void)r;
    if (v.real >= 0x1p63)
        whole = INT64_MAX;
    else if (v.real <= -0x1p63)
        whole = INT64_MIN;
    else if (!isnan(v.real))
        whole = (int64_t)v.real;
    return (struct value){.kind = V_LONG, .integer = whole};
}

static struct value real_infinite(struct render *r, struct value v)
{
    (void)r;
    return value_bool(isinf(v.real));
}

static struct value real_nan(struct render *r, struct value v)
{
    (void)r;
    return value_bool(isnan(v.real));
}

static struct value real_hash(struct render *r, struct value v)
{
    uint64_t bits;

    (void)r;
    memcpy(&bits, &v.real, sizeof bits);
    return value_int((int32_t)(bits ^ bits >> 32));
}

const struct method real_methods[] = {
    {"infinite", real_infinite},        {"naN", real_nan},
    {"isInfinite", real_infinite},      {"hashCode", real_hash},
    {"intValue", number_int},           {"floatValue", number_float},
    {"toString", member_text},          {"shortValue", number_short},
    {"doubleValue", number_double},     {"isNaN", real_nan},
    {"describeConstable", in_optional}, {"longValue", real_long},
    {"byteValue", number_byte},         {NULL, NULL},
};

const struct method decimal_methods[] = {{"intValue", number_int},
                                         {"doubleValue", number_double},
                                         {"toString", member_text},
                                         {NULL, NULL}};

static struct value truth_hash(struct render *r, struct value v)
{
    (void)r;
    return value_int(v.truth ? 1231 : 1237);
}

const struct method truth_methods[] = {
    {"hashCode", truth_hash},
    {"toString", member_text},
    {"booleanValue", itself},
    {"describeConstable", no_text},
    {NULL, NULL},
};
