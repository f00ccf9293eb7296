#include "interceptor/store_inside.h"

#define AUDIT_INSERT "INSERT INTO audit (number, at_us, tenant, record, hash) VALUES "
#define AUDIT_VALUES "(?, ?, ?, ?, ?)"
#define AUDIT_PAIR   AUDIT_VALUES ", " AUDIT_VALUES

enum { GROUP = 8, COLUMNS = 5 };

static const char INSERT_ONE[] = AUDIT_INSERT AUDIT_VALUES;
static const char INSERT_GROUP[] =
    AUDIT_INSERT AUDIT_PAIR ", " AUDIT_PAIR ", " AUDIT_PAIR ", " AUDIT_PAIR;

static void bind_row(struct db_stmt *q, int before, const struct audit_row *row)
{
    db_bind_int(q, before + 1, row->number);
    db_bind_int(q, before + 2, row->at_us);
    db_bind_text(q, before + 3, row->tenant);
    db_bind_text(q, before + 4, row->record);
    db_bind_blob(q, before + 5, row->hash, sizeof row->hash);
}

/* One statement for many rows takes two thirds of the time. */
enum status store_add_audit(struct store *s, const struct audit_row rows[], size_t count,
                            struct why *why)
{
    WITH_STORE_LOCK(s);
    enum status st = ST_OK;

    for (size_t at = 0, n; st == ST_OK && at < count; at += n) {
        struct db_stmt *q;

        n = count - at < GROUP ? 1 : GROUP;
        st = db_prepare(s->db, n == 1 ? INSERT_ONE : INSERT_GROUP, &q, why);
        if (st != ST_OK)
            break;
        for (size_t i = 0; i < n; i++)
            bind_row(q, (int)i * COLUMNS, &rows[at + i]);
        st = db_run(q, why);
    }
    return st;
}

static bool is_whole_text(const struct db_stmt *q, int at)
{
    return strlen(db_text(q, at)) == db_bytes(q, at).len;
}

static struct audit_row read_row(const struct db_stmt *q)
{
    struct audit_row row = {.number = db_int(q, 0),
                            .at_us = db_int(q, 1),
                            .tenant = db_text(q, 2),
                            .record = db_text(q, 3)};
    struct slice hash = db_bytes(q, 4);

    if (hash.len == AUDIT_HASH_SIZE && is_whole_text(q, 2) && is_whole_text(q, 3))
        memcpy(row.hash, hash.data, AUDIT_HASH_SIZE);
    return row;
}

#define AUDIT_WHERE                                                                                \
    "SELECT number, at_us, tenant, record, hash FROM audit WHERE number >= ?1 AND number <= ?2"    \
    " AND at_us >= ?3 AND at_us <= ?4 AND (?5 IS NULL OR tenant = ?5) ORDER BY number "

enum status store_each_audit(struct store *s, const struct audit_query *query,
                             bool (*each)(void *ctx, const struct audit_row *row), void *ctx,
                             struct why *why)
{
    static const char oldest_first[] = AUDIT_WHERE "ASC LIMIT ?6";
    static const char newest_first[] = AUDIT_WHERE "DESC LIMIT ?6";
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db, query->newest_first ? newest_first : oldest_first, &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, query->first);
    db_bind_int(q, 2, query->last);
    db_bind_int(q, 3, query->from_us);
    db_bind_int(q, 4, query->to_us);
    db_bind_text(q, 5, query->tenant);
    db_bind_int(q, 6, query->limit);
    while ((st = db_step(q, &row, why)) == ST_OK && row) {
        struct audit_row found = read_row(q);

        if (!each(ctx, &found))
            break;
    }
    db_reset(q);
    return st;
}

enum status store_trim_audit(struct store *s, int64_t up_to, int64_t *ret_removed, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(s->db, "DELETE FROM audit WHERE number <= ?1", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, up_to);
    st = db_run(q, why);
    if (st == ST_OK)
        *ret_removed = db_changes(s->db);
    return st;
}
