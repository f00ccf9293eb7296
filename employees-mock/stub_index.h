/* Which stubs can match a request at all: by its literal path, or by the start of its URL.
 *
 * Lists are kept in the order in which stubs are tried (priority, then newest). Not thread-safe:
 * stub_store.h locks. Stubs are borrowed. */
#ifndef EMPLOYEES_MOCK_STUB_INDEX_H
#define EMPLOYEES_MOCK_STUB_INDEX_H

#include "common/buf.h"
#include "employees-mock/stub.h"

#include <stdbool.h>
#include <stddef.h>

/* Stubs in the order in which they are tried. */
struct stub_list {
    struct stub **items;
    size_t count;
    size_t cap;
};

MUST_CHECK bool stub_list_add(struct stub_list *list, struct stub *s); /* false: memory is out */
void stub_list_remove(struct stub_list *list, const struct stub *s);
void stub_list_done(struct stub_list *list);

enum { INDEX_PREFIX_MAX = 64 }; /* longer literal starts are cut to this */

struct stub_index {
    struct index_bucket **buckets;
    size_t bucket_count; /* a power of two */
    size_t used;
    size_t prefixes[INDEX_PREFIX_MAX + 1]; /* how many stubs have a literal start that long */
};

void stub_index_done(struct stub_index *index);
MUST_CHECK bool stub_index_add(struct stub_index *index, struct stub *s);
void stub_index_remove(struct stub_index *index, const struct stub *s);

/* Walks the stubs that can match, in order. */
struct index_walk {
    const struct stub_list *lists[INDEX_PREFIX_MAX + 2];
    size_t at[INDEX_PREFIX_MAX + 2];
    size_t count;
};

void index_walk_start(const struct stub_index *index, struct slice url, struct slice path,
                      struct index_walk *ret);
struct stub *index_walk_next(struct index_walk *walk); /* NULL: no more */

#endif
