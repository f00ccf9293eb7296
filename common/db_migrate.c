#include "common/db_internal.h"

#include <stdio.h>

/* Which release brought each version, so that an older program can name the newer one. */
static const char create_releases[] =
    "CREATE TABLE IF NOT EXISTS schema_step (version INTEGER PRIMARY KEY, name TEXT NOT NULL)";

static enum status read_version(struct db *db, int64_t *ret, struct why *why)
{
    return db_ask_int(db, "PRAGMA user_version", ret, why);
}

/* ---- refusals ---- */

static enum status fail_newer(struct db *db, const struct db_step *steps, size_t count,
                              int64_t version, struct why *why)
{
    const char *known = count > 0 ? steps[count - 1].name : "none";
    struct db_stmt *s = NULL;
    const char *name = NULL;
    bool row = false;

    if (db_prepare(db, "SELECT name FROM schema_step ORDER BY version DESC LIMIT 1", &s, NULL) ==
            ST_OK &&
        db_step(s, &row, NULL) == ST_OK && row)
        name = db_text(s, 0);
    return fail_at(why, ST_CONFLICT, db->file,
                   "made by a newer release: its version is %lld (%.60s), this program knows up to "
                   "%zu (%.60s)",
                   (long long)version, name ? name : "unknown", count, known);
}

static enum status check_version(struct db *db, const struct db_step *steps, size_t count,
                                 int64_t version, struct why *why)
{
    if (version < 0)
        return fail_at(why, ST_CONFLICT, db->file, "holds the tables of another program");
    if ((uint64_t)version > count)
        return fail_newer(db, steps, count, version, why);
    return ST_OK;
}

/* ---- steps ---- */

static enum status record(struct db *db, const struct db_step *step, int64_t version,
                          struct why *why)
{
    struct db_stmt *s = NULL;
    char pragma[64];
    enum status st = db_exec(db, create_releases, why);

    if (st == ST_OK)
        st = db_prepare(db, "INSERT OR REPLACE INTO schema_step VALUES (?1, ?2)", &s, why);
    if (st != ST_OK)
        return st;
    db_bind_int(s, 1, version);
    db_bind_text(s, 2, step->name);
    st = db_run(s, why);
    if (st != ST_OK)
        return st;
    snprintf(pragma, sizeof pragma, "PRAGMA user_version = %lld", (long long)version);
    return db_exec(db, pragma, why);
}

/* Tables in a database that has no version are another program's. */
static enum status check_unversioned(struct db *db, struct why *why)
{
    int64_t tables = 0;
    enum status st = db_ask_int(db, "SELECT count(*) FROM sqlite_schema", &tables, why);

    if (st == ST_OK && tables > 0)
        return fail_at(why, ST_CONFLICT, db->file, "holds the tables of another program");
    return st;
}

/* Inside a transaction, in which the version is asked again: another process may have been here
 * since. */
static enum status apply(struct db *db, const struct db_step *steps, int64_t from, struct why *why)
{
    int64_t now = 0;
    enum status st = read_version(db, &now, why);

    if (st != ST_OK || now != from)
        return st;
    if (from == 0)
        st = check_unversioned(db, why);
    if (st != ST_OK)
        return st;
    st = db_exec(db, steps[from].sql, why);
    if (st != ST_OK)
        return st;
    if (sqlite3_get_autocommit(db->handle))
        return fail(why, ST_INTERNAL, "step %s ends its transaction by itself", steps[from].name);
    return record(db, &steps[from], from + 1, why);
}

static enum status apply_in_transaction(struct db *db, const struct db_step *steps, int64_t from,
                                        struct why *why)
{
    enum status st = db_begin(db, why);

    if (st != ST_OK)
        return st;
    st = apply(db, steps, from, why);
    if (st == ST_OK)
        st = db_commit(db, why);
    if (st != ST_OK)
        db_rollback(db);
    return st;
}

enum status db_migrate(struct db *db, const struct db_step *steps, size_t count, struct why *why)
{
    int64_t version = 0;
    enum status st = read_version(db, &version, why);

    if (st == ST_OK)
        st = check_version(db, steps, count, version, why);
    while (st == ST_OK && (uint64_t)version < count) {
        st = apply_in_transaction(db, steps, version, why);
        if (st == ST_OK)
            st = read_version(db, &version, why);
    }
    if (st == ST_OK && (uint64_t)version > count)
        return fail_newer(db, steps, count, version, why);
    return st;
}
