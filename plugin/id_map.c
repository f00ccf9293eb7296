#include "plugin/id_map.h"

#include <stdlib.h>

enum { SMALLEST = 16 };

static size_t home_of(const struct id_map *map, uint32_t id)
{
    return (id * 2654435769u) & (map->cap - 1);
}

/* The place of id, or the free one where it would go. There is always a free one. */
static size_t place_of(const struct id_map *map, uint32_t id)
{
    size_t at = home_of(map, id);

    while (map->entries[at].id != 0 && map->entries[at].id != id)
        at = (at + 1) & (map->cap - 1);
    return at;
}

static bool grow(struct id_map *map)
{
    struct id_map bigger = {.cap = map->cap ? map->cap * 2 : SMALLEST, .count = map->count};

    bigger.entries = calloc(bigger.cap, sizeof *bigger.entries);
    if (!bigger.entries)
        return false;
    for (size_t i = 0; i < map->cap; i++) {
        if (map->entries[i].id != 0)
            bigger.entries[place_of(&bigger, map->entries[i].id)] = map->entries[i];
    }
    free(map->entries);
    *map = bigger;
    return true;
}

bool id_map_put(struct id_map *map, uint32_t id, void *value)
{
    size_t at;

    if (map->count >= map->cap / 2 && !grow(map))
        return false;
    at = place_of(map, id);
    map->count += map->entries[at].id == 0;
    map->entries[at] = (struct id_map_entry){id, value};
    return true;
}

void *id_map_find(const struct id_map *map, uint32_t id)
{
    return map->count == 0 || id == 0 ? NULL : map->entries[place_of(map, id)].value;
}

/* Entries behind the gap that may not be cut off from their home move into it. */
static void close_gap(struct id_map *map, size_t gap)
{
    size_t mask = map->cap - 1;

    for (size_t at = (gap + 1) & mask; map->entries[at].id != 0; at = (at + 1) & mask) {
        size_t home = home_of(map, map->entries[at].id);

        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        map->entries[gap] = map->entries[at];
        gap = at;
    }
    map->entries[gap] = (struct id_map_entry){0, NULL};
}

void *id_map_take(struct id_map *map, uint32_t id)
{
    void *value = id_map_find(map, id);

    if (!value)
        return NULL;
    close_gap(map, place_of(map, id));
    map->count--;
    return value;
}

void id_map_done(struct id_map *map)
{
    free(map->entries);
    *map = (struct id_map){0};
}
