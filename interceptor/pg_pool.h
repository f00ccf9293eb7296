/* A few connections to one PostgreSQL database, made when they are needed and kept.
 *
 * Where the database can't be reached, calls fail at once until the next try is due: 0.2 s after
 * the first failure, then twice as long each time up to 10 s, and one caller tries for all. What is
 * lost and what is found again is logged once. Any thread may use it. */
#ifndef INTERCEPTOR_PG_POOL_H
#define INTERCEPTOR_PG_POOL_H

#include "common/log.h"
#include "interceptor/pg.h"

enum { PG_POOL_MAX = 8 };

struct pg_pool;

typedef enum status pg_work(struct pg_conn *c, void *context, struct why *why);

/* `prepare` is given each new connection before its first use, and refuses it with a status of its
 * own. What is given is borrowed and must outlive the pool. Connects to nothing yet. */
MUST_CHECK enum status pg_pool_new(const char *url, pg_work *prepare, void *context,
                                   const struct log *log, struct pg_pool **ret, struct why *why);
void pg_pool_free(struct pg_pool *p); /* nobody may be using it */

DEFINE_CLEANUP(pg_pool, struct pg_pool *, pg_pool_free)
#define auto_pg_pool __attribute__((cleanup(cleanup_pg_pool)))

/* Has the work done on a connection, and up to twice more on a fresh one where the one before was
 * lost: so it must be work that may be done again. Returns what it returns, or, without a
 * connection, why there is none. ST_BUSY: also when all were in use for two seconds. */
MUST_CHECK enum status pg_pool_run(struct pg_pool *p, pg_work *work, void *context,
                                   struct why *why);

#endif
