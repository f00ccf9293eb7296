#include "interceptor/store.h"

#include "interceptor/asset.h"
#include "interceptor/store_inside.h"

ASSET(schema_001, "interceptor/schema/001-first.sql");

enum status store_open(const char *file, struct store **ret, struct why *why)
{
    const struct db_step steps[] = {
        {"1.0", asset_text(schema_001)},
    };
    auto_store struct store *s = calloc(1, sizeof *s);
    pthread_mutexattr_t recursive;
    enum status st;

    if (!s)
        return fail_memory(why);
    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&s->lock, &recursive);
    pthread_mutexattr_destroy(&recursive);
    st = db_open(file, steps, sizeof steps / sizeof steps[0], &s->db, why);
    if (st != ST_OK)
        return st;
    *ret = take(s);
    return ST_OK;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->db)
        db_close(s->db);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct db *store_lock(struct store *s)
{
    pthread_mutex_lock(&s->lock);
    return s->db;
}

void store_unlock(struct store *s)
{
    pthread_mutex_unlock(&s->lock);
}

enum status store_begin(struct store *s, struct why *why)
{
    enum status st = db_begin(store_lock(s), why);

    s->last_position = 0;
    if (st != ST_OK)
        store_unlock(s);
    return st;
}

enum status store_begin_read(struct store *s, struct why *why)
{
    enum status st = db_begin_read(store_lock(s), why);

    if (st != ST_OK)
        store_unlock(s);
    return st;
}

enum status store_commit(struct store *s, struct why *why)
{
    enum status st = db_commit(s->db, why);

    if (st != ST_OK)
        db_rollback(s->db);
    store_unlock(s);
    return st;
}

void store_rollback(struct store *s)
{
    db_rollback(s->db);
    store_unlock(s);
}

enum status store_backup(struct store *s, const char *file, struct why *why)
{
    WITH_STORE_LOCK(s);

    return db_backup(s->db, file, why);
}

enum status store_check_file(struct store *s, struct why *why)
{
    WITH_STORE_LOCK(s);

    return db_moved(s->db) ? fail(why, ST_IO, "the database's file was removed or replaced")
                           : ST_OK;
}

enum status store_ping(struct store *s, struct why *why)
{
    WITH_STORE_LOCK(s);
    auto_free char *value = NULL;
    enum status st = store_check_file(s, why);

    if (st == ST_OK && db_failed(s->db))
        st = fail(why, ST_IO, "a write failed, and none is tried any more");
    return st == ST_OK ? store_load_meta(s, "key", &value, why) : st;
}

enum status store_load_meta(struct store *s, const char *name, char **ret, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db, "SELECT value FROM meta WHERE name = ?1", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, name);
    st = db_step(q, &row, why);
    if (st == ST_OK) {
        *ret = row ? strdup(db_text(q, 0)) : NULL;
        if (row && !*ret)
            st = fail_memory(why);
    }
    db_reset(q);
    return st;
}

enum status store_save_meta(struct store *s, const char *name, const char *value, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(s->db,
                                "INSERT INTO meta (name, value) VALUES (?1, ?2)"
                                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                                &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, name);
    db_bind_text(q, 2, value);
    return db_run(q, why);
}

enum status store_use_refresh(struct store *s, const char *id, int64_t expires_s, int64_t now_s,
                              struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(s->db, "DELETE FROM refresh_used WHERE expires_s < ?1", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, now_s);
    st = db_run(q, why);
    if (st == ST_OK)
        st = db_prepare(s->db, "INSERT INTO refresh_used (id, expires_s) VALUES (?1, ?2)", &q, why);
    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, id);
    db_bind_int(q, 2, expires_s);
    return db_run(q, why);
}

enum status store_save_quota(struct store *s, const char *tenant, int64_t start_ms, int64_t used,
                             struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st =
        db_prepare(s->db,
                   "INSERT INTO quota_used (tenant, start_ms, used) VALUES (?1, ?2, ?3)"
                   " ON CONFLICT (tenant) DO UPDATE SET start_ms = excluded.start_ms,"
                   " used = excluded.used",
                   &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, tenant);
    db_bind_int(q, 2, start_ms);
    db_bind_int(q, 3, used);
    return db_run(q, why);
}

enum status store_load_quota(struct store *s, const char *tenant, int64_t *ret_start_ms,
                             int64_t *ret_used, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool row = false;
    enum status st =
        db_prepare(s->db, "SELECT start_ms, used FROM quota_used WHERE tenant = ?1", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, tenant);
    st = db_step(q, &row, why);
    if (st == ST_OK) {
        *ret_start_ms = row ? db_int(q, 0) : 0;
        *ret_used = row ? db_int(q, 1) : 0;
    }
    db_reset(q);
    return st;
}
