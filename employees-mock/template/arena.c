#include "employees-mock/template/arena.h"

#include "common/memory.h"

#include <stdint.h>
#include <stdlib.h>

enum { SMALLEST_BLOCK = 4000, LARGEST_STEP = 256 * 1024, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t bytes[];
};

void arena_done(struct arena *a)
{
    while (a->blocks) {
        struct arena_block *gone = a->blocks;

        a->blocks = gone->next;
        free(gone);
    }
    *a = (struct arena)ARENA_INIT(a->max);
}

void arena_lend(struct arena *a, void *memory, size_t size)
{
    a->free = memory;
    a->left = size / ALIGNMENT * ALIGNMENT;
}

/* Blocks double, so that a large rendering does not mean many of them. */
static bool more(struct arena *a, size_t size)
{
    size_t want = a->used < SMALLEST_BLOCK ? SMALLEST_BLOCK
                  : a->used < LARGEST_STEP ? a->used
                                           : LARGEST_STEP;
    struct arena_block *block;

    if (want < size)
        want = size;
    if (size > a->max || a->used > a->max - size) {
        a->failed = ST_TOO_LARGE;
        return false;
    }
    block = memory_alloc(sizeof *block + want);
    if (!block) {
        a->failed = ST_NO_MEMORY;
        return false;
    }
    block->next = a->blocks;
    block->size = want;
    a->blocks = block;
    a->free = (char *)block->bytes;
    a->left = want;
    a->used += want;
    return true;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t rounded = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *given;

    if (rounded < size) {
        a->failed = ST_TOO_LARGE;
        return NULL;
    }
    if (rounded > a->left && !more(a, rounded))
        return NULL;
    given = a->free;
    a->free += rounded;
    a->left -= rounded;
    return given;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    void *given;

    if (size != 0 && count > SIZE_MAX / size) {
        a->failed = ST_TOO_LARGE;
        return NULL;
    }
    given = arena_alloc(a, count * size);
    if (given && count * size > 0)
        memset(given, 0, count * size);
    return given;
}

struct slice arena_copy(struct arena *a, struct slice text)
{
    char *copy = arena_alloc(a, text.len + 1);

    if (!copy)
        return SLICE("");
    if (text.len > 0)
        memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return (struct slice){copy, text.len};
}

struct slice arena_copy_buf(struct arena *a, const struct buf *b)
{
    if (b->failed != ST_OK) {
        a->failed = b->failed;
        return SLICE("");
    }
    return arena_copy(a, buf_slice(b));
}
