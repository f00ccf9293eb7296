/* The tables of the shared token store, in numbered steps as the database file's (common/db.h). */
#ifndef INTERCEPTOR_PG_SCHEMA_H
#define INTERCEPTOR_PG_SCHEMA_H

#include "interceptor/pg.h"

/* No two transactions that begin with it go on at once, in whichever services. */
#define PG_BEGIN_ALONE                                                                             \
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(7238530021)"

/* Needs the right to create tables only where a step is missing. Then checks that the tables belong
 * to the key file of this fingerprint. ST_CONFLICT: made by a newer release; ST_BAD_INPUT: made
 * with another key file. */
MUST_CHECK enum status pg_schema_prepare(struct pg_conn *c, const char *key, struct why *why);

#endif
