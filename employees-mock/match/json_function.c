/* The functions of Jayway's paths: $.a.length(), $.sum($..price), … */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_tokens.h"

#include <float.h>
#include <math.h>

/* ---- arguments ---- */

static enum status argument_value(const struct argument *a, const struct evaluation *e,
                                  json_t **ret)
{
    if (!a->path) {
        *ret = json_incref(a->value);
        return ST_OK;
    }
    return json_path_evaluate(a->path, e->root, e, false, ret, e->why);
}

/* ---- numbers ---- */

struct numbers {
    size_t count;
    double sum;
    double squares;
    double least;
    double most;
};

static void take_number(struct numbers *n, const json_t *value)
{
    double x;

    if (!json_loose_is_number(value))
        return;
    x = json_loose_double(value);
    n->count++;
    n->sum += x;
    n->squares += x * x;
    n->least = x < n->least ? x : n->least;
    n->most = x > n->most ? x : n->most;
}

static void take_numbers(struct numbers *n, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        take_number(n, json_array_get(value, i));
    if (!json_is_array(value))
        take_number(n, value);
}

static double average(const struct numbers *n)
{
    return n->sum / (double)n->count;
}

static double deviation(const struct numbers *n)
{
    double count = (double)n->count;

    return sqrt(n->squares / count - n->sum * n->sum / count / count);
}

static double sum(const struct numbers *n)
{
    return n->sum;
}

static double least(const struct numbers *n)
{
    return n->least;
}

static double most(const struct numbers *n)
{
    return n->most;
}

static enum status aggregate(double (*of)(const struct numbers *), const struct token *t,
                             const json_t *model, const struct evaluation *e, json_t **ret)
{
    /* Java's Double.MIN_VALUE is the least positive one: a maximum of negatives stays there. */
    struct numbers n = {.least = DBL_MAX, .most = 4.9e-324};
    double value;

    if (json_is_array(model))
        take_numbers(&n, model);
    for (size_t i = 0; i < t->argument_count; i++) {
        auto_json json_t *argument = NULL;
        enum status st = argument_value(&t->arguments[i], e, &argument);

        if (st != ST_OK)
            return st;
        take_numbers(&n, argument);
    }
    if (n.count == 0)
        return fail(e->why, ST_BAD_INPUT,
                    "Aggregation function attempted to calculate value using empty array");
    value = of(&n);
    *ret = isfinite(value) ? json_real(value) : json_null();
    return *ret ? ST_OK : fail_memory(e->why);
}

#define AGGREGATE(name, of)                                                                        \
    static enum status name(const struct token *t, const json_t *model,                            \
                            const struct evaluation *e, json_t **ret)                              \
    {                                                                                              \
        return aggregate(of, t, model, e, ret);                                                    \
    }
AGGREGATE(call_avg, average)
AGGREGATE(call_stddev, deviation)
AGGREGATE(call_sum, sum)
AGGREGATE(call_min, least)
AGGREGATE(call_max, most)

/* ---- lengths, names, texts ---- */

static bool length_of(const json_t *value, size_t *ret)
{
    enum json_kind kind = json_loose_kind(value);

    if (kind == JSON_KIND_ARRAY)
        *ret = json_array_size(value);
    else if (kind == JSON_KIND_OBJECT)
        *ret = json_object_size(value);
    return kind == JSON_KIND_ARRAY || kind == JSON_KIND_OBJECT;
}

static json_t *last_child(const json_t *value)
{
    json_t *last = NULL;

    if (json_loose_kind(value) == JSON_KIND_ARRAY)
        return json_array_get(value, json_array_size(value) - 1);
    for (void *it = json_object_iter((json_t *)value);
         it && json_loose_kind(value) == JSON_KIND_OBJECT;
         it = json_object_iter_next((json_t *)value, it))
        last = json_object_iter_value(it);
    return last;
}

static size_t count_children(const json_t *values)
{
    size_t total = 0;
    size_t one;

    for (size_t i = 0; i < json_array_size(values); i++)
        total += length_of(json_array_get(values, i), &one) ? one : 0;
    return total;
}

/* Jayway reads the argument's path with [*] behind, but still takes one that was definite for
 * such, so that only its last child counts: of $.length($.x) the last one of x, where it is a list,
 * else the model itself. The argument must be there in the whole document too. */
static enum status length_of_argument(const struct argument *a, const json_t *model,
                                      const struct evaluation *e, json_t **ret)
{
    auto_json json_t *ignored = NULL;
    auto_json json_t *value = NULL;
    const json_t *counted;
    size_t length;
    enum status st = json_path_evaluate(a->path, e->root, e, false, &ignored, e->why);

    if (st == ST_OK)
        st = json_path_evaluate(a->path, model, e, false, &value, e->why);
    if (st != ST_OK)
        return st;
    counted = value;
    if (!a->path->is_function && a->path->root->next && !json_path_is_definite(a->path)) {
        *ret = json_integer((json_int_t)count_children(value));
        return ST_OK;
    }
    if (!a->path->is_function && a->path->root->next)
        counted = last_child(value);
    if (!counted)
        return fail(e->why, ST_NOT_FOUND, "nothing to count");
    if (json_loose_kind(counted) != JSON_KIND_ARRAY)
        counted = model;
    *ret = length_of(counted, &length) ? json_integer((json_int_t)length) : NULL;
    return ST_OK;
}

static enum status call_length(const struct token *t, const json_t *model,
                               const struct evaluation *e, json_t **ret)
{
    size_t length;

    if (t->argument_count > 0 && !t->arguments[0].path)
        return fail(e->why, ST_NOT_FOUND, "a value has no path to count");
    if (t->argument_count > 0)
        return length_of_argument(&t->arguments[0], model, e, ret);
    *ret = length_of(model, &length) ? json_integer((json_int_t)length) : NULL;
    return ST_OK;
}

static enum status call_keys(const struct token *t, const json_t *model, const struct evaluation *e,
                             json_t **ret)
{
    (void)t;
    (void)e;
    if (json_loose_kind(model) != JSON_KIND_OBJECT)
        return ST_OK;
    *ret = json_array();
    for (void *it = json_object_iter((json_t *)model); it;
         it = json_object_iter_next((json_t *)model, it))
        json_array_append_new(*ret, json_string(json_object_iter_key(it)));
    return ST_OK;
}

static void put_text(struct buf *text, const json_t *value, bool any)
{
    if (json_is_string(value))
        buf_put(text, json_string_value(value), json_string_length(value));
    else if (any && json_loose_is_number(value))
        json_loose_write_number(value, text);
    else if (any && !json_is_null(value))
        json_loose_write(value, JSON_LOOSE_COMPACT, text);
}

static void put_texts(struct buf *text, const json_t *value, bool any)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        put_text(text, json_array_get(value, i), any);
    if (!json_is_array(value))
        put_text(text, value, any);
}

static enum status call_concat(const struct token *t, const json_t *model,
                               const struct evaluation *e, json_t **ret)
{
    auto_buf struct buf text = BUF_INIT(16 << 20);

    if (json_is_array(model))
        put_texts(&text, model, false);
    for (size_t i = 0; i < t->argument_count; i++) {
        auto_json json_t *argument = NULL;
        enum status st = argument_value(&t->arguments[i], e, &argument);

        if (st != ST_OK)
            return st;
        put_texts(&text, argument, true);
    }
    if (!buf_text(&text))
        return fail(e->why, ST_TIMEOUT, "the text of concat() is too long");
    *ret = json_stringn(text.data, text.len);
    return ST_OK;
}

static enum status call_append(const struct token *t, const json_t *model,
                               const struct evaluation *e, json_t **ret)
{
    auto_json json_t *copy = json_copy((json_t *)model);

    for (size_t i = 0; json_is_array(copy) && i < t->argument_count; i++) {
        auto_json json_t *argument = NULL;
        enum status st = argument_value(&t->arguments[i], e, &argument);

        if (st != ST_OK)
            return st;
        json_array_append(copy, argument);
    }
    *ret = take(copy);
    return ST_OK;
}

/* ---- first(), last(), index(n) ---- */

static enum status item_at(const json_t *model, int64_t index, const struct evaluation *e,
                           json_t **ret)
{
    int64_t size = (int64_t)json_array_size(model);
    int64_t at = index < 0 ? size + index : index;

    if (!json_is_array(model))
        return fail(e->why, ST_BAD_INPUT,
                    "Aggregation function attempted to calculate value using empty array");
    if (at < 0 || at >= size || (index < 0 && at == 0))
        return fail(e->why, ST_BAD_INPUT, "Target index:%lld larger than object count:%lld",
                    (long long)index, (long long)size);
    *ret = json_incref(json_array_get(model, (size_t)at));
    return ST_OK;
}

static enum status call_first(const struct token *t, const json_t *model,
                              const struct evaluation *e, json_t **ret)
{
    (void)t;
    return item_at(model, 0, e, ret);
}

static enum status call_last(const struct token *t, const json_t *model, const struct evaluation *e,
                             json_t **ret)
{
    (void)t;
    return item_at(model, -1, e, ret);
}

static enum status call_index(const struct token *t, const json_t *model,
                              const struct evaluation *e, json_t **ret)
{
    auto_json json_t *argument = NULL;
    enum status st;
    double index;

    if (t->argument_count == 0)
        return fail(e->why, ST_BAD_INPUT, "Index 0 out of bounds for length 0");
    st = argument_value(&t->arguments[0], e, &argument);
    if (st != ST_OK)
        return st;
    index = json_loose_is_number(argument) ? json_loose_double(argument) : 0;
    if (!(fabs(index) < 1e9))
        return fail(e->why, ST_BAD_INPUT, "the index is out of range");
    return item_at(model, (int64_t)index, e, ret);
}

static const struct {
    const char *name;
    enum status (*call)(const struct token *t, const json_t *model, const struct evaluation *e,
                        json_t **ret);
} functions[] = {
    {"avg", call_avg},       {"stddev", call_stddev}, {"sum", call_sum},
    {"min", call_min},       {"max", call_max},       {"concat", call_concat},
    {"length", call_length}, {"size", call_length},   {"append", call_append},
    {"keys", call_keys},     {"first", call_first},   {"last", call_last},
    {"index", call_index},
};

enum status json_function_call(const struct token *t, const json_t *model,
                               const struct evaluation *e, json_t **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, t->names[0]) == 0)
            return functions[i].call(t, model, e, ret);
    }
    return fail(e->why, ST_BAD_INPUT, "Function with name: %s does not exist.", t->names[0]);
}
