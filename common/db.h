/* SQLite: open, migrate, prepare, bind; the only home of database handles.
 *
 * Opened in WAL with synchronous=FULL and foreign keys, each checked after it was set. A struct db
 * belongs to one thread at a time. Values are always bound, never pasted into SQL.
 *
 * A write that the disk failed is final: SQLite may have lost what was not yet written, and a
 * second try would hide it. From then on each write answers ST_IO and db_failed() is true; reading
 * goes on. A full disk is not final. */
#ifndef COMMON_DB_H
#define COMMON_DB_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_stmt; /* a prepared statement, kept by its db */

/* One numbered step of a schema: row i brings the database from version i to i + 1. */
struct db_step {
    const char *name; /* of the release that brought it, for the refusal below */
    const char *sql;
};

/* ":memory:" works; a new file gets mode 0600. Missing steps are applied, each whole or not at all.
 * ST_IO: can't be opened, is locked for 5 s, or is no database; ST_CONFLICT: its version is newer
 * than `steps` (the words name both releases), or it holds the tables of another program. place is
 * the file. */
MUST_CHECK enum status db_open(const char *file, const struct db_step *steps, size_t step_count,
                               struct db **ret, struct why *why);
void db_close(struct db *db);

DEFINE_CLEANUP(db, struct db *, db_close)
#define auto_db __attribute__((cleanup(cleanup_db)))

/* Statements without result. */
MUST_CHECK enum status db_exec(struct db *db, const char *sql, struct why *why);

/* Prepared once for each text and kept, reset and unbound here. ST_INTERNAL: not one statement that
 * SQLite understands, or more than 512 different ones. */
MUST_CHECK enum status db_prepare(struct db *db, const char *sql, struct db_stmt **ret,
                                  struct why *why);

/* Parameters from 1. Bytes are borrowed until the next db_prepare of that statement. A failure
 * (memory, no such parameter) is told by the next step. */
void db_bind_int(struct db_stmt *s, int at, int64_t value);
void db_bind_text(struct db_stmt *s, int at, const char *text); /* NULL binds NULL */
void db_bind_slice(struct db_stmt *s, int at, struct slice text);
void db_bind_blob(struct db_stmt *s, int at, const void *bytes, size_t len);
void db_bind_null(struct db_stmt *s, int at);

/* The next row: ST_OK with *ret_row telling whether there is one. ST_CONFLICT: a constraint;
 * ST_BUSY: locked by others beyond 5 s, or 0.1 s where the write before met that; ST_IO: disk full, corrupt, the words say so. */
MUST_CHECK enum status db_step(struct db_stmt *s, bool *ret_row, struct why *why);
/* For statements without rows. */
MUST_CHECK enum status db_run(struct db_stmt *s, struct why *why);
void db_reset(struct db_stmt *s); /* releases its locks early */

/* Columns from 0; borrowed until the next step or reset. */
int64_t db_int(const struct db_stmt *s, int at);
const char *db_text(const struct db_stmt *s, int at); /* NULL for NULL */
struct slice db_bytes(const struct db_stmt *s, int at);
bool db_is_null(const struct db_stmt *s, int at);

int64_t db_last_rowid(const struct db *db);
int64_t db_changes(const struct db *db);

MUST_CHECK enum status db_begin(struct db *db, struct why *why); /* IMMEDIATE */
/* What is read until db_rollback() is of one moment, whatever others write meanwhile. */
MUST_CHECK enum status db_begin_read(struct db *db, struct why *why);
/* Failed: rolled back, but after ST_BUSY it may be tried again. */
MUST_CHECK enum status db_commit(struct db *db, struct why *why);
void db_rollback(struct db *db); /* harmless outside a transaction */

/* Whether a write has failed for good. */
bool db_failed(const struct db *db);

/* Whether the file is not at its path any more: what is written is gone with the last who has it
 * open. */
bool db_moved(const struct db *db);

/* A copy of the open database into a new file, while others go on. It appears whole, on the disk,
 * or not at all. ST_CONFLICT: the file exists; ST_IO. */
MUST_CHECK enum status db_backup(struct db *db, const char *file, struct why *why);

#endif
