#include "employees-mock/scenario.h"

#include "common/memory.h"
#include "employees-mock/java_hash.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct scenario {
    char *name;
    char *state;
    size_t holders;
    uint64_t order; /* a higher one was made later */
};

struct scenarios {
    pthread_mutex_t lock;
    struct scenario **items; /* sorted by name */
    size_t count;
    size_t cap;
    uint64_t last_order;
};

enum status scenarios_new(struct scenarios **ret, struct why *why)
{
    struct scenarios *all = calloc(1, sizeof *all);

    if (!all)
        return fail_memory(why);
    pthread_mutex_init(&all->lock, NULL);
    *ret = all;
    return ST_OK;
}

static void scenario_free(struct scenario *s)
{
    if (!s)
        return;
    free(s->name);
    free(s->state);
    free(s);
}

void scenarios_free(struct scenarios *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->count; i++)
        scenario_free(all->items[i]);
    free(all->items);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

/* The place of a name, or where it is to stand. */
static size_t place_of(const struct scenarios *all, const char *name)
{
    size_t low = 0;
    size_t high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(all->items[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct scenario *find(const struct scenarios *all, const char *name)
{
    size_t at = place_of(all, name);

    return at < all->count && strcmp(all->items[at]->name, name) == 0 ? all->items[at] : NULL;
}

static bool make_room(struct scenarios *all)
{
    size_t cap = all->cap ? all->cap * 2 : 16;
    struct scenario **items;

    if (all->count < all->cap)
        return true;
    items = realloc(all->items, cap * sizeof *items);
    if (!items)
        return false;
    all->items = items;
    all->cap = cap;
    return true;
}

static struct scenario *add(struct scenarios *all, const char *name)
{
    size_t at = place_of(all, name);
    struct scenario *s = make_room(all) ? calloc(1, sizeof *s) : NULL;

    if (!s)
        return NULL;
    s->name = strdup(name);
    s->state = strdup(SCENARIO_STARTED);
    s->order = ++all->last_order;
    if (!s->name || !s->state) {
        scenario_free(s);
        return NULL;
    }
    memmove(all->items + at + 1, all->items + at, (all->count - at) * sizeof(struct scenario *));
    all->items[at] = s;
    all->count++;
    return s;
}

struct scenario *scenario_hold(struct scenarios *all, const char *name)
{
    struct scenario *s;

    pthread_mutex_lock(&all->lock);
    s = find(all, name);
    if (!s)
        s = add(all, name);
    if (s)
        s->holders++;
    pthread_mutex_unlock(&all->lock);
    return s;
}

static void forget(struct scenarios *all, struct scenario *s)
{
    size_t at = place_of(all, s->name);

    all->count--;
    memmove(all->items + at, all->items + at + 1, (all->count - at) * sizeof(struct scenario *));
    scenario_free(s);
}

void scenario_drop(struct scenarios *all, struct scenario *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&all->lock);
    if (--s->holders == 0)
        forget(all, s);
    pthread_mutex_unlock(&all->lock);
}

/* Keeps the old state when memory is out. */
static void change(struct scenario *s, const char *state)
{
    char *copy = strdup(state);

    if (!copy)
        return;
    free(s->state);
    s->state = copy;
}

bool scenario_pass(struct scenarios *all, struct scenario *s, const char *required,
                   const char *next, bool (*may)(void *ctx), void *ctx)
{
    bool passed;

    pthread_mutex_lock(&all->lock);
    passed = (!required || strcmp(s->state, required) == 0) && may(ctx);
    if (passed && next && strcmp(s->state, next) != 0)
        change(s, next);
    pthread_mutex_unlock(&all->lock);
    return passed;
}

char *scenario_state_of(struct scenarios *all, const char *name)
{
    const struct scenario *s;
    char *copy;

    pthread_mutex_lock(&all->lock);
    s = find(all, name);
    copy = s ? strdup(s->state) : NULL;
    pthread_mutex_unlock(&all->lock);
    return copy;
}

enum status scenario_set(struct scenarios *all, const char *name, const char *state,
                         struct why *why)
{
    struct scenario *s;
    enum status st = ST_OK;

    pthread_mutex_lock(&all->lock);
    s = find(all, name);
    if (s)
        change(s, state ? state : SCENARIO_STARTED);
    else
        st = fail(why, ST_NOT_FOUND, "Scenario %s does not exist", name);
    pthread_mutex_unlock(&all->lock);
    return st;
}

void scenarios_reset(struct scenarios *all)
{
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->count; i++)
        change(all->items[i], SCENARIO_STARTED);
    pthread_mutex_unlock(&all->lock);
}

/* ---- listing ---- */

struct listed {
    uint32_t bucket;
    uint64_t order;
    char *name;
    char *state;
};

static int compare_listed(const void *a, const void *b)
{
    const struct listed *x = a;
    const struct listed *y = b;

    if (x->bucket != y->bucket)
        return x->bucket < y->bucket ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Copies, as Java's hash table has them. NULL: memory is out. */
static struct listed *list(struct scenarios *all, size_t *ret_count)
{
    struct listed *rows;

    pthread_mutex_lock(&all->lock);
    *ret_count = all->count;
    rows = memory_zeroed(all->count + 1, sizeof *rows);
    for (size_t i = 0; rows && i < all->count; i++) {
        const struct scenario *s = all->items[i];

        rows[i] = (struct listed){java_bucket(slice_of(s->name), all->count), s->order,
                                  slice_dup(slice_of(s->name)), slice_dup(slice_of(s->state))};
    }
    pthread_mutex_unlock(&all->lock);
    if (rows)
        qsort(rows, *ret_count, sizeof *rows, compare_listed);
    return rows;
}

void scenarios_each(struct scenarios *all,
                    bool (*each)(void *ctx, const char *name, const char *state), void *ctx)
{
    size_t count;
    struct listed *rows = list(all, &count);
    bool more = true;

    for (size_t i = 0; rows && i < count; i++) {
        if (more && rows[i].name && rows[i].state)
            more = each(ctx, rows[i].name, rows[i].state);
        free(rows[i].name);
        free(rows[i].state);
    }
    free(rows);
}
