#include "employees-mock/template/java_map.h"

#include "employees-mock/java_hash.h"

#include <strings.h>

/* Insertion sorts: these are small, and the order of equals must stay. */

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
