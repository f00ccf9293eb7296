/* jsonMerge, jsonRemove, jsonArrayAdd: texts in, text out. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/json_text.h"
#include "employees-mock/template/render.h"
#include "employees-mock/template/value_path.h"

/* ---- jsonMerge ---- */

static struct value merge(struct call *c, struct value base, struct value other, bool remove_nulls);

/* The member's place; base->count: it is new. */
static size_t place_of(const struct value_map *map, struct slice name)
{
    size_t i = 0;

    while (i < map->count && !slice_equal(map->entries[i].name, name))
        i++;
    return i;
}

static void remove_at(struct value_map *map, size_t i)
{
    if (i >= map->count)
        return;
    memmove(&map->entries[i], &map->entries[i + 1], (map->count - i - 1) * sizeof map->entries[0]);
    map->count--;
}

static void merge_member(struct call *c, struct value_map *map, const struct value_entry *e,
                         bool remove_nulls)
{
    size_t i = place_of(map, e->name);
    struct value merged = e->value;

    if (remove_nulls && value_is_null(e->value)) {
        remove_at(map, i);
        return;
    }
    if (i < map->count && value_is_map(e->value) && value_is_map(map->entries[i].value))
        merged = merge(c, map->entries[i].value, e->value, remove_nulls);
    map->entries[i] = (struct value_entry){e->name, merged};
    map->count += i == map->count;
}

static struct value merge(struct call *c, struct value base, struct value other, bool remove_nulls)
{
    size_t count = value_size(base);
    struct value_map *map = value_new_map(call_arena(c), count + value_size(other));

    if (!map)
        return VALUE_NULL;
    memcpy(map->entries, base.map->entries, count * sizeof map->entries[0]);
    map->count = count;
    for (size_t i = 0; i < other.map->count; i++)
        merge_member(c, map, &other.map->entries[i], remove_nulls);
    return value_of_map(map, STYLE_PLAIN);
}

static struct value run_json_merge(struct call *c)
{
    struct value other = call_param(c, 0);
    struct value base_json;
    struct value other_json;
    struct slice base;
    bool remove_nulls = false;
    auto_buf struct buf text = CALL_BUF_INIT(c);

    if (c->context.kind != V_STRING)
        return call_error(c, "Base JSON parameter must be a string");
    base = c->context.text;
    if (!json_text_read(call_arena(c), base, &base_json, NULL))
        return call_error(c, "Base JSON is not valid JSON ('%.*s')", SHOW(base));
    if (!value_is_map(base_json))
        return call_error(c, "Base JSON is not a JSON object ('%.*s')", SHOW(base));
    if (c->block)
        other = value_text(call_body_text(c));
    if (other.kind != V_STRING)
        return call_error(c, "JSON to merge must be a string");
    if (!json_text_read(call_arena(c), other.text, &other_json, NULL))
        return call_error(c, "JSON to merge is not valid JSON ('%.*s')", SHOW(other.text));
    if (!value_is_map(other_json))
        return call_error(c, "JSON to merge is not a JSON object ('%.*s')", SHOW(other.text));
    if (!call_hash_bool(c, "removeNulls", &remove_nulls))
        return VALUE_NULL;
    value_write_json(merge(c, base_json, other_json, remove_nulls), FORM_NULLS | FORM_PLAIN, &text);
    return call_string(c, &text);
}

/* ---- jsonRemove ---- */

static struct value remove_places(struct call *c, struct slice text, struct value root,
                                  struct slice path)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value_path *p = NULL;
    struct value_places places;
    enum status st = value_path_parse(call_arena(c), path, &p);

    if (st == ST_BAD_INPUT)
        return call_error(c, "JSONPath parameter is not a valid JSONPath expression ('%.*s')",
                          SHOW(path));
    if (st == ST_OK)
        st = value_path_find(call_arena(c), p, &root, &places);
    if (st == ST_NOT_FOUND)
        return value_text(text);
    if (st != ST_OK)
        return call_fail(c, st, "jsonRemove's path finds more than allowed");
    if (places.count > 0 && !places.items[0].holder)
        return call_error(c, "Delete operation cannot be applied to JSONPath expression ('%.*s')",
                          SHOW(path));
    value_places_remove(&places);
    value_write_json(root, FORM_PLAIN, &out);
    return call_string(c, &out);
}

static struct value run_json_remove(struct call *c)
{
    struct value path = call_param(c, 0);
    struct value root;
    struct slice text;

    if (c->context.kind != V_STRING)
        return call_error(c, "Input JSON must be a string");
    text = c->context.text;
    if (slice_is(text, "null"))
        return c->context;
    if (c->param_count != 1)
        return call_error(c, "A single JSONPath expression parameter must be supplied");
    if (path.kind != V_STRING)
        return call_error(c, "JSONPath parameter must be a string");
    if (!json_text_read(call_arena(c), text, &root, NULL))
        return call_error(c, "Input JSON string is not valid JSON ('%.*s')", SHOW(text));
    return remove_places(c, text, root, path.text);
}

/* ---- jsonArrayAdd ---- */

/* What a path finds that may mean many places is a list of its own: adding to it changes
 * nothing. */
static struct value *found_list(struct call *c)
{
    struct value *list = arena_new(call_arena(c), struct value);

    if (list)
        *list = value_of_list(value_new_list(call_arena(c), 0), STYLE_PLAIN);
    return list;
}

/* The list that the path means; NULL: none, or *ret_bad: the path is none. */
static struct value *target_list(struct call *c, struct value *root, struct value path,
                                 bool *ret_bad)
{
    struct value_path *p = NULL;
    struct value_places places;
    struct value *found;

    *ret_bad = false;
    if (value_is_null(path))
        return value_is_list(*root) ? root : NULL;
    *ret_bad = value_path_parse(call_arena(c), path.text, &p) != ST_OK;
    if (!*ret_bad && !value_path_is_definite(p))
        return found_list(c);
    if (*ret_bad || value_path_find(call_arena(c), p, root, &places) != ST_OK || places.count != 1)
        return NULL;
    found = value_place_get(root, places.items[0]);
    return value_is_list(*found) ? found : NULL;
}

static struct value no_list(struct call *c, struct value path)
{
    struct slice text = c->context.text;

    if (value_is_null(path))
        return call_error(c, "Target JSON is not a JSON array ('%.*s')", SHOW(text));
    return call_error(c, "Target JSON is not a JSON array (root: '%.*s', jsonPath: '%.*s')",
                      SHOW(text), SHOW(path.text));
}

/* The list with the items behind its own, and only the last `most` of all. */
static struct value joined(struct call *c, struct value list, struct value items, bool flatten,
                           size_t most)
{
    bool many = flatten && value_is_list(items);
    size_t before = value_size(list);
    size_t count = before + (many ? value_size(items) : 1);
    size_t skip = count > most ? count - most : 0;
    struct value_list *all = value_new_list(call_arena(c), count - skip);

    for (size_t i = skip; all && i < count; i++)
        all->items[i - skip] = i < before ? value_item(list, i)
                               : many     ? value_item(items, i - before)
                                          : items;
    return value_of_list(all, STYLE_PLAIN);
}

static struct value add_item(struct call *c, struct value *root, struct value *list,
                             struct value item)
{
    struct value flatten = call_hash(c, "flatten");
    struct value most = call_hash(c, "maxItems");
    auto_buf struct buf out = CALL_BUF_INIT(c);

    if (!value_is_null(flatten) && flatten.kind != V_BOOL)
        return call_error(c, "flatten option must be a boolean");
    if (!value_is_null(most) && most.kind != V_INT)
        return call_error(c, "maxItems option must be an integer");
    if (!value_is_null(most) && most.integer < 0)
        return call_error(c, "maxItems option integer must be positive");
    *list = joined(c, *list, item, flatten.kind == V_BOOL && flatten.truth,
                   value_is_null(most) ? SIZE_MAX : (size_t)most.integer);
    value_write_json(*root, FORM_PLAIN, &out);
    return call_string(c, &out);
}

static struct value run_json_array_add(struct call *c)
{
    struct value path = call_hash(c, "jsonPath");
    struct value item = call_param(c, 0);
    struct value root;
    struct value parsed;
    struct value *list;
    bool bad;

    if (c->context.kind != V_STRING)
        return call_error(c, "Base JSON must be a string");
    if (!json_text_read(call_arena(c), c->context.text, &root, NULL) || value_is_null(root))
        return call_error(c, "Base JSON is not valid JSON ('%.*s')", SHOW(c->context.text));
    if (!value_is_null(path) && path.kind != V_STRING)
        return call_error(c, "jsonPath option must be a string");
    list = target_list(c, &root, path, &bad);
    if (bad)
        return call_error(c, "jsonPath option is not valid JSONPath expression ('%.*s')",
                          SHOW(path.text));
    if (!list)
        return no_list(c, path);
    if (c->block)
        item = value_text(call_body_text(c));
    if (item.kind != V_STRING)
        return call_error(c, "Item-to-add JSON must be a string");
    if (!json_text_read(call_arena(c), item.text, &parsed, NULL))
        return call_error(c, "Item-to-add JSON is not valid JSON ('%.*s')", SHOW(item.text));
    return add_item(c, &root, list, parsed);
}

const struct helper helpers_json_change[] = {
    {.name = "jsonMerge", .run = run_json_merge},
    {.name = "jsonRemove", .run = run_json_remove},
    {.name = "jsonArrayAdd", .run = run_json_array_add},
    {.name = NULL},
};
