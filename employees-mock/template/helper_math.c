/* math. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/big_decimal.h"

/* What is no number counts as 0. */
static void operand(struct call *c, struct value v, struct big_decimal *ret)
{
    if (!big_decimal_parse(call_text(c, v), ret))
        *ret = (struct big_decimal){0};
}

static struct value reduced(const struct big_decimal *result)
{
    return result->scale == 0 ? value_whole(big_decimal_long(result))
                              : value_double(big_decimal_double(result));
}

static bool calculate(struct call *c, char operator, const struct big_decimal * left,
                      const struct big_decimal *right, struct big_decimal *ret)
{
    if (operator== '/' && right->count == 0) {
        call_throw(c, "java.lang.ArithmeticException: / by zero");
        return false;
    }
    if (operator== '%' && right->count == 0) {
        call_throw(c, "java.lang.ArithmeticException: Division %s",
                   left->count == 0 ? "undefined" : "by zero");
        return false;
    }
    switch (operator) {
    case '+':
    case '-':
        big_decimal_add(left, right, operator== '-', ret);
        break;
    case '/':
        big_decimal_divide(left, right, ret);
        break;
    case '%':
        big_decimal_remainder(left, right, ret);
        break;
    default:
        big_decimal_multiply(left, right, ret);
        break;
    }
    return true;
}

static struct value run_math(struct call *c)
{
    struct big_decimal left;
    struct big_decimal right;
    struct big_decimal result;
    struct slice operator;

    if (c->param_count != 2)
        return call_error(c, "All maths functions require two operands and an operator as "
                             "parameters e.g. 3 '+' 2");
    if (value_is_null(c->context) || value_is_null(c->params[1]))
        return call_throw_null(c, "Object.toString()", "value");
    if (value_is_null(c->params[0]))
        return call_throw_null(c, "Object.toString()", "options.params[0]");
    operator= call_text(c, c->params[0]);
    if (operator.len != 1 || !strchr("+-*x/%", operator.data[0]))
        return call_error(c, "%.*s is not a valid mathematical operator", SHOW(operator));
    operand(c, c->context, &left);
    operand(c, c->params[1], &right);
    if (!calculate(c, operator.data[0], &left, &right, &result))
        return VALUE_NULL;
    return reduced(&result);
}

const struct helper helpers_math[] = {
    {.name = "math", .run = run_math},
    {.name = NULL},
};
