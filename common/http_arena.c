#include "common/http_arena.h"

#include "common/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

struct http_arena_block {
    struct http_arena_block *next;
    alignas(max_align_t) char data[];
};

enum { ALIGN = alignof(max_align_t), BLOCK = 4096 };

void http_arena_init(struct http_arena *arena, char *first, size_t size)
{
    size_t skip = (size_t)(-(uintptr_t)first) % ALIGN;

    *arena = (struct http_arena){first + skip, first + size, NULL};
}

void http_arena_done(struct http_arena *arena)
{
    while (arena->blocks) {
        struct http_arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}

static bool add_block(struct http_arena *arena, size_t size)
{
    size_t room = size > BLOCK ? size : BLOCK;
    struct http_arena_block *block = memory_alloc(sizeof *block + room);

    if (!block)
        return false;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->next = block->data;
    arena->end = block->data + room;
    return true;
}

void *http_arena_take(struct http_arena *arena, size_t size)
{
    size_t whole = (size + ALIGN - 1) / ALIGN * ALIGN;
    char *ret;

    if (whole < size)
        return NULL;
    if ((arena->next >= arena->end || (size_t)(arena->end - arena->next) < whole) &&
        !add_block(arena, whole))
        return NULL;
    ret = arena->next;
    arena->next += whole;
    return ret;
}

char *http_arena_copy(struct http_arena *arena, struct slice text)
{
    char *ret = http_arena_take(arena, text.len + 1);

    if (!ret)
        return NULL;
    if (text.len > 0)
        memcpy(ret, text.data, text.len);
    ret[text.len] = '\0';
    return ret;
}
