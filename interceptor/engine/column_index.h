/* The attributes of a plan by the names of their columns in SQL, in any case: what a name costs to
 * look up does not grow with the plan. */
#ifndef ENGINE_COLUMN_INDEX_H
#define ENGINE_COLUMN_INDEX_H

#include "common/buf.h"
#include "common/status.h"

#include <stdint.h>

struct planned;

struct column_index {
    const struct planned *attributes; /* borrowed */
    uint32_t *heads;                  /* by hash: number of an attribute + 1, or 0 */
    uint32_t *next;                   /* the next one with that hash, likewise */
    uint32_t mask;
    uint64_t seed;
};

/* Zeroed before; the attributes have their columns' names. */
MUST_CHECK enum status column_index_init(struct column_index *x, const struct planned *attributes,
                                         size_t count, struct why *why);
void column_index_done(struct column_index *x);

/* The number + 1 of the first attribute of that name, else 0. */
uint32_t column_index_find(const struct column_index *x, struct slice name);

#endif
