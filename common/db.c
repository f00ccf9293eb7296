#include "common/db_internal.h"

#include "common/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { RETRY_MS = 10 };

/* SQLite's usual 4096 hold six audit rows, and each page is written twice with a call or two: of
 * this size a row costs a fifth less. */
#define NEW_PAGE_SIZE "PRAGMA page_size = 8192"

/* ---- SQL without parameters ---- */

static int exec(struct db *db, const char *sql)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

enum status db_exec(struct db *db, const char *sql, struct why *why)
{
    enum status st = db_check_writable(db, why);
    int result;

    if (st != ST_OK)
        return st;
    result = exec(db, sql);
    if (result != SQLITE_OK)
        return db_fail_write(db, result, why);
    db_note_lock(db, false);
    return ST_OK;
}

void db_note_lock(struct db *db, bool locked_out)
{
    if (db->locked_out == locked_out)
        return;
    db->locked_out = locked_out;
    sqlite3_busy_timeout(db->handle, locked_out ? DB_BUSY_AGAIN_MS : DB_BUSY_MS);
}

/* The row that a statement answers, for one look; the statement is not kept. */
static enum status ask(struct db *db, const char *sql, sqlite3_stmt **ret, struct why *why)
{
    sqlite3_stmt *raw = NULL;
    int result = sqlite3_prepare_v2(db->handle, sql, -1, &raw, NULL);

    if (result == SQLITE_OK)
        result = sqlite3_step(raw);
    if (result != SQLITE_ROW) {
        enum status st = result == SQLITE_DONE ? fail(why, ST_INTERNAL, "no answer to %s", sql)
                                               : db_fail(db, result, why);

        sqlite3_finalize(raw);
        return st;
    }
    *ret = raw;
    return ST_OK;
}

enum status db_ask_int(struct db *db, const char *sql, int64_t *ret, struct why *why)
{
    sqlite3_stmt *raw = NULL;
    enum status st = ask(db, sql, &raw, why);

    if (st != ST_OK)
        return st;
    *ret = sqlite3_column_int64(raw, 0);
    sqlite3_finalize(raw);
    return ST_OK;
}

/* ---- opening ---- */

/* Says what is wanted and looks whether it is so: a pragma unknown to SQLite is no error. */
static enum status set_checked(struct db *db, const char *set, const char *get, int64_t want,
                               struct why *why)
{
    int64_t got = -1;
    int result = exec(db, set);
    enum status st;

    if (result != SQLITE_OK)
        return db_fail(db, result, why);
    st = db_ask_int(db, get, &got, why);
    if (st == ST_OK && got != want)
        return fail_at(why, ST_IO, db->file, "SQLite does not take \"%s\"", set);
    return st;
}

/* A database in memory has no WAL. */
static enum status try_wal(struct db *db, bool *ret_set, struct why *why)
{
    sqlite3_stmt *raw = NULL;
    enum status st = ask(db, "PRAGMA journal_mode = WAL", &raw, why);
    struct slice mode;

    if (st != ST_OK)
        return st;
    mode = slice_of((const char *)sqlite3_column_text(raw, 0));
    *ret_set = slice_is(mode, "wal") || slice_is(mode, "memory");
    sqlite3_finalize(raw);
    return ST_OK;
}

/* SQLite does not wait for others here, as it does everywhere else: where two open a new file at
 * once, one is refused. */
static enum status set_wal(struct db *db, struct why *why)
{
    uint64_t deadline_us = clock_monotonic_us() + DB_BUSY_MS * 1000;
    bool set = false;
    enum status st = try_wal(db, &set, why);

    while ((st == ST_BUSY || (st == ST_OK && !set)) && clock_monotonic_us() < deadline_us) {
        sqlite3_sleep(RETRY_MS);
        st = try_wal(db, &set, why);
    }
    if (st == ST_OK && !set)
        return fail_at(why, ST_IO, db->file, "the file system allows no write-ahead log");
    return st;
}

static enum status configure(struct db *db, struct why *why)
{
    static const struct {
        const char *set, *get;
        int64_t want;
    } pragmas[] = {
        {"PRAGMA synchronous = FULL", "PRAGMA synchronous", 2},
        {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", 1},
        {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", 0},
        /* so that a log which once grew does not keep its size */
        {"PRAGMA journal_size_limit = 67108864", "PRAGMA journal_size_limit", 67108864},
    };
    enum status st;

    exec(db, NEW_PAGE_SIZE); /* a file that exists keeps its own */
    st = set_wal(db, why);
    for (size_t i = 0; st == ST_OK && i < sizeof pragmas / sizeof pragmas[0]; i++)
        st = set_checked(db, pragmas[i].set, pragmas[i].get, pragmas[i].want, why);
    return st;
}

/* A new file is for its owner alone. One that exists is not touched: closing it would drop the
 * locks that this process has on it elsewhere. */
static enum status create_private(const char *file, struct why *why)
{
    auto_fd int fd = -1;

    if (strcmp(file, ":memory:") == 0)
        return ST_OK;
    fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0 && errno != EEXIST)
        return fail_at(why, ST_IO, file, "the database can't be made: %s", strerror(errno));
    return ST_OK;
}

static enum status connect_file(struct db *db, struct why *why)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = sqlite3_open_v2(db->file, &db->handle, flags, NULL);

    if (!db->handle)
        return fail_memory(why);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, DB_BUSY_MS);
    if (result == SQLITE_OK && sqlite3_db_readonly(db->handle, "main") == 1)
        result = SQLITE_READONLY; /* what SQLite makes of a file that may only be read */
    if (result != SQLITE_OK)
        return db_fail(db, result, why);
    return configure(db, why);
}

static enum status prepare_rollback(struct db *db, struct why *why)
{
    int result = sqlite3_prepare_v3(db->handle, "ROLLBACK", -1, SQLITE_PREPARE_PERSISTENT,
                                    &db->rollback, NULL);

    return result == SQLITE_OK ? ST_OK : db_fail(db, result, why);
}

enum status db_open(const char *file, const struct db_step *steps, size_t step_count,
                    struct db **ret, struct why *why)
{
    auto_db struct db *db = calloc(1, sizeof *db);
    enum status st;

    if (!db)
        return fail_memory(why);
    db->file = slice_dup(slice_of(file));
    if (!db->file)
        return fail_memory(why);
    st = create_private(file, why);
    if (st == ST_OK)
        st = connect_file(db, why);
    if (st == ST_OK)
        st = prepare_rollback(db, why);
    if (st == ST_OK)
        st = db_migrate(db, steps, step_count, why);
    if (st == ST_BUSY)
        return ST_IO; /* at start nobody waits for another try */
    if (st != ST_OK)
        return st;
    *ret = take(db);
    return ST_OK;
}

void db_close(struct db *db)
{
    struct db_stmt *next;

    if (!db)
        return;
    for (struct db_stmt *s = db->statements; s; s = next) {
        next = s->next;
        sqlite3_finalize(s->raw);
        free(s);
    }
    sqlite3_finalize(db->rollback);
    sqlite3_close(db->handle);
    free(db->file);
    free(db);
}

/* ---- transactions ---- */

/* A BEGIN that says it has failed, for want of memory, may have begun all the same. */
enum status db_begin(struct db *db, struct why *why)
{
    enum status st = db_exec(db, "BEGIN IMMEDIATE", why);

    if (st != ST_OK)
        db_rollback(db);
    return st;
}

enum status db_begin_read(struct db *db, struct why *why)
{
    int result = exec(db, "BEGIN");
    enum status st;

    if (result == SQLITE_OK)
        return ST_OK;
    st = db_fail(db, result, why);
    db_rollback(db);
    return st;
}

/* A commit that another program holds up may be tried again; any other failure ends it. */
enum status db_commit(struct db *db, struct why *why)
{
    enum status st = db_check_writable(db, why);
    int result = st == ST_OK ? exec(db, "COMMIT") : SQLITE_OK;

    if (result != SQLITE_OK)
        st = db_fail_write(db, result, why);
    if (st != ST_OK && st != ST_BUSY)
        db_rollback(db);
    return st;
}

void db_rollback(struct db *db)
{
    if (sqlite3_get_autocommit(db->handle))
        return;
    sqlite3_step(db->rollback);
    sqlite3_reset(db->rollback);
}

bool db_moved(const struct db *db)
{
    int moved = 0;

    return sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved;
}

int64_t db_last_rowid(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}
