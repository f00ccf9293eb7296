#include "interceptor/engine/twins.h"

#include <stdlib.h>
#include <string.h>

enum status twins_init(struct twins *t, size_t count, struct why *why)
{
    t->first = calloc(count + 1, sizeof *t->first);
    if (!t->first)
        return fail_memory(why);
    t->count = count;
    for (size_t i = 0; i < count; i++)
        t->first[i] = (uint32_t)i;
    return ST_OK;
}

void twins_done(struct twins *t)
{
    free(t->first);
    *t = (struct twins){0};
}

void twins_set(struct twins *t, size_t path, size_t first)
{
    t->first[path] = (uint32_t)first;
    t->any |= path != first;
}

enum status twins_grant(const struct twins *t, const bool *granted, bool **ret, struct why *why)
{
    bool *all;

    *ret = NULL;
    if (!t->any || !granted)
        return ST_OK;
    all = malloc(t->count * sizeof *all);
    if (!all)
        return fail_memory(why);
    memcpy(all, granted, t->count * sizeof *all);
    for (size_t i = 0; i < t->count; i++)
        all[t->first[i]] &= granted[i];
    *ret = all;
    return ST_OK;
}
