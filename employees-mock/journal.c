#include "employees-mock/journal.h"

#include "common/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct journal {
    pthread_mutex_t lock;
    struct journal_limits limits;
    struct event **ring; /* grows up to limits.entries */
    size_t cap;
    size_t first; /* the oldest */
    size_t count;
    size_t bytes;
};

enum status journal_new(const struct journal_limits *limits, struct journal **ret, struct why *why)
{
    struct journal *j = calloc(1, sizeof *j);

    if (!j)
        return fail_memory(why);
    j->limits = *limits;
    if (!j->limits.bytes)
        j->limits.bytes = JOURNAL_BYTES;
    pthread_mutex_init(&j->lock, NULL);
    *ret = j;
    return ST_OK;
}

void journal_free(struct journal *j)
{
    if (!j)
        return;
    journal_remove_if(j, NULL, NULL);
    free(j->ring);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

bool journal_is_disabled(const struct journal *j)
{
    return j->limits.disabled;
}

size_t journal_body_max(const struct journal *j)
{
    return j->limits.body_max;
}

static struct event **slot(struct journal *j, size_t i)
{
    return &j->ring[(j->first + i) % j->cap];
}

static bool grow(struct journal *j)
{
    size_t cap = j->cap ? j->cap * 2 : 256;
    struct event **ring;

    if (j->count < j->cap)
        return true;
    if (cap > j->limits.entries + 1)
        cap = j->limits.entries + 1;
    ring = cap > j->cap ? memory_zeroed(cap, sizeof(struct event *)) : NULL;
    if (!ring)
        return false;
    for (size_t i = 0; i < j->count; i++)
        ring[i] = *slot(j, i);
    free(j->ring);
    j->ring = ring;
    j->cap = cap;
    j->first = 0;
    return true;
}

static struct event *take_oldest(struct journal *j)
{
    struct event *e = *slot(j, 0);

    j->first = (j->first + 1) % j->cap;
    j->count--;
    j->bytes -= e->bytes;
    return e;
}

static bool is_full(const struct journal *j)
{
    return j->count > j->limits.entries || (j->bytes > j->limits.bytes && j->count > 1);
}

void journal_add(struct journal *j, struct event *e)
{
    enum { GONE_MAX = 64 };
    struct event *gone[GONE_MAX];
    size_t gone_count = 0;

    if (j->limits.disabled)
        return;
    pthread_mutex_lock(&j->lock);
    if (grow(j)) {
        *slot(j, j->count++) = event_hold(e);
        j->bytes += e->bytes;
    }
    while (is_full(j) && gone_count < GONE_MAX)
        gone[gone_count++] = take_oldest(j);
    pthread_mutex_unlock(&j->lock);
    while (gone_count > 0)
        event_drop(gone[--gone_count]);
}

enum status journal_list(struct journal *j, struct journal_list *ret, struct why *why)
{
    struct journal_list list = {0};

    pthread_mutex_lock(&j->lock);
    list.items = memory_zeroed(j->count + 1, sizeof(struct event *));
    while (list.items && list.count < j->count) {
        list.items[list.count] = event_hold(*slot(j, j->count - 1 - list.count));
        list.count++;
    }
    pthread_mutex_unlock(&j->lock);
    if (!list.items)
        return fail_memory(why);
    *ret = list;
    return ST_OK;
}

void journal_unlist(struct journal_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        event_drop(list->items[i]);
    free(list->items);
    *list = (struct journal_list){0};
}

struct event *journal_get(struct journal *j, const char *id)
{
    struct event *found = NULL;

    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->count && !found; i++)
        if (strcmp((*slot(j, i))->id, id) == 0)
            found = event_hold(*slot(j, i));
    pthread_mutex_unlock(&j->lock);
    return found;
}

/* What goes is released behind the lock, that nobody waits for it: where memory is out, at once. */
void journal_remove_if(struct journal *j, bool (*which)(void *ctx, const struct event *e),
                       void *ctx)
{
    struct journal_list gone = {0};
    size_t kept = 0;

    pthread_mutex_lock(&j->lock);
    gone.items = memory_zeroed(j->count + 1, sizeof(struct event *));
    for (size_t i = 0; i < j->count; i++) {
        struct event *e = *slot(j, i);

        if (which && !which(ctx, e)) {
            *slot(j, kept++) = e;
            continue;
        }
        j->bytes -= e->bytes;
        if (gone.items)
            gone.items[gone.count++] = e;
        else
            event_drop(e);
    }
    j->count = kept;
    pthread_mutex_unlock(&j->lock);
    journal_unlist(&gone);
}

static int compare_events(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (struct event *const *)a;
    uintptr_t y = (uintptr_t) * (struct event *const *)b;

    return x < y ? -1 : x > y;
}

static bool is_listed(void *ctx, const struct event *e)
{
    const struct journal_list *list = ctx;

    return bsearch(&e, list->items, list->count, sizeof *list->items, compare_events) != NULL;
}

void journal_remove_those(struct journal *j, struct journal_list *list)
{
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, compare_events);
    journal_remove_if(j, is_listed, list);
}

size_t journal_count(struct journal *j)
{
    size_t count;

    pthread_mutex_lock(&j->lock);
    count = j->count;
    pthread_mutex_unlock(&j->lock);
    return count;
}
