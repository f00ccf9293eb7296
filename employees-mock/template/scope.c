/* Lookup of paths, as Context and PathExpression of Handlebars.java 4.3.1 do it. */
#include "employees-mock/template/scope.h"

#include "employees-mock/template/member.h"
#include "employees-mock/template/render.h"

#include <stdlib.h>

/* What a search in one place ended with. */
enum found {
    MISSED, /* the first step led nowhere: the search goes on elsewhere */
    ENDED,  /* a later step led nowhere: the path is null */
    FOUND,
};

struct scope scope_within(struct scope *parent, struct value model)
{
    bool after = parent->type == SCOPE_BLOCK_PARAMS || parent->type == SCOPE_PARENT_FIRST;

    return (struct scope){
        .type = after ? SCOPE_PARENT_FIRST : SCOPE_NORMAL, .parent = parent, .model = model};
}

static struct value get(struct render *r, struct scope *scope, const struct step *steps,
                        size_t count);

static struct value index_of(struct render *r, struct value data, const struct step *step)
{
    int64_t size = (int64_t)value_size(data);
    int64_t i = step->index;

    if (!value_is_list(data))
        return member_of(r, data, step->name);
    if (i < 0 && data.style == STYLE_SINGLE)
        i += size - 1;
    return i >= 0 && i < size ? value_item(data, (size_t)i) : VALUE_NULL;
}

static struct value data_of(struct render *r, struct value data, struct slice name)
{
    auto_buf struct buf marked = BUF_INIT(4096);
    struct value v = VALUE_NULL;

    if (value_is_map(data)) {
        buf_put_char(&marked, '@');
        buf_put_slice(&marked, name);
        v = member_of(r, data, buf_slice(&marked));
    }
    return value_is_null(v) ? member_of(r, data, name) : v;
}

/* One step from a value that is not null. *ret_last: the rest of the steps is done with. */
static struct value take_step(struct render *r, struct scope *scope, struct value data,
                              const struct step *step, size_t left, bool *ret_last)
{
    switch (step->type) {
    case STEP_THIS:
        return data;
    case STEP_ITSELF:
        *ret_last = true;
        return data;
    case STEP_OUTER:
        *ret_last = true;
        return scope->parent ? get(r, scope->parent, step + 1, left) : VALUE_NULL;
    case STEP_OUTER_ITSELF:
        *ret_last = true;
        if (!scope->parent)
            return VALUE_NULL;
        return value_is_map(scope->parent->model) ? scope->parent->model : data;
    case STEP_INDEX:
        return index_of(r, data, step);
    case STEP_DATA:
        return data_of(r, data, step->name);
    case STEP_NAME:
        break;
    }
    return member_of(r, data, step->name);
}

static enum found walk(struct render *r, struct scope *scope, struct value data,
                       const struct step *steps, size_t count, struct value *ret)
{
    bool last = false;
    size_t i = 0;

    while (!value_is_null(data) && i < count && !last) {
        data = take_step(r, scope, data, &steps[i], count - i - 1, &last);
        i++;
    }
    *ret = data;
    if (!value_is_null(data))
        return FOUND;
    return i > 1 ? ENDED : MISSED;
}

/* ---- what a scope has beside its model ---- */

static struct value each_name(const struct each *e, struct slice name)
{
    if (slice_is(name, "index"))
        return value_int(e->index);
    if (slice_is(name, "key"))
        return e->key;
    if (slice_is(name, "first"))
        return value_text(slice_of(e->first ? "first" : ""));
    if (slice_is(name, "last"))
        return value_text(slice_of(e->last ? "last" : ""));
    if (!e->of_list)
        return VALUE_NULL;
    if (slice_is(name, "odd"))
        return value_text(slice_of(e->index % 2 == 0 ? "" : "odd"));
    if (slice_is(name, "even"))
        return value_text(slice_of(e->index % 2 == 0 ? "even" : ""));
    return slice_is(name, "index_1") ? value_int(e->index + 1) : VALUE_NULL;
}

static struct value extra_name(const struct scope *scope, const struct step *step)
{
    if (scope->each && step->type == STEP_DATA)
        return each_name(scope->each, step->name);
    if (scope->hash && (step->type == STEP_NAME || step->type == STEP_DATA))
        return value_member(value_of_map(scope->hash, STYLE_PLAIN), step->name);
    return VALUE_NULL;
}

static struct value variable_name(struct render *r, const struct step *step)
{
    if (step->type != STEP_NAME && step->type != STEP_DATA && step->type != STEP_INDEX)
        return VALUE_NULL;
    if (slice_is(step->name, "root"))
        return r->root;
    return render_variable(r, step->name);
}

/* Goes on behind a first step that was answered from beside the model. */
static enum found walk_on(struct render *r, struct scope *scope, struct value first,
                          const struct step *steps, size_t count, struct value *ret)
{
    if (value_is_null(first))
        return MISSED;
    if (count == 1) {
        *ret = first;
        return FOUND;
    }
    return walk(r, scope, first, steps + 1, count - 1, ret) == FOUND ? FOUND : ENDED;
}

static bool is_local(const struct step *head)
{
    return head->type == STEP_THIS || head->type == STEP_ITSELF || head->type == STEP_OUTER ||
           head->type == STEP_OUTER_ITSELF;
}

static struct value get_plain(struct render *r, struct scope *scope, const struct step *steps,
                              size_t count)
{
    struct value v = VALUE_NULL;

    if (is_local(&steps[0])) {
        walk(r, scope, scope->model, steps, count, &v);
        return v;
    }
    for (struct scope *s = scope; s; s = s->parent) {
        enum found found = walk(r, s, s->model, steps, count, &v);

        if (found == MISSED)
            found = walk_on(r, s, extra_name(s, &steps[0]), steps, count, &v);
        if (found == MISSED)
            found = walk_on(r, s, variable_name(r, &steps[0]), steps, count, &v);
        if (found != MISSED)
            return found == FOUND ? v : VALUE_NULL;
    }
    return VALUE_NULL;
}

static bool is_this(const struct step *step)
{
    return slice_is(step->name, "this");
}

/* Block parameters: `this` and paths with a dot before them are the outer scope's. */
static struct value get_block_params(struct render *r, struct scope *scope,
                                     const struct step *steps, size_t count)
{
    if (count == 1 && is_this(&steps[0]))
        return scope->parent->model;
    if (count > 1 && steps[0].name.len > 0 && steps[0].name.data[0] == '.')
        return get(r, scope->parent, steps + 1, count - 1);
    return get_plain(r, scope, steps, count);
}

static struct value get(struct render *r, struct scope *scope, const struct step *steps,
                        size_t count)
{
    struct value v;

    if (count == 0)
        return VALUE_NULL;
    switch (scope->type) {
    case SCOPE_BLOCK_PARAMS:
        return get_block_params(r, scope, steps, count);
    case SCOPE_PARENT_FIRST:
        v = get(r, scope->parent, steps, count);
        return value_is_null(v) ? get_plain(r, scope, steps, count) : v;
    case SCOPE_PARTIAL:
        if (!is_this(&steps[0]) && !is_local(&steps[0]) &&
            walk_on(r, scope, extra_name(scope, &steps[0]), steps, count, &v) == FOUND)
            return v;
        return get_plain(r, scope, steps, count);
    case SCOPE_NORMAL:
        break;
    }
    return get_plain(r, scope, steps, count);
}

struct value scope_get(struct render *r, struct scope *scope, const struct path *path)
{
    return get(r, scope, path->steps, path->count);
}
