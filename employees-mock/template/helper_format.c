/* numberFormat, stringFormat. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/decimal_format.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/string_format.h"

static struct value run_string_format(struct call *c)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;
    struct why why;
    enum status st;

    if (call_falls_back(c, &v))
        return v;
    st = string_format(call_text(c, c->context), c->params, c->param_count, &out, &why);
    if (st == ST_BAD_INPUT)
        return call_throw(c, "%s", why.text);
    return st == ST_OK ? call_string(c, &out) : call_fail(c, st, why.text);
}

/* ---- numberFormat ---- */

/* The pattern of a NumberFormat style; "INTEGER" rounds half to even and shows no fraction. */
static const char *style_pattern(struct slice name, const struct number_locale *l)
{
    if (slice_equal_nocase(name, SLICE("default")))
        return "#,##0.###";
    if (slice_equal_nocase(name, SLICE("integer")))
        return "#,##0";
    if (slice_equal_nocase(name, SLICE("currency")))
        return l->currency_pattern;
    return slice_equal_nocase(name, SLICE("percent")) ? l->percent_pattern : NULL;
}

static bool build(struct call *c, struct decimal_format *ret)
{
    struct slice pattern = SLICE("default");
    struct slice locale = {0};
    const struct number_locale *l;
    const char *style;
    struct why why;

    if (c->param_count > 0 && c->params[0].kind != V_STRING) {
        struct slice text = call_text(c, c->params[0]);

        call_throw(c, "java.lang.IllegalArgumentException: found '%.*s', expected 'string'",
                   SHOW(text));
        return false;
    }
    if (!call_param_text(c, 0, &pattern) || !call_param_text(c, 1, &locale))
        return false;
    l = number_locale_default();
    if (locale.data && number_locale_find(locale, &l, &why) != ST_OK) {
        call_throw(c, "%s", why.text);
        return false;
    }
    style = style_pattern(java_trim(pattern), l);
    if (decimal_format_parse(style ? slice_of(style) : pattern, l, ret, &why) == ST_OK)
        return true;
    call_throw(c, "%s", why.text);
    return false;
}

static bool digits_option(struct call *c, const char *name, int *place, int *other, bool is_max)
{
    int32_t value = -1;

    if (!call_hash_int(c, name, &value))
        return false;
    if (value_is_null(call_hash(c, name)))
        return true;
    *place = value < 0 ? 0 : value > 340 ? 340 : value;
    if (is_max ? *other > *place : *other < *place)
        *other = *place;
    return true;
}

static bool options(struct call *c, struct decimal_format *f)
{
    struct slice mode = {0};

    if (!call_hash_bool(c, "groupingUsed", &f->groups) ||
        !digits_option(c, "maximumFractionDigits", &f->fraction_max, &f->fraction_min, true) ||
        !digits_option(c, "maximumIntegerDigits", &f->integer_max, &f->integer_min, true) ||
        !digits_option(c, "minimumFractionDigits", &f->fraction_min, &f->fraction_max, false) ||
        !digits_option(c, "minimumIntegerDigits", &f->integer_min, &f->integer_max, false) ||
        !call_hash_text(c, "roundingMode", &mode))
        return false;
    if (mode.data && !rounding_parse(java_trim(mode), &f->rounding)) {
        auto_buf struct buf name = BUF_INIT(200);

        java_upper(java_trim(mode), &name);
        call_throw(c,
                   "java.lang.IllegalArgumentException: No enum constant "
                   "java.math.RoundingMode.%.*s",
                   (int)name.len, name.data ? name.data : "");
        return false;
    }
    return true;
}

static struct value run_number_format(struct call *c)
{
    auto_buf struct buf out = BUF_INIT(64 * 1024);
    struct value v = call_param(c, 0);
    struct decimal_format f;
    struct why why;

    if (!value_is_number(c->context))
        return value_is_null(v) ? v : value_text(call_text(c, v));
    if (!build(c, &f) || !options(c, &f))
        return VALUE_NULL;
    if (decimal_format_write(&f, c->context, &out, &why) != ST_OK)
        return call_throw(c, "%s", why.text);
    return call_string(c, &out);
}

const struct helper helpers_format[] = {
    {.name = "numberFormat", .run = run_number_format},
    {.name = "stringFormat", .run = run_string_format},
    {.name = NULL},
};
