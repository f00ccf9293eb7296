/* One connection to a PostgreSQL database, and statements with a deadline.
 *
 * The only home of libpq: nothing else includes its header. A call never waits longer than its
 * deadline, also where the server or the network has gone silent (but the resolver's own time-out
 * holds for names). Values are bound and travel in binary; no error text holds one, nor a password.
 * A connection is used by one thread at a time; pg_pool.h keeps several. */
#ifndef INTERCEPTOR_PG_H
#define INTERCEPTOR_PG_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pg_conn;
struct pg_rows;

/* Whether the text is a URL that libpq takes (postgresql://...), with a password that can't be
 * mistaken for a part of the host. ST_BAD_INPUT: words that repeat nothing of it. */
MUST_CHECK enum status pg_check_url(const char *url, struct why *why);

/* Connects and sets the session up: time limits, and commits that wait for the disk. ST_BUSY: the
 * server can't be reached or refuses; ST_TIMEOUT; ST_NO_MEMORY. */
MUST_CHECK enum status pg_connect(const char *url, struct pg_conn **ret, struct why *why);
void pg_close(struct pg_conn *c);

DEFINE_CLEANUP(pg_conn, struct pg_conn *, pg_close)
#define auto_pg_conn __attribute__((cleanup(cleanup_pg_conn)))

/* It must be closed: a statement found the server gone, or too slow, or left a transaction open. */
bool pg_is_spent(const struct pg_conn *c);

enum pg_type { PG_TEXT, PG_BYTES, PG_BYTES_ARRAY };

struct pg_param {
    enum pg_type type;
    struct slice value; /* of an array: as pg_array_* writes it */
};

enum { PG_PARAMS_MAX = 8 };

/* One statement. The caller frees *ret, which may be NULL for no interest in rows. ST_BUSY: the
 * connection is lost, or the server stops or only reads; ST_TIMEOUT; ST_CONFLICT: a deadlock or the
 * like, which a second try may escape; ST_IO: refused otherwise. */
MUST_CHECK enum status pg_query(struct pg_conn *c, const char *sql, const struct pg_param *params,
                                size_t count, struct pg_rows **ret, struct why *why);

/* Statements without parameters, separated by semicolons; up to the first that fails. */
MUST_CHECK enum status pg_script(struct pg_conn *c, const char *sql, struct why *why);

void pg_rows_free(struct pg_rows *r);

DEFINE_CLEANUP(pg_rows, struct pg_rows *, pg_rows_free)
#define auto_pg_rows __attribute__((cleanup(cleanup_pg_rows)))

size_t pg_rows_count(const struct pg_rows *r);
size_t pg_rows_affected(const struct pg_rows *r); /* by INSERT and the like */
/* Of text and bytea; empty for NULL. Borrowed of the rows. */
struct slice pg_bytes(const struct pg_rows *r, size_t row, size_t column);
int64_t pg_int(const struct pg_rows *r, size_t row, size_t column); /* of int8; else 0 */

/* ---- bytea[] ---- */

/* Begins an array in an empty buffer, adds to it, and counts what was added; an array has one
 * element at least. */
void pg_array_begin(struct buf *array);
void pg_array_add(struct buf *array, struct slice element);
void pg_array_end(struct buf *array, size_t count);

#endif
