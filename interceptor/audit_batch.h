/* Audit rows between the queue and the store: packed one behind the other in a buffer, and brought
 * to disk a transaction at a time, in which old rows go as well. One thread, the writer's. */
#ifndef INTERCEPTOR_AUDIT_BATCH_H
#define INTERCEPTOR_AUDIT_BATCH_H

#include "common/buf.h"
#include "interceptor/audit.h"

/* Appends a row. ST_NO_MEMORY: this row has no room; the others stand. */
MUST_CHECK enum status audit_row_pack(struct buf *rows, int64_t at_us, struct slice tenant,
                                      struct slice record, struct why *why);

/* Rows that the writer has taken off the queue, not yet on disk from `at` on. */
struct audit_batch {
    struct buf bytes;
    size_t at;
};

/* Which rows go. */
struct audit_trim {
    int64_t before_us; /* older ones; INT64_MIN: none */
    int64_t keep;      /* those beyond so many; 0: none */
};

/* What a transaction did. */
struct audit_done {
    size_t added;
    int64_t removed;
};

/* One commit; the batch goes on behind its rows once they are on disk. `trim` may be NULL. */
MUST_CHECK enum status audit_batch_write(struct audit_batch *batch, struct audit_chain *chain,
                                         struct store *store, const struct audit_trim *trim,
                                         struct audit_done *ret, struct why *why);

/* A batch that is through becomes empty, and keeps its memory unless that is much. */
void audit_batch_empty(struct audit_batch *batch);

#endif
