/* eq, neq, gt, gte, lt, lte, and, or, not (ConditionalHelpers), isEven, isOdd, stripes. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/java_text.h"

#include <string.h>

static struct value answer(struct call *c, bool result)
{
    struct value v;

    if (c->block) {
        if (result)
            call_body(c);
        else
            call_inverse(c);
        return VALUE_NULL;
    }
    v = call_hash(c, result ? "yes" : "no");
    return value_is_null(v) ? value_bool(result) : v;
}

static bool equal(struct value a, struct value b)
{
    if (value_equals(a, b))
        return true;
    return value_is_number(a) && value_is_number(b) && value_to_double(a) == value_to_double(b);
}

static struct value run_eq(struct call *c)
{
    return answer(c, equal(c->context, call_param(c, 0)));
}

static struct value run_neq(struct call *c)
{
    return answer(c, !equal(c->context, call_param(c, 0)));
}

static bool is_comparable(struct value v)
{
    return value_is_number(v) || v.kind == V_STRING || v.kind == V_BOOL || v.kind == V_DATE;
}

static int compare_same(struct value a, struct value b)
{
    switch (a.kind) {
    case V_STRING:
        return java_compare(a.text, b.text);
    case V_BOOL:
        return (int)a.truth - (int)b.truth;
    case V_DATE:
        return (a.date->ms > b.date->ms) - (a.date->ms < b.date->ms);
    case V_INT:
    case V_LONG:
        return (a.integer > b.integer) - (a.integer < b.integer);
    default:
        return (value_to_double(a) > value_to_double(b)) -
               (value_to_double(a) < value_to_double(b));
    }
}

/* Objects of one class by themselves, numbers of two by value, all else is an error. */
static bool compare(struct call *c, int *ret)
{
    struct value a = c->context;
    struct value b = call_param(c, 0);

    if (!is_comparable(a) || !is_comparable(b)) {
        struct slice words = call_text(c, is_comparable(a) ? b : a);

        call_throw(c, "java.lang.IllegalArgumentException: Not a comparable: %.*s", (int)words.len,
                   words.data);
        return false;
    }
    if (a.kind == b.kind) {
        *ret = compare_same(a, b);
        return true;
    }
    if (!value_is_number(a) || !value_is_number(b)) {
        call_throw_cast(c, b, value_class(a));
        return false;
    }
    *ret = (value_to_double(a) > value_to_double(b)) - (value_to_double(a) < value_to_double(b));
    return true;
}

static struct value run_gt(struct call *c)
{
    int order;

    return compare(c, &order) ? answer(c, order > 0) : VALUE_NULL;
}

static struct value run_gte(struct call *c)
{
    int order;

    return compare(c, &order) ? answer(c, order >= 0) : VALUE_NULL;
}

static struct value run_lt(struct call *c)
{
    int order;

    return compare(c, &order) ? answer(c, order < 0) : VALUE_NULL;
}

static struct value run_lte(struct call *c)
{
    int order;

    return compare(c, &order) ? answer(c, order <= 0) : VALUE_NULL;
}

static struct value run_and(struct call *c)
{
    bool result = !value_is_falsy(c->context);

    for (size_t i = 0; result && i < c->param_count; i++)
        result = !value_is_falsy(c->params[i]);
    return answer(c, result);
}

static struct value run_or(struct call *c)
{
    bool result = !value_is_falsy(c->context);

    for (size_t i = 0; !result && i < c->param_count; i++)
        result = !value_is_falsy(c->params[i]);
    return answer(c, result);
}

static struct value run_not(struct call *c)
{
    return answer(c, value_is_falsy(c->context));
}

/* ---- numbers ---- */

static struct value word(struct call *c, size_t i, const char *otherwise)
{
    struct value v = call_param(c, i);

    if (value_is_null(v))
        return value_text(slice_of(otherwise));
    return v.kind == V_STRING ? v : call_throw_cast(c, v, "java.lang.CharSequence");
}

static bool is_even(struct value v)
{
    struct slice digits = v.text;
    const char *point;

    if (v.kind == V_DECIMAL) {
        point = memchr(digits.data, '.', digits.len);
        digits.len = point ? (size_t)(point - digits.data) : digits.len;
        return digits.len > 0 && (digits.data[digits.len - 1] - '0') % 2 == 0;
    }
    return value_to_int(v) % 2 == 0;
}

static struct value run_is_even(struct call *c)
{
    bool even = value_is_number(c->context) && is_even(c->context);

    return even ? word(c, 0, "even") : VALUE_NULL;
}

static struct value run_is_odd(struct call *c)
{
    bool odd = value_is_number(c->context) && !is_even(c->context);

    return odd ? word(c, 0, "odd") : VALUE_NULL;
}

static struct value run_stripes(struct call *c)
{
    if (!value_is_number(c->context))
        return VALUE_NULL;
    return is_even(c->context) ? word(c, 0, "even") : word(c, 1, "odd");
}

const struct helper helpers_condition[] = {
    {.name = "eq", .run = run_eq},
    {.name = "neq", .run = run_neq},
    {.name = "gt", .run = run_gt},
    {.name = "gte", .run = run_gte},
    {.name = "lt", .run = run_lt},
    {.name = "lte", .run = run_lte},
    {.name = "and", .run = run_and},
    {.name = "or", .run = run_or},
    {.name = "not", .run = run_not},
    {.name = "isEven", .run = run_is_even},
    {.name = "isOdd", .run = run_is_odd},
    {.name = "stripes", .run = run_stripes},
    {.name = NULL},
};
