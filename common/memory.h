/* Remembers for each thread that memory was out, for the sake of libraries that do not tell: jansson
 * goes on without the member that it could not make, and takes a token that it could not keep for a
 * wrong one; libxml2 does the same with nodes; OpenSSL takes a sound text for a forged one.
 *
 * They get their memory here, as buffers and arenas do. Whoever relies on what they made asks before
 * it counts. */
#ifndef COMMON_MEMORY_H
#define COMMON_MEMORY_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

/* malloc(), calloc() and realloc(), with the note; what memory_keep() may have given goes back by
 * the last. */
void *memory_alloc(size_t size);
void *memory_zeroed(size_t count, size_t size);
void *memory_resize(void *p, size_t size);
void memory_release(void *p);

/* The note alone: fail_memory() makes it. */
void memory_note(void);

/* Where a piece of work begins: http.h does so for each request. */
void memory_forget(void);

/* Whether memory was out on this thread since then. */
bool memory_failed(void);

/* st, or ST_NO_MEMORY where that is true: so what failed failed for that, and what did not fail is
 * not to be trusted. */
MUST_CHECK enum status memory_blame(enum status st, struct why *why);

/* jansson's reader goes on where it could not keep a character of a token, and then reads and writes
 * beyond its buffers. So it is promised its buffer, which doubles: where memory is out, blocks of
 * such sizes come out of what is kept here for this thread. false: memory is out already. */
MUST_CHECK bool memory_keep(size_t size);
/* Whether any of it was needed; what was made meanwhile must be gone by then. */
bool memory_was_needed(void);
void memory_keep_end(void);

#endif
