#include "employees-mock/template/value_path_parts.h"

#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/match/json_path.h"

#include <stdlib.h>

enum { FOUND_MAX = 100000 };

/* ---- finding ---- */

struct finder {
    struct arena *arena;
    const struct value_path *path;
    struct value_places *found;
    size_t room;
    size_t work;
    bool no_member; /* an object is there, but not the member at the path's end */
    enum status failed;
};

static void find(struct finder *f, size_t step, struct value *v);

static struct value *items_of(const struct value *v)
{
    return v->kind == V_LIST ? v->list->items : NULL;
}

static struct value *child(const struct value *v, size_t i)
{
    if (v->kind == V_LIST)
        return &v->list->items[i];
    return v->kind == V_MAP ? &v->map->entries[i].value : NULL;
}

static void add(struct finder *f, struct value_place place)
{
    struct value_places *found = f->found;

    if (found->count == f->room) {
        size_t room = f->room ? f->room * 2 : 16;
        struct value_place *larger = arena_array(f->arena, room, sizeof *larger);

        if (!larger || room > FOUND_MAX) {
            f->failed = ST_TOO_LARGE;
            return;
        }
        if (found->count > 0)
            memcpy(larger, found->items, found->count * sizeof *larger);
        found->items = larger;
        f->room = room;
    }
    found->items[found->count++] = place;
}

static void go(struct finder *f, size_t step, struct value *holder, size_t i)
{
    struct value_place place = {holder, i};

    if (step + 1 == f->path->count)
        add(f, place);
    else
        find(f, step + 1, child(holder, i));
}

static void by_name(struct finder *f, size_t step, struct value *v, struct slice name)
{
    size_t i = 0;

    if (v->kind != V_MAP)
        return;
    while (i < v->map->count && !slice_equal(v->map->entries[i].name, name))
        i++;
    if (i < v->map->count)
        go(f, step, v, i);
    else
        f->no_member = step + 1 == f->path->count;
}

static void by_index(struct finder *f, size_t step, struct value *v, int64_t index)
{
    int64_t count = v->kind == V_LIST ? (int64_t)v->list->count : 0;

    index += index < 0 ? count : 0;
    if (index >= 0 && index < count)
        go(f, step, v, (size_t)index);
}

static void by_range(struct finder *f, size_t step, struct value *v,
                     const struct value_path_part *p)
{
    int64_t count = v->kind == V_LIST ? (int64_t)v->list->count : 0;
    int64_t from = p->has_from ? p->indexes[0] : 0;
    int64_t to = p->has_to ? p->indexes[1] : count;

    from += from < 0 ? count : 0;
    to += to < 0 ? count : 0;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < count; i++)
        go(f, step, v, (size_t)i);
}

static bool passes(const struct value_path_part *p, struct value item)
{
    auto_buf struct buf text = BUF_INIT(64 * 1024);
    auto_json_path struct json_path *path = NULL;
    auto_json json_t *array = json_array();
    auto_json json_t *found = NULL;
    json_t *json = value_to_jansson(item);

    buf_put_char(&text, '$');
    buf_put_slice(&text, p->filter);
    if (!json || !array || json_array_append_new(array, json) != 0 || text.failed != ST_OK ||
        json_path_compile(buf_slice(&text), &path, NULL) != ST_OK)
        return false;
    return json_path_read(path, array, &found, NULL) == ST_OK && json_array_size(found) > 0;
}

static void by_filter(struct finder *f, size_t step, struct value *v,
                      const struct value_path_part *p)
{
    for (size_t i = 0; items_of(v) && i < v->list->count && f->failed == ST_OK; i++)
        if (passes(p, v->list->items[i]))
            go(f, step, v, i);
}

static void by_part(struct finder *f, size_t step, struct value *v)
{
    const struct value_path_part *p = f->path->parts[step];
    size_t count = v->kind == V_LIST || v->kind == V_MAP ? value_size(*v) : 0;

    for (size_t i = 0; p->kind == VP_NAMES && i < p->count; i++)
        by_name(f, step, v, p->names[i]);
    for (size_t i = 0; p->kind == VP_INDEXES && i < p->count; i++)
        by_index(f, step, v, p->indexes[i]);
    for (size_t i = 0; p->kind == VP_ALL && i < count; i++)
        go(f, step, v, i);
    if (p->kind == VP_RANGE)
        by_range(f, step, v, p);
    else if (p->kind == VP_FILTER)
        by_filter(f, step, v, p);
}

static void find(struct finder *f, size_t step, struct value *v)
{
    size_t count = v->kind == V_LIST || v->kind == V_MAP ? value_size(*v) : 0;

    if (f->failed != ST_OK || ++f->work > FOUND_MAX) {
        f->failed = ST_TOO_LARGE;
        return;
    }
    by_part(f, step, v);
    for (size_t i = 0; f->path->parts[step]->scan && i < count; i++)
        find(f, step, child(v, i));
}

bool value_path_is_definite(const struct value_path *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct value_path_part *part = p->parts[i];

        if (part->scan || part->count != 1 || (part->kind != VP_NAMES && part->kind != VP_INDEXES))
            return false;
    }
    return true;
}

enum status value_path_find(struct arena *a, const struct value_path *p, struct value *root,
                            struct value_places *ret)
{
    struct finder f = {.arena = a, .path = p, .found = ret};

    *ret = (struct value_places){0};
    if (p->count == 0)
        add(&f, (struct value_place){NULL, 0});
    else
        find(&f, 0, root);
    if (f.failed != ST_OK)
        return f.failed;
    return ret->count == 0 && value_path_is_definite(p) && !f.no_member ? ST_NOT_FOUND : ST_OK;
}

struct value *value_place_get(struct value *root, struct value_place place)
{
    return place.holder ? child(place.holder, place.index) : root;
}

/* ---- removing ---- */

static int compare_places(const void *left, const void *right)
{
    const struct value_place *a = left;
    const struct value_place *b = right;

    if (a->holder != b->holder)
        return (uintptr_t)a->holder < (uintptr_t)b->holder ? -1 : 1;
    return (a->index < b->index) - (a->index > b->index); /* the last first */
}

/* The tree was made for this call, so its lists and maps may change. */
static void remove_one(struct value_place place)
{
    struct value *v = place.holder;

    if (v->kind == V_LIST) {
        struct value_list *list = (struct value_list *)(uintptr_t)v->list;

        if (place.index >= list->count)
            return;
        list->count--;
        memmove(&list->items[place.index], &list->items[place.index + 1],
                (list->count - place.index) * sizeof list->items[0]);
    } else if (v->kind == V_MAP) {
        struct value_map *map = (struct value_map *)(uintptr_t)v->map;

        if (place.index >= map->count)
            return;
        map->count--;
        memmove(&map->entries[place.index], &map->entries[place.index + 1],
                (map->count - place.index) * sizeof map->entries[0]);
    }
}

/* Holders that stand in other holders move when those shrink: the list of each is shared by its
 * copies, so only the index order within one holder counts. */
void value_places_remove(struct value_places *places)
{
    struct value *holders = NULL;

    if (places->count == 0)
        return;
    qsort(places->items, places->count, sizeof places->items[0], compare_places);
    holders = memory_alloc(places->count * sizeof *holders);
    for (size_t i = 0; holders && i < places->count; i++)
        holders[i] = *places->items[i].holder;
    for (size_t i = 0; holders && i < places->count; i++) {
        bool again = i > 0 && places->items[i].holder == places->items[i - 1].holder &&
                     places->items[i].index == places->items[i - 1].index;

        if (!again)
            remove_one((struct value_place){&holders[i], places->items[i].index});
    }
    free(holders);
}
