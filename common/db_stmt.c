#include "common/db_internal.h"

#include <limits.h>

enum { STATEMENTS_MAX = 512 }; /* more means that somebody pastes values into SQL */

/* ---- the cache ---- */

static struct db_stmt *find(const struct db *db, const char *sql)
{
    struct db_stmt *s = db->statements;

    while (s && strcmp(sqlite3_sql(s->raw), sql) != 0)
        s = s->next;
    return s;
}

static enum status compile(struct db *db, const char *sql, sqlite3_stmt **ret, struct why *why)
{
    sqlite3_stmt *raw = NULL;
    const char *rest = "";
    int result = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, &rest);

    if (result != SQLITE_OK)
        return db_fail(db, result, why);
    if (!raw || slice_trim(slice_of(rest)).len > 0) {
        sqlite3_finalize(raw);
        return fail(why, ST_INTERNAL, "not one SQL statement");
    }
    *ret = raw;
    return ST_OK;
}

static enum status add(struct db *db, const char *sql, struct db_stmt **ret, struct why *why)
{
    auto_free struct db_stmt *s = calloc(1, sizeof *s);
    enum status st;

    if (!s)
        return fail_memory(why);
    if (db->statement_count == STATEMENTS_MAX)
        return fail(why, ST_INTERNAL, "more than %d different SQL statements", STATEMENTS_MAX);
    st = compile(db, sql, &s->raw, why);
    if (st != ST_OK)
        return st;
    s->db = db;
    s->next = db->statements;
    db->statements = s;
    db->statement_count++;
    *ret = take(s);
    return ST_OK;
}

enum status db_prepare(struct db *db, const char *sql, struct db_stmt **ret, struct why *why)
{
    struct db_stmt *s = find(db, sql);
    enum status st = ST_OK;

    if (!s)
        st = add(db, sql, &s, why);
    if (st != ST_OK)
        return st;
    sqlite3_reset(s->raw);
    sqlite3_clear_bindings(s->raw);
    s->bind_result = SQLITE_OK;
    *ret = s;
    return ST_OK;
}

/* ---- binding ---- */

static void note(struct db_stmt *s, int result)
{
    if (s->bind_result == SQLITE_OK)
        s->bind_result = result;
}

void db_bind_int(struct db_stmt *s, int at, int64_t value)
{
    note(s, sqlite3_bind_int64(s->raw, at, value));
}

void db_bind_text(struct db_stmt *s, int at, const char *text)
{
    if (text)
        db_bind_slice(s, at, slice_of(text));
    else
        db_bind_null(s, at);
}

/* An empty slice may have no address, which SQLite would take for NULL. */
void db_bind_slice(struct db_stmt *s, int at, struct slice text)
{
    note(s, sqlite3_bind_text64(s->raw, at, text.data ? text.data : "", text.len, SQLITE_STATIC,
                                SQLITE_UTF8));
}

void db_bind_blob(struct db_stmt *s, int at, const void *bytes, size_t len)
{
    note(s, sqlite3_bind_blob64(s->raw, at, bytes ? bytes : "", len, SQLITE_STATIC));
}

void db_bind_null(struct db_stmt *s, int at)
{
    note(s, sqlite3_bind_null(s->raw, at));
}

/* ---- stepping ---- */

/* Only a statement that writes outside of a transaction commits by itself; but a disk that fails
 * before the commit is no better, so all that write are treated alike. */
static enum status fail_step(struct db_stmt *s, int result, struct why *why)
{
    enum status st = sqlite3_stmt_readonly(s->raw) ? db_fail(s->db, result, why)
                                                   : db_fail_write(s->db, result, why);

    sqlite3_reset(s->raw);
    return st;
}

enum status db_step(struct db_stmt *s, bool *ret_row, struct why *why)
{
    bool writes = !sqlite3_stmt_readonly(s->raw);
    enum status st = ST_OK;
    int result;

    if (s->bind_result != SQLITE_OK)
        return db_fail(s->db, s->bind_result, why);
    if (writes)
        st = db_check_writable(s->db, why);
    if (st != ST_OK)
        return st;
    result = sqlite3_step(s->raw);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return fail_step(s, result, why);
    if (writes)
        db_note_lock(s->db, false);
    if (result == SQLITE_DONE)
        sqlite3_reset(s->raw);
    *ret_row = result == SQLITE_ROW;
    return ST_OK;
}

enum status db_run(struct db_stmt *s, struct why *why)
{
    bool row = true;
    enum status st = ST_OK;

    while (st == ST_OK && row)
        st = db_step(s, &row, why);
    return st;
}

void db_reset(struct db_stmt *s)
{
    sqlite3_reset(s->raw);
}

/* ---- columns ---- */

int64_t db_int(const struct db_stmt *s, int at)
{
    return sqlite3_column_int64(s->raw, at);
}

const char *db_text(const struct db_stmt *s, int at)
{
    return (const char *)sqlite3_column_text(s->raw, at);
}

struct slice db_bytes(const struct db_stmt *s, int at)
{
    const char *bytes = sqlite3_column_blob(s->raw, at);

    return (struct slice){bytes, (size_t)sqlite3_column_bytes(s->raw, at)};
}

bool db_is_null(const struct db_stmt *s, int at)
{
    return sqlite3_column_type(s->raw, at) == SQLITE_NULL;
}
