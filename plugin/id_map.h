/* Numbers given by the host (streams, calls) to our own things: open addressing, memory for the
 * entries only. Id 0 can't be a key; NULL can't be a value. */
#ifndef PLUGIN_ID_MAP_H
#define PLUGIN_ID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_map {
    struct id_map_entry {
        uint32_t id;
        void *value;
    } * entries;
    size_t cap; /* 0 or a power of two */
    size_t count;
};

/* False: no memory, nothing changed. */
bool id_map_put(struct id_map *map, uint32_t id, void *value);
void *id_map_find(const struct id_map *map, uint32_t id);
void *id_map_take(struct id_map *map, uint32_t id); /* and forgets it */
void id_map_done(struct id_map *map);

#endif
