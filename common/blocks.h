/* Large blocks of memory: who lets one go leaves it to whoever needs one next.
 *
 * The system clears what it gives anew, page by page, which for a body of 32 MiB and its answer is
 * a quarter of the work; malloc() asks it anew for each block of that size. Blocks kept here cost
 * memory only while large requests follow each other: a server gives them back when none has left
 * one for half a second. One store a process, as malloc() is; any thread. */
#ifndef COMMON_BLOCKS_H
#define COMMON_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { BLOCK_LARGE = 4 << 20 };

#ifdef __wasm__ /* its memory only grows, and malloc() has all of it */

static inline char *blocks_take(size_t size, size_t *ret_size)
{
    (void)size;
    (void)ret_size;
    return NULL;
}

static inline void blocks_leave(char *data, size_t size)
{
    (void)size;
    free(data);
}

#else

/* A kept block of malloc() with room for `size` bytes, and how many there are; its content is
 * anything. NULL: there is none that fits, and those kept for others are freed, lest they stand
 * beside new ones. */
char *blocks_take(size_t size, size_t *ret_size);

/* Frees a block of malloc(), or keeps it. */
void blocks_leave(char *data, size_t size);

bool blocks_any(void);

/* How often one was kept so far: who sees the number change has something to give back by and by. */
unsigned blocks_left(void);

/* Gives the whole pages between the two places, of a block of malloc(), back to the system. What they
 * held is lost; the block stays its owner's. */
void blocks_forget(const char *from, const char *to);

/* Frees all that is kept, and gives back to the system what malloc() has of free pages. */
void blocks_release(void);

#endif

#endif
