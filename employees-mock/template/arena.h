/* Memory that lives as long as one template or one rendering, and goes all at once.
 *
 * A ceiling given at birth bounds it. A failed allocation (ceiling, memory) answers NULL and is
 * remembered in `failed`. Not for two threads at once. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_ARENA_H
#define EMPLOYEES_MOCK_TEMPLATE_ARENA_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    char *free;  /* first byte not given out yet */
    size_t left; /* bytes behind it */
    size_t used; /* of all blocks */
    size_t max;
    enum status failed;
};

#define ARENA_INIT(ceiling)                                                                        \
    {                                                                                              \
        .max = (ceiling)                                                                           \
    }

void arena_done(struct arena *a);

/* The caller's memory (aligned for anything) is given out before any of the heap's, so that few
 * small things need none. To be called first; it must live as long as the arena. */
void arena_lend(struct arena *a, void *memory, size_t size);

/* Not initialised; aligned for anything. */
void *arena_alloc(struct arena *a, size_t size);
/* Zeroed; count * size may not overflow unnoticed. */
void *arena_array(struct arena *a, size_t count, size_t size);
#define arena_new(a, type) ((type *)arena_array(a, 1, sizeof(type)))

/* A copy with a NUL behind it; an empty slice when there is no memory. */
struct slice arena_copy(struct arena *a, struct slice text);
/* The buffer's content, copied; the buffer stays the caller's. Its failure becomes the arena's. */
struct slice arena_copy_buf(struct arena *a, const struct buf *b);

static inline void cleanup_arena(struct arena *a)
{
    arena_done(a);
}
#define auto_arena __attribute__((cleanup(cleanup_arena)))

#endif
