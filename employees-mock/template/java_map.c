#include "employees-mock/template/java_map.h"

#include "employees-mock/template/java_text.h"

#include <strings.h>

/* Insertion sorts: these are small, and the order of equals must stay. */

uint32_t java_bucket(struct slice name, size_t count)
{
    uint32_t hash = (uint32_t)java_hash(name);
    uint32_t table = 16;

    while (count > table / 4 * 3)
        table *= 2;
    return (hash ^ hash >> 16) & (table - 1);
}

void java_set_sort(const char **texts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *moved = texts[i];
        uint32_t bucket = java_bucket(slice_of(moved), count);
        size_t at = i;

        for (; at > 0 && java_bucket(slice_of(texts[at - 1]), count) > bucket; at--)
            texts[at] = texts[at - 1];
        texts[at] = moved;
    }
}

void java_order_hash(struct value_map *map)
{
    for (size_t i = 1; i < map->count; i++) {
        struct value_entry e = map->entries[i];
        uint32_t bucket = java_bucket(e.name, map->count);
        size_t at = i;

        while (at > 0 && java_bucket(map->entries[at - 1].name, map->count) > bucket) {
            map->entries[at] = map->entries[at - 1];
            at--;
        }
        map->entries[at] = e;
    }
}

static int compare_nocase(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? strncasecmp(a.data, b.data, len) : 0;

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

void java_order_nocase(struct value_map *map)
{
    for (size_t i = 1; i < map->count; i++) {
        struct value_entry e = map->entries[i];
        size_t at = i;

        while (at > 0 && compare_nocase(map->entries[at - 1].name, e.name) > 0) {
            map->entries[at] = map->entries[at - 1];
            at--;
        }
        map->entries[at] = e;
    }
}
