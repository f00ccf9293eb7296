/* The memory behind length-preserving pseudonyms, in the store: rows that tell nothing without the
 * key file (scope and lookup are keyed digests, the value is sealed).
 *
 * What concurrent calls ask for is committed together by whoever comes first, and nobody gets a
 * pseudonym before it is on disk. The schema's unique pairs (scope, lookup) and (scope, pseudonym)
 * are all that it relies on. token_store_pg.h is the one that several services share. */
#ifndef INTERCEPTOR_TOKEN_STORE_DB_H
#define INTERCEPTOR_TOKEN_STORE_DB_H

#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/engine/token_store.h"
#include "interceptor/store.h"

struct token_store_db;

/* The store is borrowed and must outlive it. */
MUST_CHECK enum status token_store_db_new(struct store *store, struct token_store_db **ret,
                                          struct why *why);
void token_store_db_free(struct token_store_db *t);

DEFINE_CLEANUP(token_store_db, struct token_store_db *, token_store_db_free)
#define auto_token_store_db __attribute__((cleanup(cleanup_token_store_db)))

/* Whether the database keeps a pseudonym, in use or not. */
MUST_CHECK enum status token_store_db_has_any(struct store *store, bool *ret, struct why *why);

/* As the engine asks it; lives as long as `t`. */
const struct token_store *token_store_db_interface(const struct token_store_db *t);

#endif
