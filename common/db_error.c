#include "common/db_internal.h"

#include <string.h>

/* By SQLite's primary result code. NULL words: SQLite's own, which name tables and columns but no
 * values, since values are bound. */
static const struct {
    int code;
    enum status st;
    const char *words;
} faults[] = {
    {SQLITE_FULL, ST_IO, "the disk is full"},
    {SQLITE_CORRUPT, ST_IO, "the database is damaged; restore it from a backup"},
    {SQLITE_NOTADB, ST_IO, "the file is no SQLite database"},
    {SQLITE_READONLY, ST_IO, "the database or its folder can't be written"},
    {SQLITE_PERM, ST_IO, "the database may not be opened"},
    {SQLITE_BUSY, ST_BUSY, "the database is locked by another program"},
    {SQLITE_LOCKED, ST_BUSY, "a table is locked by another statement"},
    {SQLITE_CONSTRAINT, ST_CONFLICT, NULL},
    {SQLITE_TOOBIG, ST_TOO_LARGE, "a value is too large for the database"},
    {SQLITE_NOMEM, ST_NO_MEMORY, "out of memory"},
};

static const char *system_words(const struct db *db)
{
    int error = sqlite3_system_errno(db->handle);

    return error ? strerror(error) : "the disk or its file system failed";
}

static enum status fail_system(const struct db *db, const char *what, struct why *why)
{
    return fail_at(why, ST_IO, db->file, "%s: %s", what, system_words(db));
}

enum status db_fail(const struct db *db, int result, struct why *why)
{
    int code = result & 0xff;

    if (code == SQLITE_CANTOPEN)
        return fail_system(db, "the database can't be opened", why);
    if (code == SQLITE_IOERR)
        return fail_system(db, "the database can't be read or written", why);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (faults[i].code == code)
            return fail_at(why, faults[i].st, db->file, "%s",
                           faults[i].words ? faults[i].words : sqlite3_errmsg(db->handle));
    }
    return fail_at(why, ST_INTERNAL, db->file, "%s", sqlite3_errmsg(db->handle));
}

/* A full disk is no such failure: nothing was lost, and it goes on once there is room. */
enum status db_fail_write(struct db *db, int result, struct why *why)
{
    int code = result & 0xff;

    if (code == SQLITE_IOERR || code == SQLITE_CORRUPT)
        db->failed = true;
    if (code == SQLITE_BUSY)
        db_note_lock(db, true);
    return db_fail(db, result, why);
}

enum status db_check_writable(const struct db *db, struct why *why)
{
    if (!db->failed)
        return ST_OK;
    return fail_at(why, ST_IO, db->file, "a write failed before, so none is tried any more");
}

bool db_failed(const struct db *db)
{
    return db->failed;
}
