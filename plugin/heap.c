/* The wasm module's malloc: blocks of powers of two, each with a list of its free ones.
 *
 * wasi-libc's takes 12 of the 40 KB that the module may have. Linear memory never shrinks, so what
 * counts is that memory is used again: a block is never split nor joined, thus a load that repeats
 * itself finds its blocks free and memory stays flat, whatever the order. Natively this file is
 * empty, and tests use the sanitizers' allocator. */
#ifdef __wasm__

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 16, /* keeps what is behind it aligned */
    SMALLEST = 5,
    CLASSES = 32,
    PAGE = 65536,
    BIG = 16, /* from this class on memory is short-lived: a larger free block will do as well */
};

struct block {
    uint32_t class;
    struct block *next; /* while it is free */
};

extern char __heap_base;

static struct block *free_blocks[CLASSES];
static uintptr_t fresh_from; /* memory that was never used, up to the end of linear memory */

static uint32_t class_of(size_t size)
{
    uint32_t bits = 32 - (uint32_t)__builtin_clz((uint32_t)(size + HEADER - 1));

    return bits < SMALLEST ? SMALLEST : bits;
}

static struct block *take_free(uint32_t class)
{
    uint32_t last = class < BIG ? class : CLASSES - 1;

    for (uint32_t c = class; c <= last; c++) {
        struct block *block = free_blocks[c];

        if (block) {
            free_blocks[c] = block->next;
            return block;
        }
    }
    return NULL;
}

static struct block *take_fresh(uint32_t class)
{
    size_t size = (size_t)1 << class;
    size_t end = __builtin_wasm_memory_size(0) * PAGE;
    struct block *block;

    if (fresh_from == 0)
        fresh_from = ((uintptr_t)&__heap_base + HEADER - 1) / HEADER * HEADER;
    if (end - fresh_from < size &&
        __builtin_wasm_memory_grow(0, (size - (end - fresh_from) + PAGE - 1) / PAGE) == SIZE_MAX)
        return NULL;
    block = (struct block *)fresh_from;
    fresh_from += size;
    block->class = class;
    return block;
}

void *malloc(size_t size)
{
    struct block *block;

    if (size > INT_MAX / 2)
        return NULL;
    block = take_free(class_of(size));
    if (!block)
        block = take_fresh(class_of(size));
    return block ? (char *)block + HEADER : NULL;
}

void free(void *memory)
{
    struct block *block = (struct block *)((char *)memory - HEADER);

    if (!memory)
        return;
    block->next = free_blocks[block->class];
    free_blocks[block->class] = block;
}

void *calloc(size_t count, size_t size)
{
    void *memory = size > 0 && count > INT_MAX / size ? NULL : malloc(count * size);

    return memory ? memset(memory, 0, count * size) : NULL;
}

void *realloc(void *memory, size_t size)
{
    size_t room =
        memory ? ((size_t)1 << ((struct block *)((char *)memory - HEADER))->class) - HEADER : 0;
    void *moved;

    if (memory && size <= room)
        return memory;
    moved = malloc(size);
    if (moved && memory) {
        memcpy(moved, memory, room);
        free(memory);
    }
    return moved;
}

#else
typedef int heap_is_of_the_host; /* no file may be empty */
#endif
