/* Evaluating a filter on one item, operator by operator, as Jayway does. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_tokens.h"

/* An operand's value on the item. */
struct side {
    enum operand_kind kind;
    json_t *value; /* of OPERAND_VALUE; owned */
    const struct regex *regex;
};

static bool is_text(const struct side *s)
{
    return s->kind == OPERAND_VALUE && json_is_string(s->value);
}

static bool is_number(const struct side *s)
{
    return s->kind == OPERAND_VALUE && json_loose_is_number(s->value);
}

static bool is_array(const struct side *s)
{
    return s->kind == OPERAND_VALUE && json_is_array(s->value);
}

static struct slice text_of(const json_t *value)
{
    return (struct slice){json_string_value(value), json_string_length(value)};
}

/* ---- equality: a text equals a number that prints so, or has its value ---- */

static bool text_equals_number(const json_t *text, const json_t *number)
{
    auto_buf struct buf printed = BUF_INIT(JSON_LOOSE_DIGITS + 16);

    json_loose_write_number(number, &printed);
    return slice_equal(text_of(text), buf_slice(&printed));
}

static bool number_equals_text(const json_t *number, const json_t *text)
{
    auto_json json_t *value = NULL;

    if (json_loose_read(text_of(text), &value, NULL) != ST_OK || !json_loose_is_number(value))
        return false;
    return json_loose_compare_numbers(number, value) == 0;
}

static bool equal_values(const json_t *a, const json_t *b)
{
    bool number_a = json_loose_is_number(a);
    bool number_b = json_loose_is_number(b);

    if (number_a && number_b)
        return json_loose_compare_numbers(a, b) == 0;
    if (json_is_string(a) && number_b)
        return text_equals_number(a, b);
    if (number_a && json_is_string(b))
        return number_equals_text(a, b);
    return json_loose_equal(a, b);
}

static bool equal(const struct side *a, const struct side *b)
{
    return a->kind == OPERAND_VALUE && b->kind == OPERAND_VALUE && equal_values(a->value, b->value);
}

static bool same_type(const struct side *a, const struct side *b)
{
    bool container_a;
    bool container_b;

    if (a->kind != b->kind)
        return false;
    if (a->kind != OPERAND_VALUE)
        return true;
    if (is_number(a) || is_number(b))
        return is_number(a) && is_number(b);
    container_a = json_loose_kind(a->value) >= JSON_KIND_ARRAY;
    container_b = json_loose_kind(b->value) >= JSON_KIND_ARRAY;
    if (container_a || container_b || json_is_boolean(a->value))
        return container_a == container_b && json_is_boolean(a->value) == json_is_boolean(b->value);
    return json_typeof(a->value) == json_typeof(b->value);
}

/* ---- order: numbers with numbers, texts with texts ---- */

static bool compare(const struct side *a, const struct side *b, int *ret)
{
    if (is_number(a) && is_number(b)) {
        *ret = json_loose_compare_numbers(a->value, b->value);
        return true;
    }
    if (is_text(a) && is_text(b)) {
        *ret = strcmp(json_string_value(a->value), json_string_value(b->value));
        return true;
    }
    return false;
}

/* ---- lists ---- */

static bool list_has(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (equal_values(value, json_array_get(list, i)))
            return true;
    }
    return false;
}

static bool is_in(const struct side *left, const struct side *right)
{
    return is_array(right) && left->kind == OPERAND_VALUE && list_has(right->value, left->value);
}

/* How many items of a are in b. */
static size_t count_shared(const json_t *a, const json_t *b)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(a); i++)
        count += list_has(b, json_array_get(a, i));
    return count;
}

static bool contains(const struct side *left, const struct side *right)
{
    if (is_text(left) && is_text(right))
        return strstr(json_string_value(left->value), json_string_value(right->value)) != NULL;
    return is_array(left) && right->kind == OPERAND_VALUE && list_has(left->value, right->value);
}

static bool has_size(const struct side *left, const struct side *right)
{
    double size = is_number(right) ? json_loose_double(right->value) : -1;

    if (!is_number(right))
        return false;
    if (is_text(left))
        return (double)json_string_length(left->value) == size;
    if (is_array(left))
        return (double)json_array_size(left->value) == size;
    return left->kind == OPERAND_VALUE && json_loose_kind(left->value) == JSON_KIND_OBJECT &&
           size == -1;
}

static bool has_emptiness(const struct side *left, const struct side *right)
{
    bool empty;

    if (right->kind != OPERAND_VALUE || !json_is_boolean(right->value) ||
        left->kind != OPERAND_VALUE)
        return false;
    if (is_text(left))
        empty = json_string_length(left->value) == 0;
    else if (json_is_array(left->value))
        empty = json_array_size(left->value) == 0;
    else if (json_loose_kind(left->value) == JSON_KIND_OBJECT)
        empty = json_object_size(left->value) == 0;
    else
        return false;
    return empty == json_is_true(right->value);
}

/* ---- regular expressions ---- */

static enum status value_matches(const struct regex *re, const json_t *value,
                                 const struct evaluation *e, bool *ret)
{
    auto_buf struct buf text = BUF_INIT(JSON_LOOSE_DIGITS + 16);

    if (json_is_string(value))
        return regex_matches(re, text_of(value), ret, e->why);
    if (json_loose_is_number(value))
        json_loose_write_number(value, &text);
    else if (json_is_boolean(value))
        buf_put_text(&text, json_is_true(value) ? "true" : "false");
    return regex_matches(re, buf_slice(&text), ret, e->why);
}

static enum status side_matches(const struct regex *re, const struct side *s,
                                const struct evaluation *e, bool *ret)
{
    auto_json json_t *none = json_null();
    enum status st = ST_OK;

    *ret = false;
    if (!is_array(s))
        return value_matches(re, s->kind == OPERAND_VALUE ? s->value : none, e, ret);
    for (size_t i = 0; i < json_array_size(s->value) && !*ret && st == ST_OK; i++)
        st = value_matches(re, json_array_get(s->value, i), e, ret);
    return st;
}

static enum status regex_compare(const struct side *left, const struct side *right,
                                 const struct evaluation *e, bool *ret)
{
    bool is_left = left->kind == OPERAND_REGEX;

    *ret = false;
    if (is_left == (right->kind == OPERAND_REGEX))
        return ST_OK;
    return is_left ? side_matches(left->regex, right, e, ret)
                   : side_matches(right->regex, left, e, ret);
}

/* ---- operators ---- */

static bool decide(enum filter_operator op, const struct side *left, const struct side *right)
{
    int order = 0;
    bool comparable = compare(left, right, &order);

    switch (op) {
    case OP_GTE:
        return comparable && order >= 0;
    case OP_LTE:
        return comparable && order <= 0;
    case OP_GT:
        return comparable && order > 0;
    case OP_LT:
        return comparable && order < 0;
    case OP_EQ:
        return equal(left, right);
    case OP_NE:
        return !equal(left, right);
    case OP_TSEQ:
        return same_type(left, right) && equal(left, right);
    case OP_TSNE:
        return !same_type(left, right) || !equal(left, right);
    case OP_IN:
        return is_in(left, right);
    case OP_NIN:
        return !is_in(left, right);
    case OP_CONTAINS:
        return contains(left, right);
    case OP_SIZE:
        return has_size(left, right);
    case OP_EMPTY:
        return has_emptiness(left, right);
    case OP_ALL:
        return is_array(left) && is_array(right) &&
               count_shared(right->value, left->value) == json_array_size(right->value);
    case OP_SUBSETOF:
        return is_array(left) && is_array(right) &&
               count_shared(left->value, right->value) == json_array_size(left->value);
    case OP_ANYOF:
        return is_array(left) && is_array(right) && count_shared(left->value, right->value) > 0;
    case OP_NONEOF:
        return is_array(left) && is_array(right) && count_shared(left->value, right->value) == 0;
    default:
        return false; /* TYPE and MATCHES need Java objects, which no path can name */
    }
}

/* ---- operands ---- */

static enum status side_of(const struct operand *o, const json_t *item, const struct evaluation *e,
                           struct side *ret)
{
    struct why why;
    enum status st;

    *ret = (struct side){.kind = o->kind, .value = json_incref(o->value), .regex = o->regex};
    if (o->kind != OPERAND_PATH)
        return ST_OK;
    ret->kind = OPERAND_VALUE;
    st = json_path_evaluate(o->path, o->path->from_root ? e->root : item, e, false, &ret->value,
                            &why);
    if (st == ST_NOT_FOUND) {
        ret->kind = OPERAND_UNDEFINED;
        return ST_OK;
    }
    if (st != ST_OK && e->why)
        *e->why = why;
    return st;
}

/* Existence is asked of the item, even for a path from the root. */
static enum status exists(const struct operand *o, const json_t *item, const struct evaluation *e,
                          bool *ret)
{
    auto_json json_t *value = NULL;
    enum status st = json_path_evaluate(o->path, item, e, true, &value, e->why);

    if (st == ST_TIMEOUT || st == ST_NO_MEMORY)
        return st;
    *ret = (st == ST_OK) == o->should_exist;
    return ST_OK;
}

/* Lists are compared item by item. */
static enum status charge(const struct side *left, const struct side *right,
                          const struct evaluation *e)
{
    size_t a = is_array(left) ? json_array_size(left->value) : 1;
    size_t b = is_array(right) ? json_array_size(right->value) : 1;

    if (a > *e->steps || b > *e->steps || a * b > *e->steps)
        return fail(e->why, ST_TIMEOUT, "the path needs more work than is allowed");
    *e->steps -= (unsigned)(a * b);
    return ST_OK;
}

static enum status compare_sides(const struct filter *f, const json_t *item,
                                 const struct evaluation *e, bool *ret)
{
    struct side left = {0};
    struct side right = {0};
    enum status st;

    if (f->op == OP_EXISTS)
        return exists(&f->left, item, e, ret);
    st = side_of(&f->left, item, e, &left);
    if (st == ST_OK)
        st = side_of(&f->right, item, e, &right);
    if (st == ST_OK)
        st = charge(&left, &right, e);
    if (st == ST_OK && f->op == OP_REGEX)
        st = regex_compare(&left, &right, e, ret);
    else if (st == ST_OK)
        *ret = decide(f->op, &left, &right);
    json_decref(left.value);
    json_decref(right.value);
    return st;
}

/* ---- the whole ---- */

static enum status apply(const struct filter *f, const json_t *item, const struct evaluation *e,
                         bool *ret)
{
    enum status st = ST_OK;
    bool stop_at = f->kind == FILTER_OR;

    if (f->kind == FILTER_COMPARE)
        return compare_sides(f, item, e, ret);
    if (f->kind == FILTER_NOT) {
        st = apply(f->parts[0], item, e, ret);
        *ret = !*ret;
        return st;
    }
    *ret = !stop_at;
    for (size_t i = 0; i < f->part_count && *ret != stop_at && st == ST_OK; i++)
        st = apply(f->parts[i], item, e, ret);
    return st;
}

enum status json_filter_accepts(const struct filter *f, const json_t *item,
                                const struct evaluation *e, bool *ret)
{
    enum status st;

    *ret = false;
    if (*e->steps == 0)
        return fail(e->why, ST_TIMEOUT, "the path needs more work than is allowed");
    (*e->steps)--;
    st = apply(f, item, e, ret);
    if (st == ST_TIMEOUT || st == ST_NO_MEMORY)
        return st;
    if (st != ST_OK)
        *ret = false;
    return ST_OK;
}
