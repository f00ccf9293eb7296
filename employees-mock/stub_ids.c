#include "employees-mock/stub_ids.h"

#include <stdlib.h>
#include <string.h>

static size_t slot_of(const struct stub_ids *ids, const char *id)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * 0x100000001b3;
    return (size_t)(hash ^ hash >> 31) & (ids->cap - 1);
}

struct stub *stub_ids_find(const struct stub_ids *ids, const char *id)
{
    if (!ids->cap)
        return NULL;
    for (size_t at = slot_of(ids, id); ids->slots[at]; at = (at + 1) & (ids->cap - 1))
        if (strcmp(ids->slots[at]->id, id) == 0)
            return ids->slots[at];
    return NULL;
}

void stub_ids_put(struct stub_ids *ids, struct stub *s)
{
    size_t at = slot_of(ids, s->id);

    while (ids->slots[at])
        at = (at + 1) & (ids->cap - 1);
    ids->slots[at] = s;
}

bool stub_ids_make_room(struct stub_ids *ids, const struct stub_list *all)
{
    size_t cap = ids->cap ? ids->cap * 2 : 64;
    struct stub **slots;

    if (all->count * 2 + 2 < ids->cap)
        return true;
    slots = calloc(cap, sizeof(struct stub *));
    if (!slots)
        return false;
    free(ids->slots);
    ids->slots = slots;
    ids->cap = cap;
    for (size_t i = 0; i < all->count; i++)
        stub_ids_put(ids, all->items[i]);
    return true;
}

/* Those behind the gap move up, so that none is cut off from its slot. */
void stub_ids_remove(struct stub_ids *ids, const struct stub *s)
{
    size_t mask = ids->cap - 1;
    size_t gap = slot_of(ids, s->id);

    while (ids->slots[gap] && ids->slots[gap] != s)
        gap = (gap + 1) & mask;
    if (!ids->slots[gap])
        return;
    for (size_t at = (gap + 1) & mask; ids->slots[at]; at = (at + 1) & mask) {
        size_t home = slot_of(ids, ids->slots[at]->id);

        if (((at - home) & mask) >= ((at - gap) & mask)) {
            ids->slots[gap] = ids->slots[at];
            gap = at;
        }
    }
    ids->slots[gap] = NULL;
}

void stub_ids_done(struct stub_ids *ids)
{
    free(ids->slots);
}
