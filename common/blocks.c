#include "common/blocks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Bodies and answers of two calls at a time. A small need is no reason to take a huge block. */
enum { KEPT_MAX = 4, TIMES_MAX = 8 };

struct block {
    char *data; /* NULL: the place is free */
    size_t size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block kept[KEPT_MAX];
static atomic_uint kept_count, left_count;

static void free_kept(void)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        free(kept[i].data);
        kept[i] = (struct block){0};
    }
    atomic_store(&kept_count, 0);
}

/* The smallest that fits, or NULL. */
static struct block *find(size_t size)
{
    struct block *best = NULL;

    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct block *b = &kept[i];

        if (b->size >= size && b->size / TIMES_MAX <= size && (!best || b->size < best->size))
            best = b;
    }
    return best;
}

char *blocks_take(size_t size, size_t *ret_size)
{
    struct block *found;
    char *data = NULL;

    if (!blocks_any())
        return NULL;
    pthread_mutex_lock(&lock);
    found = find(size);
    if (found) {
        data = found->data;
        *ret_size = found->size;
        *found = (struct block){0};
        atomic_fetch_sub(&kept_count, 1);
    } else {
        free_kept();
    }
    pthread_mutex_unlock(&lock);
    return data;
}

static bool keep(char *data, size_t size)
{
    for (size_t i = 0; i < KEPT_MAX; i++) {
        if (kept[i].data)
            continue;
        kept[i] = (struct block){data, size};
        atomic_fetch_add(&kept_count, 1);
        atomic_fetch_add(&left_count, 1);
        return true;
    }
    return false;
}

void blocks_leave(char *data, size_t size)
{
    bool is_kept = false;

    if (size >= BLOCK_LARGE) {
        pthread_mutex_lock(&lock);
        is_kept = keep(data, size);
        pthread_mutex_unlock(&lock);
    }
    if (!is_kept)
        free(data);
}

bool blocks_any(void)
{
    return atomic_load_explicit(&kept_count, memory_order_relaxed) > 0;
}

unsigned blocks_left(void)
{
    return atomic_load_explicit(&left_count, memory_order_relaxed);
}

/* The system takes what ends inside a page for all of it. */
void blocks_forget(const char *from, const char *to)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)from + page - 1) / page * page;
    uintptr_t end = (uintptr_t)to / page * page;

    if (end > first) /* pages that stay do no harm */
        (void)madvise((void *)first, end - first, MADV_DONTNEED);
}

void blocks_release(void)
{
    pthread_mutex_lock(&lock);
    free_kept();
    pthread_mutex_unlock(&lock);
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
