#include "interceptor/policy.h"

#include "common/memory.h"
#include "interceptor/config.h"

#include <pthread.h>
#include <string.h>

struct policy {
    struct store *store;
    const struct master *master;
    struct quota_book *book;
    struct snapshot_box *box;
    pthread_mutex_t lock; /* one change at a time, from the first read to the publishing */
    int64_t revision;
    int64_t stored; /* the store's count of changes when the current one was compiled */
};

enum status policy_new(struct store *store, const struct master *master, struct quota_book *book,
                       struct snapshot_box *box, struct policy **ret, struct why *why)
{
    struct policy *p = calloc(1, sizeof *p);

    if (!p)
        return fail_memory(why);
    *p = (struct policy){.store = store, .master = master, .book = book, .box = box};
    pthread_mutex_init(&p->lock, NULL);
    *ret = p;
    return ST_OK;
}

void policy_free(struct policy *p)
{
    if (!p)
        return;
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* What the store holds now, compiled. `sources` tells where some of it was read just now. */
static enum status compile(const struct policy *p, const struct policy_items *sources,
                           struct snapshot **ret, struct why *why)
{
    auto_policy_items struct policy_items items = {0};
    enum status st = store_load_policy(p->store, &items, why);

    if (st == ST_OK)
        st = policy_items_trace(&items, sources, why);
    if (st != ST_OK)
        return st;
    return snapshot_new(&items, p->master, p->book, p->store, p->revision + 1, ret, why);
}

static void publish(struct policy *p, struct snapshot *snapshot, int64_t stored)
{
    p->revision++;
    p->stored = stored;
    snapshot_publish(p->box, snapshot);
}

/* All is read of one moment, whatever others change meanwhile. */
static enum status reload_locked(struct policy *p, struct why *why)
{
    const struct policy_items nothing = {0};
    auto_snapshot struct snapshot *snapshot = NULL;
    int64_t stored = 0;
    enum status st = store_begin_read(p->store, why);

    if (st != ST_OK)
        return st;
    st = store_policy_changes(p->store, &stored, why);
    if (st == ST_OK)
        st = compile(p, &nothing, &snapshot, why);
    store_rollback(p->store);
    st = memory_blame(st, why);
    if (st == ST_OK)
        publish(p, take(snapshot), stored);
    return st;
}

enum status policy_reload(struct policy *p, struct why *why)
{
    enum status st;

    pthread_mutex_lock(&p->lock);
    st = reload_locked(p, why);
    pthread_mutex_unlock(&p->lock);
    return st;
}

enum status policy_follow(struct policy *p, bool *ret_changed, struct why *why)
{
    int64_t stored = 0;
    enum status st;

    pthread_mutex_lock(&p->lock);
    st = store_policy_changes(p->store, &stored, why);
    *ret_changed = st == ST_OK && stored != p->stored;
    if (*ret_changed)
        st = reload_locked(p, why);
    pthread_mutex_unlock(&p->lock);
    return st;
}

/* Adds to `sources` what it writes. */
typedef enum status policy_work(struct policy *p, void *ctx, struct policy_items *sources,
                                struct why *why);

/* The work's writes in one transaction, which counts only if the whole is valid. */
static enum status change_locked(struct policy *p, policy_work *work, void *ctx, struct why *why)
{
    auto_policy_items struct policy_items sources = {0};
    auto_snapshot struct snapshot *snapshot = NULL;
    int64_t stored = 0;
    enum status st = store_begin(p->store, why);

    if (st != ST_OK)
        return st;
    st = work(p, ctx, &sources, why);
    if (st == ST_OK)
        st = compile(p, &sources, &snapshot, why);
    if (st == ST_OK)
        st = store_count_policy_change(p->store, &stored, why);
    st = memory_blame(st, why);
    if (st != ST_OK) {
        store_rollback(p->store);
        return st;
    }
    st = store_commit(p->store, why);
    if (st != ST_OK)
        return st;
    publish(p, take(snapshot), stored);
    return ST_OK;
}

static enum status change(struct policy *p, policy_work *work, void *ctx, struct why *why)
{
    enum status st;

    pthread_mutex_lock(&p->lock);
    st = change_locked(p, work, ctx, why);
    pthread_mutex_unlock(&p->lock);
    return st;
}

/* ---- many at once ---- */

struct apply {
    const struct policy_items *items;
    enum policy_apply how;
};

static bool goes(const struct apply *a, const struct policy_item *old)
{
    if (a->how == POLICY_ADD || old->kind == POLICY_KEY ||
        policy_items_find(a->items, old->kind, old->name))
        return false;
    return a->how == POLICY_REPLACE || old->origin == FROM_CONFIG;
}

static enum status remove_others(struct policy *p, const struct apply *a,
                                 const struct policy_items *old, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < old->count; i++)
        if (goes(a, &old->items[i]))
            st = store_delete_policy(p->store, old->items[i].kind, old->items[i].name, why);
    return st;
}

/* A stored key is not replaced: what it made must still open, or must not any more. */
static enum status put_item(struct policy *p, const struct policy_items *old,
                            const struct policy_item *item, enum policy_origin origin,
                            struct why *why)
{
    const struct policy_item *stored =
        item->kind == POLICY_KEY ? policy_items_find(old, item->kind, item->name) : NULL;
    auto_free char *merged = NULL;
    enum status st = ST_OK;

    if (stored)
        st = keyring_merge(stored->document, item->document, p->master, &merged, why);
    if (st != ST_OK)
        return policy_item_blame(item, st, why);
    return store_put_policy(p->store, item->kind, item->name, merged ? merged : item->document,
                            origin, NULL, why);
}

static enum status apply_all(struct policy *p, void *ctx, struct policy_items *sources,
                             struct why *why)
{
    const struct apply *a = ctx;
    enum policy_origin origin = a->how == POLICY_FILES ? FROM_CONFIG : FROM_ADMIN;
    auto_policy_items struct policy_items old = {0};
    enum status st = store_load_policy(p->store, &old, why);

    if (st == ST_OK)
        st = remove_others(p, a, &old, why);
    for (size_t i = 0; st == ST_OK && i < a->items->count; i++) {
        const struct policy_item *item = &a->items->items[i];

        st = put_item(p, &old, item, origin, why);
        if (st == ST_OK)
            st = policy_items_add(sources, item->kind, item->name, "", item->source, why);
    }
    return st;
}

enum status policy_apply(struct policy *p, const struct policy_items *items, enum policy_apply how,
                         struct why *why)
{
    enum status st = config_check_key(items, p->master, why);

    return st == ST_OK ? change(p, apply_all, &(struct apply){items, how}, why) : st;
}

/* ---- one ---- */

struct one {
    enum policy_kind kind;
    const char *name;
    bool *ret_new;
    policy_edit *edit;
    void *ctx;
};

static enum status delete_one(struct policy *p, void *ctx, struct policy_items *sources,
                              struct why *why)
{
    const struct one *one = ctx;

    (void)sources;
    return store_delete_policy(p->store, one->kind, one->name, why);
}

enum status policy_delete(struct policy *p, enum policy_kind kind, const char *name,
                          struct why *why)
{
    enum status st = change(p, delete_one, &(struct one){.kind = kind, .name = name}, why);

    /* What is left was valid before: it is the deletion that a rule can't bear. */
    return st == ST_CONFLICT ? fail_at(why, st, name, "%s speaks of this %s",
                                       why ? why->place : "a rule", policy_kind_word(kind))
                             : st;
}

static enum status edit_one(struct policy *p, void *ctx, struct policy_items *sources,
                            struct why *why)
{
    const struct one *one = ctx;
    auto_policy_items struct policy_items items = {0};
    auto_free char *name = NULL;
    auto_free char *document = NULL;
    enum status st = store_load_policy(p->store, &items, why);

    if (st == ST_OK)
        st = one->edit(one->ctx, &items, &name, &document, why);
    if (st == ST_OK)
        st = policy_items_add(sources, one->kind, name, "", "", why);
    if (st != ST_OK)
        return st;
    return store_put_policy(p->store, one->kind, name, document, FROM_ADMIN, one->ret_new, why);
}

enum status policy_change(struct policy *p, enum policy_kind kind, policy_edit *edit, void *ctx,
                          bool *ret_new, struct why *why)
{
    return change(p, edit_one,
                  &(struct one){.kind = kind, .edit = edit, .ctx = ctx, .ret_new = ret_new}, why);
}
