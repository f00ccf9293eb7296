#include "interceptor/store_inside.h"

enum status store_add_audit(struct store *s, const struct audit_row *row, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(
        s->db,
        "INSERT INTO audit (number, at_us, tenant, record, hash) VALUES (?1, ?2, ?3, ?4, ?5)", &q,
        why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, row->number);
    db_bind_int(q, 2, row->at_us);
    db_bind_text(q, 3, row->tenant);
    db_bind_text(q, 4, row->record);
    db_bind_blob(q, 5, row->hash, sizeof row->hash);
    return db_run(q, why);
}

static void copy_hash(const struct db_stmt *q, int at, uint8_t ret[AUDIT_HASH_SIZE])
{
    struct slice hash = db_bytes(q, at);

    memset(ret, 0, AUDIT_HASH_SIZE);
    if (hash.len == AUDIT_HASH_SIZE)
        memcpy(ret, hash.data, AUDIT_HASH_SIZE);
}

enum status store_last_audit(struct store *s, int64_t *ret_number,
                             uint8_t ret_hash[AUDIT_HASH_SIZE], struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool row = false;
    enum status st =
        db_prepare(s->db, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", &q, why);

    if (st == ST_OK)
        st = db_step(q, &row, why);
    if (st != ST_OK)
        return st;
    *ret_number = row ? db_int(q, 0) : 0;
    memset(ret_hash, 0, AUDIT_HASH_SIZE);
    if (row)
        copy_hash(q, 1, ret_hash);
    db_reset(q);
    return ST_OK;
}

#define AUDIT_WHERE                                                                                \
    "SELECT number, at_us, tenant, record, hash FROM audit WHERE number > ?1 AND at_us >= ?2"      \
    " AND (?3 = 0 OR at_us < ?3) AND (?4 IS NULL OR tenant = ?4) ORDER BY number "

enum status store_each_audit(struct store *s, const struct audit_query *query,
                             bool (*each)(void *ctx, const struct audit_row *row), void *ctx,
                             struct why *why)
{
    static const char oldest_first[] = AUDIT_WHERE "ASC LIMIT ?5";
    static const char newest_first[] = AUDIT_WHERE "DESC LIMIT ?5";
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db, query->newest_first ? newest_first : oldest_first, &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, query->after);
    db_bind_int(q, 2, query->from_us);
    db_bind_int(q, 3, query->until_us);
    db_bind_text(q, 4, query->tenant);
    db_bind_int(q, 5, query->limit);
    while ((st = db_step(q, &row, why)) == ST_OK && row) {
        struct audit_row found = {.number = db_int(q, 0),
                                  .at_us = db_int(q, 1),
                                  .tenant = db_text(q, 2),
                                  .record = db_text(q, 3)};

        copy_hash(q, 4, found.hash);
        if (!each(ctx, &found))
            break;
    }
    db_reset(q);
    return st;
}

enum status store_trim_audit(struct store *s, int64_t before_us, int64_t keep, int64_t *ret_removed,
                             struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(s->db,
                                "DELETE FROM audit WHERE number <= coalesce((SELECT max(number)"
                                " FROM audit WHERE at_us < ?1), 0)"
                                " OR number <= (SELECT max(number) FROM audit) - ?2",
                                &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, before_us);
    db_bind_int(q, 2, keep);
    st = db_run(q, why);
    if (st == ST_OK)
        *ret_removed = db_changes(s->db);
    return st;
}
