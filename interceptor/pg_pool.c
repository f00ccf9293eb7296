#include "interceptor/pg_pool.h"

#include "common/clock.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { WAIT_MS = 2000, FIRST_DELAY_MS = 200, LAST_DELAY_MS = 10000 };

/* How often work, or the setting up of a connection, is begun where connections get lost. */
enum { TRIES = 3 };

struct pg_pool {
    const char *url;
    pg_work *prepare;
    void *context;
    const struct log *log;
    pthread_mutex_t lock;
    pthread_cond_t freed; /* a connection came back, or one less is open */
    struct pg_conn *idle[PG_POOL_MAX];
    size_t idle_count;
    size_t open;       /* idle, in use or being made */
    size_t connecting; /* of them */
    /* The last try to connect failed, if delay_ms is not 0. */
    unsigned delay_ms;
    uint64_t next_try_us;
    enum status failure;
    struct why why;
};

/* ---- what the last try brought; with the lock held ---- */

static void note_failure(struct pg_pool *p, enum status st, const struct why *why)
{
    if (p->delay_ms == 0 || strcmp(p->why.text, why->text) != 0)
        log_write(p->log, LOG_WARN, "token store out of reach", LOG_TEXT("reason", why->text));
    p->delay_ms = p->delay_ms == 0 ? FIRST_DELAY_MS : p->delay_ms * 2;
    if (p->delay_ms > LAST_DELAY_MS)
        p->delay_ms = LAST_DELAY_MS;
    p->next_try_us = clock_monotonic_us() + (uint64_t)p->delay_ms * 1000;
    p->failure = st;
    p->why = *why;
}

static void note_success(struct pg_pool *p)
{
    if (p->delay_ms > 0)
        log_write(p->log, LOG_INFO, "token store reached");
    p->delay_ms = 0;
}

/* ---- taking and giving back ---- */

static enum status make(struct pg_pool *p, struct pg_conn **ret, struct why *why)
{
    auto_pg_conn struct pg_conn *c = NULL;
    enum status st = pg_connect(p->url, &c, why);

    if (st == ST_OK)
        st = p->prepare(c, p->context, why);
    if (st == ST_OK)
        *ret = take(c);
    return st;
}

/* A session may end while it is set up, too: that tells as little of the database as the end of
 * another. */
static enum status make_one(struct pg_pool *p, struct pg_conn **ret, struct why *why)
{
    enum status st = make(p, ret, why);

    for (int tries = 1; st == ST_BUSY && tries < TRIES; tries++)
        st = make(p, ret, why);
    return st;
}

/* With the lock held, which is given up meanwhile. */
static enum status connect_one(struct pg_pool *p, struct pg_conn **ret, struct why *why)
{
    struct why own = {0};
    enum status st;

    p->open++;
    p->connecting++;
    pthread_mutex_unlock(&p->lock);
    st = make_one(p, ret, &own);
    pthread_mutex_lock(&p->lock);
    p->connecting--;
    if (st == ST_OK) {
        note_success(p);
        return st;
    }
    p->open--;
    note_failure(p, st, &own);
    pthread_cond_broadcast(&p->freed);
    return fail(why, st, "%s", own.text);
}

static bool may_connect(const struct pg_pool *p)
{
    if (p->open == PG_POOL_MAX)
        return false;
    return p->delay_ms == 0 || (p->connecting == 0 && clock_monotonic_us() >= p->next_try_us);
}

static void close_idle(struct pg_pool *p)
{
    p->open -= p->idle_count;
    while (p->idle_count > 0)
        pg_close(p->idle[--p->idle_count]);
}

/* With the lock held. Where no connection can be had while others are in use, theirs are waited
 * for. */
static enum status take_one(struct pg_pool *p, struct pg_conn **ret, struct why *why)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_MS / 1000;
    for (;;) {
        if (p->idle_count > 0) {
            *ret = p->idle[--p->idle_count];
            return ST_OK;
        }
        if (may_connect(p)) {
            enum status st = connect_one(p, ret, why);

            if (st == ST_OK || p->open == p->connecting)
                return st;
        } else if (p->delay_ms > 0 && p->open == p->connecting) {
            return fail(why, p->failure, "%s", p->why.text);
        } else if (pthread_cond_timedwait(&p->freed, &p->lock, &until) == ETIMEDOUT) {
            return fail(why, ST_BUSY, "all %d connections are in use", PG_POOL_MAX);
        }
    }
}

/* With the lock held. The others are as old as one that was lost. */
static void give_back(struct pg_pool *p, struct pg_conn *c, bool spent)
{
    if (spent) {
        pg_close(c);
        p->open--;
        close_idle(p);
    } else {
        p->idle[p->idle_count++] = c;
    }
    pthread_cond_signal(&p->freed);
}

/* ---- work ---- */

static enum status run_once(struct pg_pool *p, pg_work *work, void *context, bool *ret_lost,
                            struct why *why)
{
    struct pg_conn *c = NULL;
    enum status st;

    *ret_lost = false;
    pthread_mutex_lock(&p->lock);
    st = take_one(p, &c, why);
    pthread_mutex_unlock(&p->lock);
    if (st != ST_OK)
        return st;
    st = work(c, context, why);
    *ret_lost = st == ST_BUSY && pg_is_spent(c);
    pthread_mutex_lock(&p->lock);
    if (st == ST_TIMEOUT && pg_is_spent(c))
        note_failure(p, st, why); /* the next ones would wait as long */
    give_back(p, c, pg_is_spent(c));
    pthread_mutex_unlock(&p->lock);
    return st;
}

enum status pg_pool_run(struct pg_pool *p, pg_work *work, void *context, struct why *why)
{
    bool lost = false;
    struct why own = {0};
    enum status st = run_once(p, work, context, &lost, &own);

    for (int tries = 1; lost && tries < TRIES; tries++)
        st = run_once(p, work, context, &lost, &own);
    if (st != ST_OK && why)
        *why = own;
    return st;
}

/* ---- life ---- */

enum status pg_pool_new(const char *url, pg_work *prepare, void *context, const struct log *log,
                        struct pg_pool **ret, struct why *why)
{
    struct pg_pool *p = calloc(1, sizeof *p);
    pthread_condattr_t monotonic;

    if (!p)
        return fail_memory(why);
    p->url = url;
    p->prepare = prepare;
    p->context = context;
    p->log = log;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *ret = p;
    return ST_OK;
}

void pg_pool_free(struct pg_pool *p)
{
    if (!p)
        return;
    close_idle(p);
    pthread_cond_destroy(&p->freed);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
