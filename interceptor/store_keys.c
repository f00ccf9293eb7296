#include "interceptor/store_inside.h"

static void read_row(const struct db_stmt *q, struct stored_key *ret)
{
    struct slice wrapped = db_bytes(q, 3);

    *ret = (struct stored_key){.id = db_int(q, 0),
                               .retired = strcmp(db_text(q, 1), "retired") == 0,
                               .created_us = db_int(q, 2)};
    ret->wrapped_len = wrapped.len < sizeof ret->wrapped ? wrapped.len : sizeof ret->wrapped;
    memcpy(ret->wrapped, wrapped.data, ret->wrapped_len);
}

static enum status count_keys(struct store *s, size_t *ret, struct why *why)
{
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db, "SELECT count(*) FROM data_key", &q, why);

    if (st == ST_OK)
        st = db_step(q, &row, why);
    if (st != ST_OK)
        return st;
    *ret = (size_t)db_int(q, 0);
    db_reset(q);
    return ST_OK;
}

enum status store_load_keys(struct store *s, struct stored_key **ret, size_t *ret_count,
                            struct why *why)
{
    WITH_STORE_LOCK(s);
    auto_free struct stored_key *keys = NULL;
    struct db_stmt *q;
    size_t capacity = 0;
    size_t count = 0;
    bool row = false;
    enum status st = count_keys(s, &capacity, why);

    if (st != ST_OK)
        return st;
    keys = calloc(capacity + 1, sizeof *keys);
    if (!keys)
        return fail_memory(why);
    st = db_prepare(s->db, "SELECT id, state, created_us, wrapped FROM data_key ORDER BY id", &q,
                    why);
    if (st != ST_OK)
        return st;
    while (count < capacity && (st = db_step(q, &row, why)) == ST_OK && row)
        read_row(q, &keys[count++]);
    db_reset(q);
    if (st != ST_OK)
        return st;
    *ret = take(keys);
    *ret_count = count;
    return ST_OK;
}

enum status store_add_key(struct store *s, const struct stored_key *key, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(
        s->db, "INSERT INTO data_key (id, state, created_us, wrapped) VALUES (?1, ?2, ?3, ?4)", &q,
        why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, key->id);
    db_bind_text(q, 2, key->retired ? "retired" : "active");
    db_bind_int(q, 3, key->created_us);
    db_bind_blob(q, 4, key->wrapped, key->wrapped_len);
    return db_run(q, why);
}

enum status store_retire_key(struct store *s, int64_t id, struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st =
        db_prepare(s->db, "UPDATE data_key SET state = 'retired' WHERE id = ?1", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_int(q, 1, id);
    st = db_run(q, why);
    if (st == ST_OK && db_changes(s->db) == 0)
        return fail(why, ST_NOT_FOUND, "there is no key %lld", (long long)id);
    return st;
}
