#include "interceptor/engine/name_set.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64, FIRST_TABLE = 64, KEPT_ROOM = 1 << 16 };

void name_set_done(struct name_set *s)
{
    for (size_t i = 0; s->tables && i <= NAME_SET_DEPTH_MAX; i++)
        free(s->tables[i].slots);
    free(s->tables);
    free(s->places);
    *s = (struct name_set){0};
}

void name_set_clear(struct name_set *s)
{
    s->count = 0;
    if (s->room > KEPT_ROOM)
        name_set_done(s);
}

static enum status grow(struct name_set *s)
{
    uint32_t room = s->room ? s->room + s->room / 2 : FIRST_ROOM;
    struct name_place *places;

    if (room < s->room)
        return ST_TOO_LARGE;
    places = realloc(s->places, room * sizeof *places);
    if (!places)
        return ST_NO_MEMORY;
    s->places = places;
    s->room = room;
    return ST_OK;
}

static bool is_same(const struct name_set *s, uint32_t i, const struct name_place *place)
{
    return s->places[i].hash == place->hash && s->equal(s->ctx, &s->places[i], place);
}

static enum status search_row(const struct name_set *s, const struct name_scope *scope,
                              const struct name_place *place)
{
    for (uint32_t i = scope->first; i < s->count; i++) {
        if (is_same(s, i, place))
            return ST_CONFLICT;
    }
    return ST_OK;
}

static void table_put(struct name_table *t, uint32_t hash, uint32_t index)
{
    uint32_t at = hash & t->mask;

    while (t->slots[at])
        at = (at + 1) & t->mask;
    t->slots[at] = index + 1;
}

/* The table of the level; NULL: memory is out. */
static struct name_table *table_at(struct name_set *s, size_t depth)
{
    if (!s->tables)
        s->tables = calloc(NAME_SET_DEPTH_MAX + 1, sizeof *s->tables);
    return s->tables ? &s->tables[depth] : NULL;
}

/* Makes the table of `size` slots from the places of the object. */
static enum status table_build(const struct name_set *s, const struct name_scope *scope,
                               struct name_table *t, uint32_t size)
{
    if (size > t->room) {
        uint32_t *slots = realloc(t->slots, size * sizeof *slots);

        if (!slots)
            return ST_NO_MEMORY;
        t->slots = slots;
        t->room = size;
    }
    memset(t->slots, 0, size * sizeof *t->slots);
    t->mask = size - 1;
    for (uint32_t i = scope->first; i < s->count; i++)
        table_put(t, s->places[i].hash, i);
    return ST_OK;
}

static enum status search_table(const struct name_set *s, const struct name_table *t,
                                const struct name_place *place)
{
    for (uint32_t at = place->hash & t->mask; t->slots[at]; at = (at + 1) & t->mask) {
        if (is_same(s, t->slots[at] - 1, place))
            return ST_CONFLICT;
    }
    return ST_OK;
}

/* The object has `names` names: its table is made when the row ends, and at most 3/4 full. */
static enum status search_large(struct name_set *s, const struct name_scope *scope, size_t depth,
                                uint32_t names, const struct name_place *place)
{
    struct name_table *t = table_at(s, depth);
    enum status st = ST_OK;

    if (!t)
        return ST_NO_MEMORY;
    if (names == NAME_SET_ROW_MAX)
        st = table_build(s, scope, t, FIRST_TABLE);
    else if (names >= (t->mask + 1) / 4 * 3)
        st = table_build(s, scope, t, (t->mask + 1) * 2);
    if (st == ST_OK)
        st = search_table(s, t, place);
    if (st == ST_OK)
        table_put(t, place->hash, s->count);
    return st;
}

enum status name_set_add_slow(struct name_set *s, struct name_scope *scope, size_t depth,
                              uint32_t hash, uint32_t offset, uint32_t len)
{
    struct name_place place = {hash, offset, len};
    uint32_t names = s->count - scope->first;
    enum status st = ST_OK;

    if (s->count == s->room)
        st = grow(s);
    if (st == ST_OK)
        st = names >= NAME_SET_ROW_MAX ? search_large(s, scope, depth, names, &place)
                                       : search_row(s, scope, &place);
    if (st != ST_OK)
        return st;
    scope->filter |= 1ull << (hash >> 26);
    s->places[s->count++] = place;
    return ST_OK;
}
