/* array, arrayAdd, arrayRemove, arrayJoin, range, size, contains, pickRandom. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/java_number.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/random.h"
#include "employees-mock/template/request_path.h"

#include <strings.h>

enum { LIST_MAX = 100000 };

static struct value run_array(struct call *c)
{
    struct value_list *list;

    if (value_is_null(c->context) || call_context_is_model(c))
        return value_of_list(value_new_list(call_arena(c), 0), STYLE_PLAIN);
    list = value_new_list(call_arena(c), c->param_count + 1);
    if (!list)
        return VALUE_NULL;
    list->items[0] = c->context;
    for (size_t i = 0; i < c->param_count; i++)
        list->items[i + 1] = c->params[i];
    return value_of_list(list, STYLE_PLAIN);
}

/* position='start', 'end' (the default) or a whole number; -1 stands for the end. */
static bool position(struct call *c, int32_t *ret)
{
    struct value v = call_hash(c, "position");
    struct slice text;

    *ret = INT32_MIN;
    if (value_is_null(v))
        return true;
    text = call_text(c, v);
    if (slice_equal_nocase(text, SLICE("end")))
        return true;
    if (slice_equal_nocase(text, SLICE("start"))) {
        *ret = 0;
        return true;
    }
    return java_parse_int(text, ret);
}

static const char out_of_range[] = "position must be greater than or equal to 0 and less than or "
                                   "equal to the size of the list";

static struct value list_class_error(struct call *c)
{
    return call_throw_cast(c, c->context, "java.util.List");
}

static struct value run_array_add(struct call *c)
{
    size_t count = value_size(c->context);
    struct value_list *list;
    int32_t place;
    size_t at;

    if (value_is_null(c->context))
        return value_of_list(value_new_list(call_arena(c), 0), STYLE_PLAIN);
    if (!value_is_list(c->context))
        return list_class_error(c);
    if (c->param_count == 0)
        return call_error(c, "Missing required parameter: additional value to add to list");
    if (!position(c, &place))
        return call_error(c, "position must be 'start', 'end' or an integer");
    if (place != INT32_MIN && (place < 0 || (size_t)place > count))
        return call_error(c, "%s", out_of_range);
    at = place == INT32_MIN ? count : (size_t)place;
    list = value_new_list(call_arena(c), count + 1);
    for (size_t i = 0; list && i <= count; i++)
        list->items[i] = i == at ? c->params[0] : value_item(c->context, i < at ? i : i - 1);
    return value_of_list(list, STYLE_PLAIN);
}

static struct value run_array_remove(struct call *c)
{
    size_t count = value_size(c->context);
    struct value_list *list;
    int32_t place;
    size_t at;

    if (!value_is_null(c->context) && !value_is_list(c->context))
        return list_class_error(c);
    if (!position(c, &place))
        return call_error(c, "position must be 'start', 'end' or an integer");
    if (value_is_null(c->context))
        return call_throw_null(c, "java.util.List.size()", "list");
    if (place != INT32_MIN && (place < 0 || (size_t)place > count))
        return call_error(c, "%s", out_of_range);
    at = place == INT32_MIN ? count - 1 : (size_t)place;
    if (count == 0 || at >= count)
        return call_throw(c,
                          "java.lang.IndexOutOfBoundsException: Index %d out of bounds for length "
                          "%zu",
                          place == INT32_MIN ? -1 : place, count);
    list = value_new_list(call_arena(c), count - 1);
    for (size_t i = 0; list && i < count - 1; i++)
        list->items[i] = value_item(c->context, i < at ? i : i + 1);
    return value_of_list(list, STYLE_PLAIN);
}

/* ---- arrayJoin ---- */

static size_t item_count(const struct call *c)
{
    return value_is_list(c->params[0]) ? value_size(c->params[0]) : c->param_count;
}

static struct value item_at(const struct call *c, size_t i)
{
    return value_is_list(c->params[0]) ? value_item(c->params[0], i) : call_param(c, i);
}

static void write_item(struct call *c, struct value item, struct buf *ret)
{
    struct buf *out;

    if (!c->block) {
        value_write(item, ret);
        return;
    }
    out = call_redirect(c, ret);
    call_body_over(c, item);
    call_redirect(c, out);
}

static struct value run_array_join(struct call *c)
{
    struct slice prefix = SLICE("");
    struct slice suffix = SLICE("");
    auto_buf struct buf text = CALL_BUF_INIT(c);
    size_t count;

    if (c->context.kind != V_STRING)
        return call_error(c, "Separator parameter must be a String");
    if (value_is_null(call_param(c, 0)))
        return call_error(c, "The parameter must be list");
    if (value_is_iterable(c->params[0]) && !value_is_list(c->params[0]))
        return call_throw_cast(c, c->params[0], "java.util.List");
    if (!call_hash_text(c, "prefix", &prefix) || !call_hash_text(c, "suffix", &suffix))
        return VALUE_NULL;
    count = item_count(c);
    if (count == 0)
        return value_text(SLICE(""));
    buf_put_slice(&text, prefix);
    for (size_t i = 0; i < count && call_go_on(c); i++) {
        struct value item = item_at(c, i);

        if (value_is_null(item) && !c->block)
            return call_throw_null(c, "Object.toString()", "item");
        if (i > 0)
            buf_put_slice(&text, c->context.text);
        write_item(c, item, &text);
    }
    buf_put_slice(&text, suffix);
    return call_string(c, &text);
}

/* ---- range, size, contains ---- */

/* HelperUtils.coerceToInt; false: NumberFormatException was thrown. */
static bool coerce(struct call *c, struct value v, bool *ret_has, int32_t *ret)
{
    *ret_has = false;
    if (value_is_number(v)) {
        *ret = value_to_int(v);
        *ret_has = true;
    } else if (v.kind == V_STRING) {
        *ret_has = java_parse_int(v.text, ret);
        if (!*ret_has) {
            call_throw(c, "java.lang.NumberFormatException: For input string: \"%.*s\"",
                       (int)v.text.len, v.text.data);
            return false;
        }
    }
    return true;
}

static struct value run_range(struct call *c)
{
    int32_t lower = 0;
    int32_t upper = 0;
    bool has_lower;
    bool has_upper;
    struct value_list *list;
    int64_t count;

    if (!coerce(c, c->context, &has_lower, &lower) ||
        !coerce(c, call_param(c, 0), &has_upper, &upper))
        return VALUE_NULL;
    if (!has_lower || !has_upper)
        return call_error(c, "The range helper requires both lower and upper bounds as integer "
                             "parameters");
    count = (int64_t)upper - lower + 1;
    if (count < 0)
        return call_throw(c, "java.lang.IllegalArgumentException: %lld", (long long)count);
    if (count > LIST_MAX)
        return call_fail(c, ST_TOO_LARGE, "range gives more items than allowed");
    list = value_new_list(call_arena(c), (size_t)count);
    for (int32_t i = 0; list && i < count; i++)
        list->items[i] = value_int(lower + i);
    return value_of_list(list, STYLE_PLAIN);
}

static struct value run_size(struct call *c)
{
    struct value v = c->context;

    if (value_is_null(v))
        return call_throw_null(c, "Object.getClass()", "context");
    if (v.kind == V_STRING)
        return value_int((int32_t)java_length(v.text));
    if (value_is_list(v) || value_is_map(v))
        return value_int((int32_t)value_size(v));
    return VALUE_NULL;
}

static bool list_contains(struct value list, struct value wanted)
{
    size_t count = value_size(list);

    for (size_t i = 0; i < count; i++)
        if (value_equals(value_item(list, i), wanted))
            return true;
    return false;
}

static struct value run_contains(struct call *c)
{
    struct value wanted = call_param(c, 0);
    bool found;

    if (c->param_count == 0)
        return call_error(
            c, "You must specify the string or array to be matched and the regular expression");
    if (!value_is_null(wanted) && wanted.kind != V_STRING)
        return call_throw_cast(c, wanted, "java.lang.String");
    if (value_is_null(c->context) || value_is_null(wanted))
        return value_bool(false);
    found = value_is_list(c->context)
                ? list_contains(c->context, wanted)
                : java_find(call_text(c, c->context), wanted.text, 0) != SIZE_MAX;
    if (!c->block)
        return value_bool(found);
    if (found)
        call_body(c);
    return VALUE_NULL;
}

/* ---- pickRandom ---- */

static struct value_list *candidates(struct call *c)
{
    struct value items = request_path_iterated(call_arena(c), c->context);
    bool one = value_is_list(items);
    size_t count = one ? value_size(items) : c->param_count + 1;
    struct value_list *list = value_new_list(call_arena(c), count);

    for (size_t i = 0; list && i < count; i++)
        list->items[i] = one ? value_item(items, i) : i ? c->params[i - 1] : c->context;
    return list;
}

static struct value run_pick_random(struct call *c)
{
    struct value_list *list;
    int32_t count = 0;

    if (value_is_null(c->context))
        return call_error(
            c, "Must specify either a single list argument or a set of single value arguments.");
    if (!call_hash_int(c, "count", &count))
        return VALUE_NULL;
    list = candidates(c);
    if (!list)
        return VALUE_NULL;
    if (count <= 0) {
        if (list->count == 0)
            return call_throw(c, "java.lang.IllegalArgumentException: bound must be positive");
        return list->items[random_below(list->count)];
    }
    for (size_t i = 0; i < list->count && i < (size_t)count; i++) {
        size_t other = i + random_below(list->count - i);
        struct value kept = list->items[i];

        list->items[i] = list->items[other];
        list->items[other] = kept;
    }
    if (list->count > (size_t)count)
        list->count = (size_t)count;
    return value_of_list(list, STYLE_PLAIN);
}

const struct helper helpers_list[] = {
    {.name = "array", .run = run_array},
    {.name = "arrayAdd", .run = run_array_add},
    {.name = "arrayRemove", .run = run_array_remove},
    {.name = "arrayJoin", .run = run_array_join},
    {.name = "range", .run = run_range},
    {.name = "size", .run = run_size},
    {.name = "contains", .run = run_contains},
    {.name = "pickRandom", .run = run_pick_random},
    {.name = NULL},
};
