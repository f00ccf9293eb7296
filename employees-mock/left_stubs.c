#include "employees-mock/left_stubs.h"

#include "employees-mock/match/json_loose.h"

#include <string.h>

static void drop(struct left_stubs *left, struct scenarios *scenarios, size_t i)
{
    struct stub *s = left->items[i];

    left->count--;
    memmove(left->items + i, left->items + i + 1, (left->count - i) * sizeof(struct stub *));
    scenario_drop(scenarios, s->scenario);
    s->scenario = NULL;
    stub_drop(s);
}

void left_stubs_add(struct left_stubs *left, struct scenarios *scenarios, struct stub *s)
{
    if (left->count == LEFT_STUBS_MAX)
        drop(left, scenarios, 0);
    s->left = ++left->last;
    left->items[left->count++] = s;
}

static bool is_like(const struct stub *a, const struct stub *b)
{
    return a->scenario == b->scenario && strcmp(a->id, b->id) == 0;
}

void left_stubs_drop_like(struct left_stubs *left, struct scenarios *scenarios,
                          const struct stub *like)
{
    for (size_t i = left->count; i-- > 0;)
        if (is_like(left->items[i], like))
            drop(left, scenarios, i);
}

void left_stubs_drop_same(struct left_stubs *left, struct scenarios *scenarios,
                          const struct stub *as)
{
    for (size_t i = left->count; i-- > 0;)
        if (is_like(left->items[i], as) && json_loose_equal(left->items[i]->json, as->json))
            drop(left, scenarios, i);
}

void left_stubs_clear(struct left_stubs *left, struct scenarios *scenarios)
{
    while (left->count > 0)
        drop(left, scenarios, left->count - 1);
}
