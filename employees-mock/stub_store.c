#include "employees-mock/stub_store.h"

#include "common/clock.h"
#include "common/memory.h"
#include "employees-mock/left_stubs.h"
#include "employees-mock/stub_ids.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct stub_store {
    pthread_rwlock_t lock;
    struct stub_list all;
    struct left_stubs left;
    struct stub_index index;
    struct stub_ids ids;
    uint64_t last_order;
    struct scenarios *scenarios;
};

/* ---- the store ---- */

enum status stub_store_new(struct stub_store **ret, struct why *why)
{
    struct stub_store *store = calloc(1, sizeof *store);
    pthread_rwlockattr_t attr;
    enum status st;

    if (!store)
        return fail_memory(why);
    st = scenarios_new(&store->scenarios, why);
    if (st != ST_OK) {
        free(store);
        return st;
    }
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&store->lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    *ret = store;
    return ST_OK;
}

struct scenarios *stub_store_scenarios(struct stub_store *store)
{
    return store->scenarios;
}

/* ---- in and out ---- */

/* Takes a stub out of everything but its scenario; the store's reference is the caller's. */
static void take_out(struct stub_store *store, struct stub *s)
{
    stub_ids_remove(&store->ids, s);
    stub_index_remove(&store->index, s);
    stub_list_remove(&store->all, s);
}

/* Takes a stub out of everything; the store's reference is the caller's from then on. */
static void unlink_stub(struct stub_store *store, struct stub *s)
{
    take_out(store, s);
    left_stubs_drop_like(&store->left, store->scenarios, s);
    scenario_drop(store->scenarios, s->scenario);
    s->scenario = NULL;
}

void stub_store_free(struct stub_store *store)
{
    if (!store)
        return;
    stub_store_remove_if(store, NULL, NULL, NULL);
    stub_index_done(&store->index);
    stub_list_done(&store->all);
    stub_ids_done(&store->ids);
    scenarios_free(store->scenarios);
    pthread_rwlock_destroy(&store->lock);
    free(store);
}

/* Puts a stub, whose order is set, into everything. */
static enum status link_stub(struct stub_store *store, struct stub *s, struct why *why)
{
    if (s->scenario_name) {
        s->scenario = scenario_hold(store->scenarios, s->scenario_name);
        if (!s->scenario)
            return fail_memory(why);
    }
    if (!stub_ids_make_room(&store->ids, &store->all) || !stub_list_add(&store->all, s)) {
        scenario_drop(store->scenarios, s->scenario);
        s->scenario = NULL;
        return fail_memory(why);
    }
    stub_ids_put(&store->ids, s);
    stub_hold(s);
    if (!stub_index_add(&store->index, s)) {
        unlink_stub(store, s);
        stub_drop(s);
        return fail_memory(why);
    }
    left_stubs_drop_same(&store->left, store->scenarios, s);
    if (s->ttl_s)
        s->expires_at_us = clock_monotonic_us() + (uint64_t)s->ttl_s * 1000000;
    return ST_OK;
}

static enum status add_locked(struct stub_store *store, struct stub *s, struct why *why)
{
    if (stub_ids_find(&store->ids, s->id))
        return fail(why, ST_CONFLICT,
                    "ID of the provided stub mapping '%s' is already taken by another stub mapping",
                    s->id);
    store->last_order++;
    if (s->file && s->order_said > store->last_order)
        store->last_order = s->order_said;
    s->order = store->last_order;
    return link_stub(store, s, why);
}

/* The scenario is held anew before the old stub lets it go, so that it keeps its state. */
static enum status replace_locked(struct stub_store *store, struct stub *old, struct stub *s,
                                  struct why *why)
{
    struct scenario *kept =
        s->scenario_name ? scenario_hold(store->scenarios, s->scenario_name) : NULL;
    enum status st;

    s->order = old->order;
    if (kept && kept == old->scenario) { /* which goes on listing both */
        take_out(store, old);
        left_stubs_add(&store->left, store->scenarios, old);
        old = NULL;
    } else {
        unlink_stub(store, old);
    }
    st = link_stub(store, s, why);
    scenario_drop(store->scenarios, kept);
    stub_drop(old);
    return st;
}

enum status stub_store_add(struct stub_store *store, struct stub *s, struct why *why)
{
    enum status st;

    pthread_rwlock_wrlock(&store->lock);
    st = add_locked(store, s, why);
    pthread_rwlock_unlock(&store->lock);
    return st;
}

enum status stub_store_replace(struct stub_store *store, struct stub *s, struct why *why)
{
    struct stub *old;
    enum status st;

    pthread_rwlock_wrlock(&store->lock);
    old = stub_ids_find(&store->ids, s->id);
    st = old ? replace_locked(store, old, s, why) : fail(why, ST_NOT_FOUND, "no stub %s", s->id);
    pthread_rwlock_unlock(&store->lock);
    return st;
}

/* What was removed goes into ret, where there is one and room in it. */
static void remove_locked(struct stub_store *store, bool (*which)(void *ctx, struct stub *s),
                          void *ctx, struct stub_list *ret)
{
    for (size_t i = store->all.count; i-- > 0;) {
        struct stub *s = store->all.items[i];

        if (which && !which(ctx, s))
            continue;
        unlink_stub(store, s);
        if (ret && ret->count < ret->cap)
            ret->items[ret->count++] = s;
        else
            stub_drop(s);
    }
}

void stub_store_leave_if(struct stub_store *store, bool (*which)(void *ctx, struct stub *s),
                         void *ctx)
{
    pthread_rwlock_wrlock(&store->lock);
    for (size_t i = store->all.count; i-- > 0;) {
        struct stub *s = store->all.items[i];

        if (!which(ctx, s))
            continue;
        take_out(store, s);
        if (s->scenario)
            left_stubs_add(&store->left, store->scenarios, s);
        else
            stub_drop(s);
    }
    pthread_rwlock_unlock(&store->lock);
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp((*(struct stub *const *)a)->id, (*(struct stub *const *)b)->id);
}

struct listed {
    struct stub **stubs; /* sorted by id */
    size_t count;
    bool others_of_files; /* the others that count are those alone */
};

static bool is_not_listed(void *ctx, struct stub *s)
{
    const struct listed *l = ctx;

    return (s->file || !l->others_of_files) &&
           !bsearch(&s, l->stubs, l->count, sizeof *l->stubs, compare_ids);
}

static enum status remove_others(struct stub_store *store, struct stub *const *stubs, size_t count,
                                 bool of_files, struct why *why)
{
    struct listed listed = {memory_zeroed(count + 1, sizeof(struct stub *)), count, of_files};

    if (!listed.stubs)
        return fail_memory(why);
    if (count)
        memcpy(listed.stubs, stubs, count * sizeof *stubs);
    qsort(listed.stubs, count, sizeof *listed.stubs, compare_ids);
    remove_locked(store, is_not_listed, &listed, NULL);
    free(listed.stubs);
    return ST_OK;
}

enum status stub_store_import(struct stub_store *store, struct stub *const *stubs, size_t count,
                              struct stub_import how, struct why *why)
{
    enum status st = ST_OK;

    pthread_rwlock_wrlock(&store->lock);
    if (how.all_of_files && store->all.count == 0)
        store->last_order = 0;
    for (size_t i = count; i-- > 0 && st == ST_OK;) {
        struct stub *old = stub_ids_find(&store->ids, stubs[i]->id);

        if (old == stubs[i] || (old && how.keep_old))
            continue;
        st = old ? replace_locked(store, old, stubs[i], why) : add_locked(store, stubs[i], why);
    }
    if (st == ST_OK && (how.delete_all_others || how.delete_others_of_files))
        st = remove_others(store, stubs, count, !how.delete_all_others, why);
    pthread_rwlock_unlock(&store->lock);
    return st;
}

struct stub *stub_store_get(struct stub_store *store, const char *id)
{
    struct stub *s;

    pthread_rwlock_rdlock(&store->lock);
    s = stub_ids_find(&store->ids, id);
    if (s && stub_is_spent(s, clock_monotonic_us()))
        s = NULL;
    if (s)
        stub_hold(s);
    pthread_rwlock_unlock(&store->lock);
    return s;
}

struct stub *stub_store_remove(struct stub_store *store, const char *id)
{
    struct stub *s;

    pthread_rwlock_wrlock(&store->lock);
    s = stub_ids_find(&store->ids, id);
    if (s)
        unlink_stub(store, s);
    pthread_rwlock_unlock(&store->lock);
    return s;
}

void stub_store_remove_if(struct stub_store *store, bool (*which)(void *ctx, struct stub *s),
                          void *ctx, struct stub_list *ret)
{
    pthread_rwlock_wrlock(&store->lock);
    if (ret) {
        ret->items = memory_zeroed(store->all.count + 1, sizeof(struct stub *));
        ret->count = 0;
        ret->cap = ret->items ? store->all.count : 0;
    }
    remove_locked(store, which, ctx, ret);
    if (!which)
        left_stubs_clear(&store->left, store->scenarios);
    pthread_rwlock_unlock(&store->lock);
}

static enum status list(struct stub_store *store, bool with_left, struct stub_list *ret,
                        struct why *why)
{
    uint64_t now_us = clock_monotonic_us();
    struct stub_list list = {0};

    pthread_rwlock_rdlock(&store->lock);
    list.items = memory_zeroed(store->all.count + store->left.count + 1, sizeof(struct stub *));
    for (size_t i = 0; list.items && i < store->all.count; i++)
        if (!stub_is_spent(store->all.items[i], now_us))
            list.items[list.count++] = stub_hold(store->all.items[i]);
    for (size_t i = 0; list.items && with_left && i < store->left.count; i++)
        list.items[list.count++] = stub_hold(store->left.items[i]);
    pthread_rwlock_unlock(&store->lock);
    if (!list.items)
        return fail_memory(why);
    *ret = list;
    return ST_OK;
}

enum status stub_store_list(struct stub_store *store, struct stub_list *ret, struct why *why)
{
    return list(store, false, ret, why);
}

enum status stub_store_list_scenarios(struct stub_store *store, struct stub_list *ret,
                                      struct why *why)
{
    return list(store, true, ret, why);
}

void stub_store_unlist(struct stub_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        stub_drop(list->items[i]);
    stub_list_done(list);
}

size_t stub_store_count(struct stub_store *store)
{
    size_t count;

    pthread_rwlock_rdlock(&store->lock);
    count = store->all.count;
    pthread_rwlock_unlock(&store->lock);
    return count;
}

/* ---- matching ---- */

static bool take_turn(void *stub)
{
    return stub_take_turn(stub);
}

/* The pattern is asked first, and one of its times taken with the step of its scenario: only a stub
 * that answers moves the scenario on. */
static enum status try_stub(struct stub_store *store, struct stub *s, const struct mock_request *r,
                            uint64_t now_us, bool *ret, struct why *why)
{
    bool matched = false;
    enum status st;

    *ret = false;
    if (stub_is_spent(s, now_us))
        return ST_OK;
    st = request_pattern_matches(s->pattern, r, &matched, why);
    if (st != ST_OK || !matched)
        return st;
    *ret = s->scenario ? scenario_pass(store->scenarios, s->scenario, s->required_state,
                                       s->new_state, take_turn, s)
                       : stub_take_turn(s);
    return ST_OK;
}

static bool is_spent(void *ctx, struct stub *s)
{
    return stub_is_spent(s, *(const uint64_t *)ctx);
}

enum status stub_store_match(struct stub_store *store, const struct mock_request *r,
                             struct stub **ret, struct why *why)
{
    struct index_walk walk;
    struct stub *s = NULL;
    uint64_t now_us = clock_monotonic_us();
    bool matched = false;
    enum status st = ST_OK;

    pthread_rwlock_rdlock(&store->lock);
    index_walk_start(&store->index, mock_request_url(r), mock_request_path(r), &walk);
    while (st == ST_OK && !matched && (s = index_walk_next(&walk)))
        st = try_stub(store, s, r, now_us, &matched, why);
    s = matched ? stub_hold(s) : NULL;
    pthread_rwlock_unlock(&store->lock);
    if (s && s->limited && stub_is_spent(s, now_us))
        stub_store_remove_if(store, is_spent, &now_us, NULL);
    *ret = s;
    return st;
}
