#include "employees-mock/scenario.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct scenario {
    char *name;
    char *state;
    size_t holders;
};

struct scenarios {
    pthread_mutex_t lock;
    struct scenario **items;
    size_t count;
    size_t cap;
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

static struct scenario *find(struct scenarios *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i]->name, name) == 0)
            return all->items[i];
    return NULL;
}

static struct scenario *add(struct scenarios *all, const char *name)
{
    struct scenario *s = calloc(1, sizeof *s);

    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 16;
        struct scenario **items = realloc(all->items, cap * sizeof *items);

        if (!items) {
            free(s);
            return NULL;
        }
        all->items = items;
        all->cap = cap;
    }
    if (!s)
        return NULL;
    s->name = strdup(name);
    s->state = strdup(SCENARIO_STARTED);
    if (!s->name || !s->state) {
        scenario_free(s);
        return NULL;
    }
    all->items[all->count++] = s;
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
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i] == s) {
            all->items[i] = all->items[--all->count];
            break;
        }
    }
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
                   const char *next)
{
    bool passed;

    pthread_mutex_lock(&all->lock);
    passed = !required || strcmp(s->state, required) == 0;
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

/* String.hashCode() with HashMap's spread; bytes instead of UTF-16 units, the same for ASCII. */
static uint32_t java_hash(const char *text)
{
    uint32_t hash = 0;

    for (; *text; text++)
        hash = hash * 31 + (unsigned char)*text;
    return hash ^ hash >> 16;
}

static uint32_t bucket_mask(size_t count)
{
    uint32_t size = 16;

    while (count * 4 > size * 3ull)
        size *= 2;
    return size - 1;
}

void java_set_sort(const char **texts, size_t count)
{
    uint32_t mask = bucket_mask(count);

    for (size_t i = 1; i < count; i++) {
        const char *moved = texts[i];
        size_t at = i;

        for (; at > 0 && (java_hash(texts[at - 1]) & mask) > (java_hash(moved) & mask); at--)
            texts[at] = texts[at - 1];
        texts[at] = moved;
    }
}

void scenarios_each(struct scenarios *all,
                    bool (*each)(void *ctx, const char *name, const char *state), void *ctx)
{
    const char **names;
    bool more = true;

    pthread_mutex_lock(&all->lock);
    names = calloc(all->count + 1, sizeof *names);
    for (size_t i = 0; names && i < all->count; i++)
        names[i] = all->items[i]->name;
    if (names)
        java_set_sort(names, all->count);
    for (size_t i = 0; names && i < all->count && more; i++)
        more = each(ctx, names[i], find(all, names[i])->state);
    free(names);
    pthread_mutex_unlock(&all->lock);
}
