#include "common/memory.h"

#include <stdlib.h>

enum { SMALLEST_KEPT = 32 }; /* the first size that a buffer of jansson's grows to */

/* Thread-local, an exception to "no mutable globals": the libraries have no place for a context. */
static _Thread_local struct {
    bool failed;
    char *kept;
    size_t size, used;
} own;

static void *take_kept(size_t size)
{
    char *p = own.kept + own.used;

    if (!own.kept || size < SMALLEST_KEPT || (size & (size - 1)) != 0 || size > own.size - own.used)
        return NULL;
    own.used += size;
    return p;
}

static bool is_kept(const char *p)
{
    return own.kept && p >= own.kept && p < own.kept + own.used;
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size);

    if (p)
        return p;
    own.failed = true;
    return take_kept(size);
}

static void *noted(void *p)
{
    own.failed = own.failed || !p;
    return p;
}

void *memory_zeroed(size_t count, size_t size)
{
    return noted(calloc(count, size));
}

void *memory_resize(void *p, size_t size)
{
    return noted(realloc(p, size));
}

void memory_release(void *p)
{
    if (!is_kept(p))
        free(p);
}

void memory_note(void)
{
    own.failed = true;
}

void memory_forget(void)
{
    own.failed = false;
}

bool memory_failed(void)
{
    return own.failed;
}

enum status memory_blame(enum status st, struct why *why)
{
    return own.failed ? fail_memory(why) : st;
}

bool memory_keep(size_t size)
{
    own.used = 0;
    own.size = size;
    own.kept = malloc(size);
    own.failed = own.failed || !own.kept;
    return own.kept != NULL;
}

bool memory_was_needed(void)
{
    return own.used > 0;
}

void memory_keep_end(void)
{
    free(own.kept);
    own.kept = NULL;
    own.used = 0;
}
