#include "employees-mock/mapping_said.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

struct said {
    struct stub *stub;
    unsigned long serial;
};

static void forget(struct mapping_said *m)
{
    for (size_t i = 0; i < m->count; i++)
        stub_drop(m->items[i].stub);
    m->count = 0;
}

void mapping_said_done(struct mapping_said *m)
{
    forget(m);
    free(m->items);
    *m = (struct mapping_said){0};
}

static bool add(struct mapping_said *m, struct stub *s)
{
    if (m->count == m->cap) {
        size_t cap = m->cap ? 2 * m->cap : 16;
        struct said *items = realloc(m->items, cap * sizeof *items);

        if (!items)
            return false;
        m->items = items;
        m->cap = cap;
    }
    m->items[m->count++] = (struct said){stub_hold(s), m->serial};
    return true;
}

void mapping_said_read(struct mapping_said *m, const struct stub_list *stubs)
{
    bool fits = true;

    forget(m);
    m->serial++;
    for (size_t i = 0; i < stubs->count && fits; i++)
        fits = !stubs->items[i]->file || add(m, stubs->items[i]);
    if (!fits)
        forget(m);
}

void mapping_said_wrote(struct mapping_said *m, struct stub *s)
{
    m->serial++;
    if (!add(m, s))
        forget(m);
}

const struct stub *mapping_said_find(const struct mapping_said *m, const char *id)
{
    const struct said *last = NULL;

    for (size_t i = 0; i < m->count; i++)
        if (strcmp(m->items[i].stub->id, id) == 0 && (!last || last->serial <= m->items[i].serial))
            last = &m->items[i];
    return last ? last->stub : NULL;
}

/* By file, and of one file the latest first. */
static int compare(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    int order = strcmp(x->stub->file, y->stub->file);

    return order ? order : (x->serial < y->serial) - (x->serial > y->serial);
}

void mapping_said_list(struct mapping_said *m, struct stub_list *ret)
{
    *ret = (struct stub_list){.items = memory_zeroed(m->count + 1, sizeof(struct stub *))};
    if (!ret->items)
        return;
    ret->cap = m->count;
    if (m->count > 0)
        qsort(m->items, m->count, sizeof *m->items, compare);
    for (size_t i = 0, first = 0; i < m->count; i++) {
        if (strcmp(m->items[i].stub->file, m->items[first].stub->file) != 0)
            first = i;
        if (m->items[i].serial == m->items[first].serial)
            ret->items[ret->count++] = stub_hold(m->items[i].stub);
    }
}
