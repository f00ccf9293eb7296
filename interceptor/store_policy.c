#include "interceptor/store_inside.h"

static const struct {
    const char *word;
    const char *member;
} kinds[POLICY_KINDS] = {
    [POLICY_TENANT] = {"tenant", "tenants"},
    [POLICY_MANIFEST] = {"manifest", "manifests"},
    [POLICY_RULE] = {"rule", "rules"},
    [POLICY_KEY] = {"key", "keys"},
};

static const char *const origins[] = {[FROM_CONFIG] = "config", [FROM_ADMIN] = "admin"};

const char *policy_kind_word(enum policy_kind kind)
{
    return kinds[kind].word;
}

const char *policy_kind_member(enum policy_kind kind)
{
    return kinds[kind].member;
}

void policy_items_done(struct policy_items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        free(list->items[i].document);
    }
    free(list->items);
    *list = (struct policy_items){0};
}

enum status policy_items_add(struct policy_items *list, enum policy_kind kind, const char *name,
                             const char *document, struct why *why)
{
    struct policy_item *item;

    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        struct policy_item *more = realloc(list->items, capacity * sizeof *more);

        if (!more)
            return fail_memory(why);
        list->items = more;
        list->capacity = capacity;
    }
    item = &list->items[list->count];
    *item = (struct policy_item){.kind = kind, .name = strdup(name), .document = strdup(document)};
    list->count++;
    return item->name && item->document ? ST_OK : fail_memory(why);
}

void policy_items_remove(struct policy_items *list, enum policy_kind kind)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == kind) {
            free(list->items[i].name);
            free(list->items[i].document);
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

const struct policy_item *policy_items_find(const struct policy_items *list, enum policy_kind kind,
                                            const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

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
    db_bind_text(q, 1, kinds[kind].word);
    while ((st = db_step(q, &row, why)) == ST_OK && row) {
        st = policy_items_add(ret, kind, db_text(q, 0), db_text(q, 1), why);
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
    db_bind_text(q, 1, kinds[kind].word);
    db_bind_text(q, 2, name);
    st = db_step(q, ret, why);
    db_reset(q);
    return st;
}

enum status store_put_policy(struct store *s, enum policy_kind kind, const char *name,
                             const char *document, enum policy_origin origin, bool *ret_new,
                             struct why *why)
{
    WITH_STORE_LOCK(s);
    struct db_stmt *q;
    bool old = false;
    enum status st = exists(s, kind, name, &old, why);

    if (st == ST_OK)
        st = db_prepare(
            s->db,
            "INSERT INTO policy (kind, name, position, origin, version, document) VALUES (?1, ?2,"
            " (SELECT coalesce(max(position), 0) + 1 FROM policy), ?3, 1, ?4)"
            " ON CONFLICT (kind, name) DO UPDATE SET origin = excluded.origin,"
            " version = version + (document <> excluded.document), document = excluded.document",
            &q, why);
    if (st != ST_OK)
        return st;
    db_bind_text(q, 1, kinds[kind].word);
    db_bind_text(q, 2, name);
    db_bind_text(q, 3, origins[origin]);
    db_bind_text(q, 4, document);
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
    db_bind_text(q, 1, kinds[kind].word);
    db_bind_text(q, 2, name);
    st = db_run(q, why);
    if (st == ST_OK && db_changes(s->db) == 0)
        return fail_at(why, ST_NOT_FOUND, name, "there is no %s of this name", kinds[kind].word);
    return st;
}
