#include "employees-mock/mapping_keep.h"

#include "common/memory.h"
#include "employees-mock/match/json_loose.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 256 << 20 };

/* A stub of a file, by what it says. */
struct known {
    uint64_t hash;
    size_t place; /* in its list */
    struct stub *stub;
    bool taken;
};

/* All that it says but its id, as text: the order of members counts, as in an answer's jsonBody. */
static void put_text(const struct stub *s, struct buf *ret)
{
    const char *name;
    json_t *value;

    buf_put(ret, s->file, strlen(s->file) + 1);
    json_object_foreach (s->json, name, value) {
        if (strcmp(name, "id") == 0 || strcmp(name, "uuid") == 0)
            continue;
        buf_put(ret, name, strlen(name) + 1);
        json_loose_write(value, JSON_LOOSE_COMPACT, ret);
    }
}

/* FNV-1a. */
static uint64_t hash_of(const struct stub *s)
{
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);
    uint64_t hash = 0xcbf29ce484222325;

    put_text(s, &text);
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3;
    return hash;
}

static bool says_the_same(const struct stub *a, const struct stub *b)
{
    auto_buf struct buf x = BUF_INIT(TEXT_MAX);
    auto_buf struct buf y = BUF_INIT(TEXT_MAX);

    put_text(a, &x);
    put_text(b, &y);
    return x.failed == ST_OK && y.failed == ST_OK && slice_equal(buf_slice(&x), buf_slice(&y));
}

static int compare_known(const void *a, const void *b)
{
    const struct known *x = a;
    const struct known *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static struct known *know(const struct stub_list *old, size_t *ret_count)
{
    struct known *all = memory_zeroed(old->count + 1, sizeof *all);
    size_t count = 0;

    for (size_t i = 0; all && i < old->count; i++)
        if (old->items[i]->file)
            all[count++] = (struct known){hash_of(old->items[i]), i, old->items[i], false};
    if (all)
        qsort(all, count, sizeof *all, compare_known);
    *ret_count = count;
    return all;
}

/* The first with that hash, or behind it. */
static size_t first_of(const struct known *all, size_t count, uint64_t hash)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (all[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct known *find(struct known *all, size_t count, const struct stub *s)
{
    uint64_t hash = hash_of(s);

    for (size_t i = first_of(all, count, hash); i < count && all[i].hash == hash; i++)
        if (!all[i].taken && says_the_same(all[i].stub, s))
            return &all[i];
    return NULL;
}

void mapping_keep_old(struct stub_list *fresh, const struct stub_list *old)
{
    size_t count;
    struct known *all = know(old, &count);

    for (size_t i = 0; all && i < fresh->count; i++) {
        struct known *kept = find(all, count, fresh->items[i]);

        if (!kept)
            continue;
        kept->taken = true;
        stub_drop(fresh->items[i]);
        fresh->items[i] = stub_hold(kept->stub);
    }
    free(all);
}

void mapping_keep_current(struct stub_list *fresh, struct mapping_said *said,
                          struct stub_store *store)
{
    auto_stub_list struct stub_list old = {0};
    auto_free struct stub **read = memory_zeroed(fresh->count + 1, sizeof(struct stub *));
    size_t count = 0;

    if (!read)
        return;
    for (size_t i = 0; i < fresh->count; i++)
        read[i] = fresh->items[i];
    mapping_said_list(said, &old);
    mapping_keep_old(fresh, &old);
    mapping_said_read(said, fresh);
    for (size_t i = 0; i < fresh->count; i++) {
        auto_stub struct stub *s = fresh->items[i];
        struct stub *current = s == read[i] ? stub_hold(s) : stub_store_get(store, s->id);

        if (current)
            fresh->items[count++] = current;
    }
    fresh->count = count;
}
