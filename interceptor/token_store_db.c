#include "interceptor/token_store_db.h"

#include "common/db.h"

#include <pthread.h>
#include <string.h>

/* A call that waits for its pseudonyms. */
struct waiting {
    struct token_request *requests;
    size_t count;
    enum status result;
    struct why why;
    bool done;
    struct waiting *next;
};

/* Group commit: whoever finds nobody at work takes all that wait, his own among them, through one
 * transaction; the others sleep until it is over. */
struct token_store_db {
    struct store *store;
    struct token_store interface;
    pthread_mutex_t lock;
    pthread_cond_t over;
    struct waiting *first;
    struct waiting **end;
    bool busy;
};

enum { GROUP_MAX = 256 };

/* ---- one request ---- */

static enum status find(struct db *db, const struct token_request *r, bool *ret_found, char *ret,
                        size_t *ret_len, struct why *why)
{
    struct db_stmt *q;
    enum status st =
        db_prepare(db, "SELECT pseudonym FROM pseudonym WHERE scope = ?1 AND lookup = ?2", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_blob(q, 1, r->scope, sizeof r->scope);
    db_bind_blob(q, 2, r->lookup, sizeof r->lookup);
    st = db_step(q, ret_found, why);
    if (st == ST_OK && *ret_found) {
        struct slice found = db_bytes(q, 0);
        size_t room = r->length > TOKEN_LONG ? r->length : TOKEN_LONG;

        if (found.len <= room) {
            memcpy(ret, found.data, found.len);
            *ret_len = found.len;
        } else {
            st = fail(why, ST_IO, "the token store holds a pseudonym of a wrong length");
        }
    }
    db_reset(q);
    return st;
}

/* Makes the row unless the pseudonym is taken. */
static int claim(void *context, const struct token_request *r, struct slice pseudonym,
                 struct why *why)
{
    struct db *db = context;
    struct db_stmt *q;
    enum status st = db_prepare(db,
                                "INSERT INTO pseudonym (scope, lookup, pseudonym, sealed)"
                                " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                                &q, why);

    if (st != ST_OK)
        return -1;
    db_bind_blob(q, 1, r->scope, sizeof r->scope);
    db_bind_blob(q, 2, r->lookup, sizeof r->lookup);
    db_bind_slice(q, 3, pseudonym);
    db_bind_blob(q, 4, r->sealed.data, r->sealed.len);
    if (db_run(q, why) != ST_OK)
        return -1;
    return db_changes(db) > 0 ? 1 : 0;
}

static enum status assign_one(struct db *db, struct token_request *r, bool *ret_drawn,
                              struct why *why)
{
    bool found = false;
    enum status st = find(db, r, &found, r->ret, &r->ret_len, why);

    if (st != ST_OK || found)
        return st;
    *ret_drawn = true;
    return token_draw(r, claim, db, why);
}

/* ---- a group ---- */

static enum status assign_call(struct db *db, struct waiting *w, bool *ret_drawn)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < w->count && st == ST_OK; i++)
        st = assign_one(db, &w->requests[i], ret_drawn, &w->why);
    return st;
}

static void fail_group(struct waiting *group, enum status st, const struct why *why)
{
    for (struct waiting *w = group; w; w = w->next) {
        w->result = st;
        w->why = *why;
    }
}

/* One transaction for the whole group: what fails, fails for all. */
static void run_group(struct token_store_db *t, struct waiting *group)
{
    struct why why = {0};
    bool drawn = false;
    enum status st = store_begin(t->store, &why);
    struct db *db;

    if (st != ST_OK) {
        fail_group(group, st, &why);
        return;
    }
    db = store_lock(t->store);
    for (struct waiting *w = group; w && st == ST_OK; w = w->next) {
        st = assign_call(db, w, &drawn);
        why = w->why;
    }
    store_unlock(t->store);
    if (st == ST_OK && drawn)
        st = store_commit(t->store, &why);
    else
        store_rollback(t->store); /* nothing was written, or nothing of it may stay */
    if (st != ST_OK)
        fail_group(group, st, &why);
}

/* With the lock held. */
static struct waiting *take_group(struct token_store_db *t)
{
    struct waiting *group = t->first;
    struct waiting *last = group;

    for (size_t n = 1; n < GROUP_MAX && last->next; n++)
        last = last->next;
    t->first = last->next;
    last->next = NULL;
    if (!t->first)
        t->end = &t->first;
    return group;
}

/* With the lock held, which is given up meanwhile. */
static void lead(struct token_store_db *t)
{
    struct waiting *group = take_group(t);

    t->busy = true;
    pthread_mutex_unlock(&t->lock);
    run_group(t, group);
    pthread_mutex_lock(&t->lock);
    t->busy = false;
    while (group) {
        struct waiting *next = group->next; /* a done call's memory may go at once */

        group->done = true;
        group = next;
    }
    pthread_cond_broadcast(&t->over);
}

static enum status assign(void *context, struct token_request *requests, size_t count,
                          struct why *why)
{
    struct token_store_db *t = context;
    struct waiting own = {.requests = requests, .count = count};

    pthread_mutex_lock(&t->lock);
    *t->end = &own;
    t->end = &own.next;
    while (!own.done) {
        if (t->busy)
            pthread_cond_wait(&t->over, &t->lock);
        else
            lead(t);
    }
    pthread_mutex_unlock(&t->lock);
    if (own.result != ST_OK && why)
        *why = own.why;
    return own.result;
}

/* ---- back ---- */

static enum status resolve_one(struct db *db, struct token_query *query, struct why *why)
{
    struct db_stmt *q;
    struct slice sealed;
    enum status st =
        db_prepare(db, "SELECT sealed FROM pseudonym WHERE scope = ?1 AND pseudonym = ?2", &q, why);

    if (st != ST_OK)
        return st;
    db_bind_blob(q, 1, query->scope, sizeof query->scope);
    db_bind_slice(q, 2, query->pseudonym);
    st = db_step(q, &query->ret_found, why);
    if (st == ST_OK && query->ret_found) {
        sealed = db_bytes(q, 0);
        query->ret_sealed = (struct slice){slice_dup(sealed), sealed.len};
        if (!query->ret_sealed.data)
            st = fail_memory(why);
    }
    db_reset(q);
    return st;
}

static void release(void *context, struct token_query *queries, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        if (queries[i].ret_found)
            free((char *)(uintptr_t)queries[i].ret_sealed.data);
        queries[i].ret_sealed = (struct slice){0};
    }
}

static enum status resolve(void *context, struct token_query *queries, size_t count,
                           struct why *why)
{
    struct token_store_db *t = context;
    struct db *db = store_lock(t->store);
    enum status st = ST_OK;
    size_t done;

    for (done = 0; done < count && st == ST_OK; done++)
        st = resolve_one(db, &queries[done], why);
    store_unlock(t->store);
    if (st != ST_OK)
        release(context, queries, done);
    return st;
}

/* ---- its life ---- */

enum status token_store_db_new(struct store *store, struct token_store_db **ret, struct why *why)
{
    struct token_store_db *t = calloc(1, sizeof *t);

    if (!t)
        return fail_memory(why);
    t->store = store;
    t->end = &t->first;
    t->interface = (struct token_store){
        .context = t, .assign = assign, .resolve = resolve, .release = release};
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->over, NULL);
    *ret = t;
    return ST_OK;
}

void token_store_db_free(struct token_store_db *t)
{
    if (!t)
        return;
    pthread_cond_destroy(&t->over);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

enum status token_store_db_has_any(struct store *store, bool *ret, struct why *why)
{
    struct db *db = store_lock(store);
    struct db_stmt *q;
    enum status st = db_prepare(db, "SELECT 1 FROM pseudonym LIMIT 1", &q, why);

    if (st == ST_OK) {
        st = db_step(q, ret, why);
        db_reset(q);
    }
    store_unlock(store);
    return st;
}

const struct token_store *token_store_db_interface(const struct token_store_db *t)
{
    return &t->interface;
}
