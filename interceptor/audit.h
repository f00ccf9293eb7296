/* The audit trail: a chain of rows in the store, each hashed (keyed) with the one before it.
 *
 * One thread writes, many rows a commit. The queue before it is bounded: when it is full, audit_add
 * waits up to a deadline and then fails, and the caller answers 503; nothing is dropped. Any thread
 * may add. */
#ifndef INTERCEPTOR_AUDIT_H
#define INTERCEPTOR_AUDIT_H

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/status.h"
#include "interceptor/engine/hmac.h"
#include "interceptor/master.h"
#include "interceptor/store.h"

#include <stdbool.h>

struct audit;

struct audit_settings {
    size_t queue_max;     /* rows accepted but not yet on disk; of large ones fewer, see audit.c */
    unsigned deadline_ms; /* for a place in the queue */
    long long keep_days;  /* older rows go; 0: no limit */
    long long keep_rows;  /* rows beyond so many go; 0: no limit */
};

/* All pointers are borrowed and must outlive the trail. Starts the writer. */
MUST_CHECK enum status audit_open(struct store *store, const struct master *master,
                                  const struct audit_settings *settings, const struct clock *clock,
                                  const struct log *log, struct audit **ret, struct why *why);
/* Writes what is queued, then stops. While the database is locked, or its disk is full, it tries for
 * some seconds; what is lost then is told in the log. */
void audit_close(struct audit *audit);

DEFINE_CLEANUP(audit, struct audit *, audit_close)
#define auto_audit __attribute__((cleanup(cleanup_audit)))

/* Accepted for the next commit. `record` is JSON text without a value of the data. ST_BUSY: the
 * queue stayed full until the deadline. */
MUST_CHECK enum status audit_add(struct audit *audit, const char *tenant, struct slice record,
                                 struct why *why);

/* Returns when all that was accepted before is on disk, or after deadline_ms (ST_TIMEOUT). */
MUST_CHECK enum status audit_flush(struct audit *audit, unsigned deadline_ms, struct why *why);

struct audit_counts {
    size_t queued;
    uint64_t written;
    uint64_t refused;
    uint64_t failed_commits;
    bool stuck; /* the queue is full, and the last commit has failed */
};
struct audit_counts audit_counts(struct audit *audit);

/* ---- the chain; audit_chain.c ---- */

/* A place in the chain. */
struct audit_link {
    int64_t number; /* of its last row; 0: before the first */
    uint8_t hash[AUDIT_HASH_SIZE];
};

struct audit_chain {
    struct audit_link end;
    struct hmac_key key;
};

/* The end of the stored chain. To be released by audit_chain_done, also after a failure. */
MUST_CHECK enum status audit_chain_load(struct audit_chain *chain, struct store *store,
                                        const struct master *master, struct why *why);
void audit_chain_done(struct audit_chain *chain);
#define auto_audit_chain __attribute__((cleanup(audit_chain_done)))
/* Inside a transaction: the end as it is stored now, since another process may have written. */
MUST_CHECK enum status audit_chain_refresh(struct audit_chain *chain, struct store *store,
                                           struct why *why);
/* Fills in row->number and row->hash and moves on to them. */
void audit_chain_next(struct audit_chain *chain, struct audit_row *row);
/* Inside a transaction: remembers where the chain ends, so that rows missing there are found. */
MUST_CHECK enum status audit_chain_save(struct audit_chain *chain, struct store *store,
                                        struct why *why);
/* Inside a transaction: takes rows away at the front, those before a time and those beyond so many
 * (0: any number may stay); the chain stays whole. At most AUDIT_TRIM_MAX at once, so that a
 * transaction is short: where so many went there may be more. */
enum { AUDIT_TRIM_MAX = 5000 };
MUST_CHECK enum status audit_chain_trim(struct audit_chain *chain, struct store *store,
                                        int64_t before_us, int64_t keep, int64_t *ret_removed,
                                        struct why *why);

/* Walks the whole trail. ST_CONFLICT: the words name the first row that is changed or missing. */
MUST_CHECK enum status audit_verify(struct store *store, const struct master *master,
                                    int64_t *ret_rows, struct why *why);

#endif
