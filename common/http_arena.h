/* Memory that goes all at once, for the small things of one request.
 *
 * The first bytes are the caller's (a part of the request's own block), more are taken from the
 * heap as needed. Not for two threads at once. */
#ifndef COMMON_HTTP_ARENA_H
#define COMMON_HTTP_ARENA_H

#include "common/buf.h"

#include <stddef.h>

struct http_arena_block;

struct http_arena {
    char *next;
    char *end;
    struct http_arena_block *blocks;
};

void http_arena_init(struct http_arena *arena, char *first, size_t size);
void http_arena_done(struct http_arena *arena);

/* Aligned for any type, not zeroed; NULL when memory is out. */
void *http_arena_take(struct http_arena *arena, size_t size);

/* A terminated copy. */
char *http_arena_copy(struct http_arena *arena, struct slice text);

#endif
