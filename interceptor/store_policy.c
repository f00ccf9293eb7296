#include "interceptor/store_inside.h"

static const char changes_name[] = "policy-changes"; /* in the table meta */

static const char *const origins[] = {[FROM_CONFIG] = "config", [FROM_ADMIN] = "admin"};

static enum status load_kind(struct store *s, enum policy_kind kind, struct policy_items *ret,
                             struct why *why)
{
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db,
                                "SELECT name, document, origin, version FROM policy"
                                " WHERE kind = ?1 ORDER BY position",
                                &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, policy_kind_word(kind));
    while ((st = db_step(q, &row, why)) == ST_OK && row) {
        st = policy_items_add(ret, kind, db_text(q, 0), db_text(q, 1), NULL, why);
        if (st != ST_OK)
            break;
        ret->items[ret->count - 1].origin =
            strcmp(db_text(q, 2), origins[FROM_ADMIN]) == 0 ? FROM_ADMIN : FROM_CONFIG;
        ret->items[ret->count - 1].version = db_int(q, 3);
    }
    db_reset(q);
    return st;
}

enum status store_load_policy(struct store *s, struct policy_items *ret, struct why *why)
{
    WITH_STORE_LOCK(s);
    enum status st = ST_OK;

    for (int kind = 0; st == ST_OK && kind < POLICY_KINDS; kind++)
        st = load_kind(s, (enum policy_kind)kind, ret, why);
    return st;
}

static enum status exists(struct store *s, enum policy_kind kind, const char *name, bool *ret,
                          struct why *why)
{
    struct db_stmt *q;
    enum status st =
        db_prepare(s->db, "SELECT 1 FROM policy WHERE kind = ?1 AND name = ?2", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, policy_kind_word(kind));
    db_bind_text(q, 2, name);
    st = db_step(q, ret, why);
    db_reset(q);
    return st;
}

static enum status find_last_position(struct store *s, struct why *why)
{
    struct db_stmt *q;
    bool row = false;
    enum status st = db_prepare(s->db, "SELECT coalesce(max(position), 0) FROM policy", &q, why);

    if (st == ST_OK)
        st = db_step(q, &row, why);
    if (st != ST_OK)
        return st;
    s->last_position = db_int(q, 0);
    db_reset(q);
    return ST_OK;
}

/* Behind all others, whose last is looked for once a transaction. */
static enum status next_position(struct store *s, int64_t *ret, struct why *why)
{
    enum status st = s->last_position == 0 ? find_last_position(s, why) : ST_OK;

    if (st == ST_OK)
        *ret = ++s->last_position;
    return st;
}

enum status store_put_policy(struct store *s, enum policy_kind kind, const char *name,
                             const char *document, enum policy_origin origin, bool *ret_new,
                             struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool old = false;
    int64_t position = 0;
    enum status st = exists(s, kind, name, &old, why);

    if (st == ST_OK && !old)
        st = next_position(s, &position, why);
    if (st == ST_OK)
        st = db_prepare(
            s->db,
            "INSERT INTO policy (kind, name, position, origin, version, document) VALUES (?1, ?2,"
            " ?5, ?3, 1, ?4)"
            " ON CONFLICT (kind, name) DO UPDATE SET origin = excluded.origin,"
            " version = version + (document <> excluded.document), document = excluded.document",
            &q, why);
    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, policy_kind_word(kind));
    db_bind_text(q, 2, name);
    db_bind_text(q, 3, origins[origin]);
    db_bind_text(q, 4, document);
    db_bind_int(q, 5, position);
    st = db_run(q, why);
    if (st == ST_OK && ret_new)
        *ret_new = !old;
    return st;
}

enum status store_delete_policy(struct store *s, enum policy_kind kind, const char *name,
                                struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    enum status st = db_prepare(s->db, "DELETE FROM policy WHERE kind = ?1 AND name = ?2", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, policy_kind_word(kind));
    db_bind_text(q, 2, name);
    st = db_run(q, why);
    if (st == ST_OK && db_changes(s->db) == 0)
        return fail_at(why, ST_NOT_FOUND, name, "there is no %s of this name",
                       policy_kind_word(kind));
    return st;
}

enum status store_policy_changes(struct store *s, int64_t *ret, struct why *why)
{
    auto_free char *text = NULL;
    enum status st = store_load_meta(s, changes_name, &text, why);

    if (st == ST_OK)
        *ret = text ? strtoll(text, NULL, 10) : 0;
    return st;
}

enum status store_count_policy_change(struct store *s, int64_t *ret, struct why *why)
{
    WITH_STORE_LOCK(s);
    char text[INT_TEXT_SIZE];
    int64_t changes = 0;
    enum status st = store_policy_changes(s, &changes, why);

    if (st != ST_OK)
        return st;
    *ret = changes + 1;
    return store_save_meta(s, changes_name, int_text(*ret, text), why);
}
