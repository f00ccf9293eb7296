/* Which names the open objects of a document have had, to refuse duplicates.
 *
 * One set for all levels: objects open and close as in the text. Small objects are searched in a
 * row, behind a filter of 64 bits; large ones get a table. Names are known by their place in the
 * text; `equal` compares two of them. Not for two threads at once. */
#ifndef ENGINE_NAME_SET_H
#define ENGINE_NAME_SET_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NAME_SET_DEPTH_MAX = 512, NAME_SET_ROW_MAX = 24 };

/* A name of the text: its raw bytes between the quotes. */
struct name_place {
    uint32_t hash;
    uint32_t offset;
    uint32_t len;
};

struct name_table {
    uint32_t *slots; /* index of a place + 1, or 0 */
    uint32_t mask;
    uint32_t room;
};

/* One open object; in the caller's frame. */
struct name_scope {
    uint64_t filter;
    uint32_t first; /* index of its first place */
};

struct name_set {
    struct name_place *places;
    uint32_t count;
    uint32_t room;
    struct name_table *tables; /* by depth; NULL until an object is large */
    bool (*equal)(void *ctx, const struct name_place *a, const struct name_place *b);
    void *ctx;
};

void name_set_done(struct name_set *s);
/* Forgets all names; gives memory back that a usual document does not need. */
void name_set_clear(struct name_set *s);

static inline void name_set_open(const struct name_set *s, struct name_scope *scope)
{
    scope->filter = 0;
    scope->first = s->count;
}

static inline void name_set_close(struct name_set *s, const struct name_scope *scope)
{
    s->count = scope->first;
}

/* The way of all others: a name that the filter does not rule out, a large object, no room. */
enum status name_set_add_slow(struct name_set *s, struct name_scope *scope, size_t depth,
                              uint32_t hash, uint32_t offset, uint32_t len);

/* ST_CONFLICT: the object, which is `depth` deep, has the name already. ST_TOO_LARGE: more names
 * than can be counted. */
static inline enum status name_set_add(struct name_set *s, struct name_scope *scope, size_t depth,
                                       uint32_t hash, uint32_t offset, uint32_t len)
{
    uint64_t bit = 1ull << (hash >> 26);
    struct name_place *place;

    if (s->count == s->room || (scope->filter & bit) || s->count - scope->first >= NAME_SET_ROW_MAX)
        return name_set_add_slow(s, scope, depth, hash, offset, len);
    scope->filter |= bit;
    place = &s->places[s->count++];
    place->hash = hash;
    place->offset = offset;
    place->len = len;
    return ST_OK;
}

#endif
