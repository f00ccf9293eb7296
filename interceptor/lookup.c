#include "interceptor/lookup.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

struct lookup_slot {
    struct slice key; /* data NULL: free */
    size_t number;
    uint64_t hash;
};

enum status lookup_init(struct lookup *l, size_t count, struct why *why)
{
    size_t size = 8;

    while (size < 2 * count)
        size *= 2;
    *l = (struct lookup){.slots = calloc(size, sizeof *l->slots), .mask = size - 1};
    return l->slots ? ST_OK : fail_memory(why);
}

void lookup_done(struct lookup *l)
{
    free(l->slots);
    *l = (struct lookup){0};
}

/* FNV-1a: the keys are the operator's names and keyed hashes, so nobody outside can steer them. */
static uint64_t hash_of(struct slice key)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.data[i]) * 1099511628211u;
    return hash;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct lookup_slot *slot_of(const struct lookup *l, struct slice key, uint64_t hash)
{
    size_t at = hash & l->mask;

    while (l->slots[at].key.data &&
           !(l->slots[at].hash == hash && slice_equal(l->slots[at].key, key)))
        at = (at + 1) & l->mask;
    return &l->slots[at];
}

bool lookup_add(struct lookup *l, struct slice key, size_t number)
{
    uint64_t hash = hash_of(key);
    struct lookup_slot *slot = slot_of(l, key, hash);

    if (slot->key.data)
        return false;
    assert(2 * (l->used + 1) <= l->mask + 1);
    *slot = (struct lookup_slot){.key = key, .number = number, .hash = hash};
    l->used++;
    return true;
}

bool lookup_find(const struct lookup *l, struct slice key, size_t *ret_number)
{
    const struct lookup_slot *slot;

    if (!l->slots)
        return false;
    slot = slot_of(l, key, hash_of(key));
    if (!slot->key.data)
        return false;
    *ret_number = slot->number;
    return true;
}
