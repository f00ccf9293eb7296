/* Evaluating a compiled path, token after token, as Jayway does. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_fault.h"

static enum status walk(struct evaluation *e, const struct token *t, const struct json_place *place,
                        const json_t *model);

/* ---- steps ---- */

static bool is_object(const json_t *model)
{
    return json_loose_kind(model) == JSON_KIND_OBJECT;
}

static enum status count_step(const struct evaluation *e)
{
    if (*e->steps == 0)
        return fail(e->why, ST_TIMEOUT, "the path needs more work than is allowed");
    (*e->steps)--;
    return ST_OK;
}

static enum status add_result(const struct evaluation *e, const json_t *value)
{
    if (json_array_append(e->results, (json_t *)value) != 0)
        return fail_memory(e->why);
    return count_step(e);
}

/* Goes on behind the token, or takes the value as a result. */
static enum status go_on(struct evaluation *e, const struct token *t,
                         const struct json_place *place, const json_t *value)
{
    return t->next ? walk(e, t->next, place, value) : add_result(e, value);
}

/* A scan that goes through an array remembers the place in it; a property at the end counts then
 * only where the token before it is that very index. */
static bool counts_in_scan(const struct evaluation *e, const struct token *t)
{
    int index = e->upstream_index[t->number];
    const struct token *before = e->path->root;

    if (index < 0)
        return true;
    while (before->next && before->next->next)
        before = before->next;
    return before->kind == TOKEN_INDEX && before->index_count == 1 && before->indexes[0] == index;
}

static enum status walk_member(struct evaluation *e, const struct token *t,
                               const struct json_place *place, const json_t *model,
                               struct slice name)
{
    struct json_place below = {.up = place, .name = name};
    const json_t *value = json_object_getn(model, name.data, name.len);

    if (!value && !t->next) {
        if (e->leaf_to_null)
            return counts_in_scan(e, t) ? add_result(e, json_null()) : ST_OK;
        if (e->require_properties)
            return json_path_missing_property(e, place, name.data);
        return ST_OK;
    }
    if (!value) {
        bool definite = t->upstream_definite && t->name_count == 1;

        if (!definite && !e->require_properties)
            return ST_OK;
        return json_path_missing_property(e, place, name.data);
    }
    if (!t->next)
        return counts_in_scan(e, t) ? add_result(e, value) : ST_OK;
    return walk(e, t->next, &below, value);
}

/* The members of a list of names at the path's end, as one object. */
static enum status merge_members(struct evaluation *e, const struct token *t,
                                 const struct json_place *place, const json_t *model)
{
    auto_json json_t *merged = json_object();

    for (size_t i = 0; i < t->name_count; i++) {
        json_t *value = json_object_get(model, t->names[i]);

        if (!value && e->leaf_to_null)
            value = json_null();
        if (!value && e->require_properties)
            return json_path_missing_property(e, place, t->names[i]);
        if (value && json_object_set(merged, t->names[i], value) != 0)
            return fail_memory(e->why);
    }
    return add_result(e, merged);
}

static enum status walk_property(struct evaluation *e, const struct token *t,
                                 const struct json_place *place, const json_t *model)
{
    enum status st = ST_OK;

    if (!is_object(model))
        return t->upstream_definite ? json_path_no_object(e, t, place, model) : ST_OK;
    if (t->name_count > 1 && !t->next)
        return merge_members(e, t, place, model);
    for (size_t i = 0; i < t->name_count && st == ST_OK; i++)
        st = walk_member(e, t, place, model, slice_of(t->names[i]));
    return st;
}

static enum status walk_item(struct evaluation *e, const struct token *t,
                             const struct json_place *place, const json_t *model, int64_t index)
{
    int64_t from_front = index < 0 ? (int64_t)json_array_size(model) + index : index;
    struct json_place below = {.up = place, .index = (size_t)from_front};
    const json_t *item = from_front >= 0 ? json_array_get(model, (size_t)from_front) : NULL;

    return item ? go_on(e, t, &below, item) : ST_OK;
}

static enum status walk_indexes(struct evaluation *e, const struct token *t,
                                const struct json_place *place, const json_t *model)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < t->index_count && st == ST_OK; i++)
        st = walk_item(e, t, place, model, t->indexes[i]);
    return st;
}

/* From a negative place counts only where there is no end, to a negative one only where there is
 * no beginning; between two they stand as they are. */
static enum status walk_slice(struct evaluation *e, const struct token *t,
                              const struct json_place *place, const json_t *model)
{
    int64_t length = (int64_t)json_array_size(model);
    int64_t from = t->has_from ? t->indexes[0] : 0;
    int64_t to = t->has_to ? t->indexes[1] : length;
    enum status st = ST_OK;

    if (!t->has_to && from < 0)
        from = from + length < 0 ? 0 : from + length;
    if (!t->has_from && to < 0)
        to += length;
    if (to > length)
        to = length;
    if (from < -length)
        from = -length;
    for (int64_t i = from; i < to && st == ST_OK; i++)
        st = walk_item(e, t, place, model, i);
    return st;
}

static enum status walk_array(struct evaluation *e, const struct token *t,
                              const struct json_place *place, const json_t *model)
{
    if (!json_is_array(model))
        return t->upstream_definite ? json_path_no_array(e, t, place, model) : ST_OK;
    return t->kind == TOKEN_SLICE ? walk_slice(e, t, place, model)
                                  : walk_indexes(e, t, place, model);
}

static struct slice key_of(void *it)
{
    return (struct slice){json_object_iter_key(it), json_object_iter_key_len(it)};
}

static enum status walk_wildcard(struct evaluation *e, const struct token *t,
                                 const struct json_place *place, const json_t *model)
{
    enum status st = ST_OK;

    for (size_t i = 0; json_is_array(model) && i < json_array_size(model) && st == ST_OK; i++) {
        st = walk_item(e, t, place, model, (int64_t)i);
        if (st == ST_NOT_FOUND && !e->require_properties)
            st = ST_OK;
    }
    if (!is_object(model))
        return st;
    for (void *it = json_object_iter((json_t *)model); it && st == ST_OK;
         it = json_object_iter_next((json_t *)model, it)) {
        struct json_place below = {.up = place, .name = key_of(it)};

        st = go_on(e, t, &below, json_object_iter_value(it));
    }
    return st;
}

static enum status walk_filter(struct evaluation *e, const struct token *t,
                               const struct json_place *place, const json_t *model)
{
    bool accepted = false;
    enum status st = ST_OK;

    if (is_object(model)) {
        st = json_filter_accepts(t->filter, model, e, &accepted);
        return st == ST_OK && accepted ? go_on(e, t, place, model) : st;
    }
    if (!json_is_array(model) && t->upstream_definite)
        return json_path_primitive(e, t, model);
    for (size_t i = 0; json_is_array(model) && i < json_array_size(model) && st == ST_OK; i++) {
        st = json_filter_accepts(t->filter, json_array_get(model, i), e, &accepted);
        if (st == ST_OK && accepted)
            st = walk_item(e, t, place, model, (int64_t)i);
    }
    return st;
}

static enum status walk_function(struct evaluation *e, const struct token *t,
                                 const struct json_place *place, const json_t *model)
{
    auto_json json_t *value = NULL;
    enum status st = json_function_call(t, model, e, &value);

    if (st != ST_OK)
        return st;
    if (!value)
        value = json_null();
    st = add_result(e, value);
    if (st != ST_OK || !t->next)
        return st;
    return walk(e, t->next, place, value);
}

/* ---- scans ---- */

/* Whether the token behind ".." is to be tried on this object or array. */
static enum status scan_tries(struct evaluation *e, const struct token *t, const json_t *model,
                              bool *ret)
{
    *ret = false;
    switch (t->kind) {
    case TOKEN_PROPERTY:
        *ret = is_object(model);
        if (e->leaf_to_null && !t->next)
            return ST_OK;
        for (size_t i = 0; *ret && (t->name_count == 1 || !t->next) && i < t->name_count; i++)
            *ret = json_object_get(model, t->names[i]) != NULL;
        return ST_OK;
    case TOKEN_INDEX:
    case TOKEN_SLICE:
        *ret = json_is_array(model);
        return ST_OK;
    case TOKEN_WILDCARD:
        *ret = true;
        return ST_OK;
    case TOKEN_FILTER:
        return json_filter_accepts(t->filter, model, e, ret);
    default:
        return ST_OK;
    }
}

/* An array's items are handed to what comes behind the token (all of them: Jayway). */
static enum status scan_items(struct evaluation *e, const struct token *t,
                              const struct json_place *place, const json_t *array)
{
    enum status st = ST_OK;

    if (!t->next)
        return walk(e, t, place, array);
    for (size_t i = 0; i < json_array_size(array) && st == ST_OK; i++) {
        struct json_place below = {.up = place, .index = i};

        e->upstream_index[t->next->number] = (int)i;
        st = walk(e, t->next, &below, json_array_get(array, i));
    }
    return st;
}

static enum status scan(struct evaluation *e, const struct token *t, const struct json_place *place,
                        const json_t *model)
{
    bool tries = false;
    enum status st = count_step(e);

    if (st != ST_OK || (!is_object(model) && !json_is_array(model)))
        return st;
    st = scan_tries(e, t, model, &tries);
    if (st == ST_OK && tries)
        st = json_is_array(model) ? scan_items(e, t, place, model) : walk(e, t, place, model);
    for (size_t i = 0; json_is_array(model) && i < json_array_size(model) && st == ST_OK; i++) {
        struct json_place below = {.up = place, .index = i};

        st = scan(e, t, &below, json_array_get(model, i));
    }
    if (st != ST_OK || !is_object(model))
        return st;
    for (void *it = json_object_iter((json_t *)model); it && st == ST_OK;
         it = json_object_iter_next((json_t *)model, it)) {
        struct json_place below = {.up = place, .name = key_of(it)};

        st = scan(e, t, &below, json_object_iter_value(it));
    }
    return st;
}

/* ---- the whole ---- */

static enum status walk(struct evaluation *e, const struct token *t, const struct json_place *place,
                        const json_t *model)
{
    enum status st = count_step(e);

    if (st != ST_OK)
        return st;
    switch (t->kind) {
    case TOKEN_ROOT:
        return go_on(e, t, place, model);
    case TOKEN_PROPERTY:
        return walk_property(e, t, place, model);
    case TOKEN_INDEX:
    case TOKEN_SLICE:
        return walk_array(e, t, place, model);
    case TOKEN_WILDCARD:
        return walk_wildcard(e, t, place, model);
    case TOKEN_SCAN:
        if (!t->next) /* the path was "$..sum()" */
            return fail(e->why, ST_BAD_INPUT, "Current path token is a leaf");
        return scan(e, t->next, place, model);
    case TOKEN_FILTER:
        return walk_filter(e, t, place, model);
    case TOKEN_FUNCTION:
        return walk_function(e, t, place, model);
    }
    return ST_INTERNAL;
}

static enum status run(struct evaluation *e, const json_t *document, json_t **ret)
{
    int upstream_index[PATH_TOKENS_MAX];
    struct json_place root = {0};
    size_t count;
    enum status st;

    for (unsigned i = 0; i < PATH_TOKENS_MAX; i++)
        upstream_index[i] = -1;
    e->upstream_index = upstream_index;
    st = walk(e, e->path->root, &root, document);
    if (st != ST_OK)
        return st;
    count = json_array_size(e->results);
    if (!json_path_is_definite(e->path)) {
        *ret = json_incref(e->results);
        return ST_OK;
    }
    if (count == 0)
        return json_path_no_results(e->path, e->why);
    *ret = json_incref(json_array_get(e->results, count - 1));
    return ST_OK;
}

enum status json_path_evaluate(const struct json_path *p, const json_t *document,
                               const struct evaluation *outer, bool require_properties,
                               json_t **ret, struct why *why)
{
    auto_json json_t *results = json_array();
    struct evaluation e = {
        .root = outer->root,
        .require_properties = require_properties,
        .leaf_to_null = outer->leaf_to_null && !require_properties,
        .steps = outer->steps,
        .nesting = outer->nesting + 1,
        .results = results,
        .path = p,
        .why = why,
    };

    if (!results)
        return fail_memory(why);
    if (e.nesting > PATH_NESTING_MAX * 2)
        return fail(why, ST_TIMEOUT, "the path is nested too deep");
    return run(&e, document, ret);
}

enum status json_path_read(const struct json_path *p, const json_t *document, json_t **ret,
                           struct why *why)
{
    unsigned steps = PATH_STEPS_MAX;
    struct evaluation outer = {.root = document, .steps = &steps};

    return json_path_evaluate(p, document, &outer, false, ret, why);
}

enum status json_path_read_or_null(const struct json_path *p, const json_t *document, json_t **ret,
                                   struct why *why)
{
    unsigned steps = PATH_STEPS_MAX;
    struct evaluation outer = {.root = document, .leaf_to_null = true, .steps = &steps};

    return json_path_evaluate(p, document, &outer, false, ret, why);
}
