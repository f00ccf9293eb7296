/* What the files db*.c share; nobody else includes it. */
#ifndef COMMON_DB_INTERNAL_H
#define COMMON_DB_INTERNAL_H

#include "common/db.h"

#include <sqlite3.h>

struct db_stmt {
    struct db *db;
    sqlite3_stmt *raw;
    int bind_result; /* the first failure of a bind, told by the next step */
    struct db_stmt *next;
};

struct db {
    sqlite3 *handle;
    char *file;
    bool failed;     /* see db_failed() */
    bool locked_out; /* the last write found it locked */
    struct db_stmt *statements;
    size_t statement_count;
    sqlite3_stmt *rollback; /* compiled beforehand: where memory is out there is none for it */
};

/* How long a write waits for others, and how long while the last one waited in vain: callers that
 * come one after the other must not all wait for a lock that stays. */
enum { DB_BUSY_MS = 5000, DB_BUSY_AGAIN_MS = 100 };

/* Sets the time that the next write waits. */
void db_note_lock(struct db *db, bool locked_out);

/* The status and words for what SQLite answered last; place is the file. */
enum status db_fail(const struct db *db, int result, struct why *why);

/* The same for a step of a statement or transaction that writes: a failure of the disk is
 * remembered. */
enum status db_fail_write(struct db *db, int result, struct why *why);

/* ST_IO once a write has failed for good. */
MUST_CHECK enum status db_check_writable(const struct db *db, struct why *why);

/* The one integer that a pragma or query answers. */
MUST_CHECK enum status db_ask_int(struct db *db, const char *sql, int64_t *ret, struct why *why);

MUST_CHECK enum status db_migrate(struct db *db, const struct db_step *steps, size_t count,
                                  struct why *why);

#endif
