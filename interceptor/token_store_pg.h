/* The token store that several services share: a PostgreSQL database.
 *
 * Rows are the same as in token_store_db.h, and whoever shares them has to have the same key file.
 * The database sees no clear data: a text that may be a pseudonym is asked for by a keyed digest.
 * A statement carries a whole batch; each may be repeated, so a lost connection is made up for once
 * within a call. A pseudonym is handed out when the database has committed it. While the database
 * can't be reached calls fail with ST_BUSY, at once for the most part (pg_pool.h). */
#ifndef INTERCEPTOR_TOKEN_STORE_PG_H
#define INTERCEPTOR_TOKEN_STORE_PG_H

#include "common/cleanup.h"
#include "common/log.h"
#include "common/status.h"
#include "interceptor/engine/token_store.h"
#include "interceptor/master.h"

struct token_store_pg;

/* Makes the tables or brings them up to date, now or, where the database can't be reached, as soon
 * as it can. What is given is borrowed and must outlive it. ST_BAD_INPUT: the URL is none, or the
 * tables were made with another key file; ST_CONFLICT: they were made by a newer release. */
MUST_CHECK enum status token_store_pg_open(const char *url, const struct master *master,
                                           const struct log *log, struct token_store_pg **ret,
                                           struct why *why);
void token_store_pg_close(struct token_store_pg *t);

DEFINE_CLEANUP(token_store_pg, struct token_store_pg *, token_store_pg_close)
#define auto_token_store_pg __attribute__((cleanup(cleanup_token_store_pg)))

/* As the engine asks it; lives as long as `t`. */
const struct token_store *token_store_pg_interface(const struct token_store_pg *t);

/* Whether the database answers. */
MUST_CHECK enum status token_store_pg_ping(struct token_store_pg *t, struct why *why);

#endif
