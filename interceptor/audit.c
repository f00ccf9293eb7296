#include "interceptor/audit_batch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum {
    LINGER_MS = 50,        /* after the first row, so that a commit holds many */
    RETRY_MS = 200,        /* after a commit that failed */
    STOP_MS = 5000,        /* at the end such commits are tried for so long */
    TELL_EVERY = 50,       /* such commits: the log need not have each */
    TRIM_EVERY_MS = 60000, /* where no rows come */
    DAY_S = 86400,
    ROW_BYTES = 1024,       /* of the queue, for each row that it may have, */
    QUEUE_BYTES = 64 << 20, /* and at least so much */
    MUCH = 768 << 10, /* bytes of rows that are not left to gather: less than a buffer keeps */
};

struct audit {
    pthread_mutex_t lock;
    pthread_cond_t work;  /* for the writer: rows, or the end */
    pthread_cond_t space; /* for callers: a commit came through */
    struct buf queue;     /* accepted rows that the writer has not taken yet */
    size_t queued;        /* rows that are not on disk: the queue's and the batch's */
    size_t many;          /* so many are not left to gather */
    size_t bytes_max;     /* of the queue; the batch may have as much */
    size_t awaited;       /* calls of audit_flush that wait */
    bool stopping;
    bool failing;        /* the last commit did */
    uint64_t stop_at_us; /* what can't be written by then is lost */
    uint64_t accepted;
    struct audit_counts counts;

    struct store *store;
    struct audit_batch batch; /* the writer's */
    struct audit_chain chain; /* the writer's */
    struct audit_settings settings;
    const struct clock *clock;
    const struct log *log;
    struct timespec trim_at; /* when to look for old rows, if none are written before */
    int64_t removed;         /* rows that the log has not told of yet */
    uint64_t told_at_us;
    pthread_t writer;
    bool started;
};

static struct timespec in_ms(unsigned ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* ---- the writer ---- */

static bool is_limited(const struct audit *a)
{
    return a->settings.keep_days > 0 || a->settings.keep_rows > 0;
}

static enum status write_rows(struct audit *a, struct audit_done *ret, struct why *why)
{
    int64_t kept_us = a->settings.keep_days * DAY_S * 1000000;
    const struct audit_trim trim = {
        .before_us = kept_us > 0 ? clock_now_us(a->clock) - kept_us : INT64_MIN,
        .keep = a->settings.keep_rows,
    };

    return audit_batch_write(&a->batch, &a->chain, a->store, is_limited(a) ? &trim : NULL, ret,
                             why);
}

/* Rows that go with each commit are told of together. */
static void note_removed(struct audit *a, int64_t removed)
{
    uint64_t now_us = clock_monotonic_us();

    a->trim_at = in_ms(removed < AUDIT_TRIM_MAX ? TRIM_EVERY_MS : 0);
    a->removed += removed;
    if (a->removed == 0 || now_us < a->told_at_us + TRIM_EVERY_MS * 1000)
        return;
    log_write(a->log, LOG_INFO, "old audit rows removed", LOG_NUMBER("rows", a->removed));
    a->removed = 0;
    a->told_at_us = now_us;
}

/* With the lock held: what is queued becomes the batch, if that is empty. */
static void take_queue(struct audit *a)
{
    struct buf empty = a->batch.bytes;

    if (empty.len > 0)
        return;
    a->batch.bytes = a->queue;
    a->queue = empty;
}

static void tell_failure(const struct audit *a, size_t waiting, const struct why *why)
{
    log_write(a->log, LOG_ERROR,
              waiting > 0 ? "audit rows could not be written" : "audit rows could not be removed",
              LOG_NUMBER("rows", waiting), LOG_TEXT("reason", why->text));
}

/* Called and returns with the lock held, but lets callers in while it writes; false: the rows could
 * not be written. */
static bool write_batch(struct audit *a)
{
    uint64_t failures = a->counts.failed_commits;
    size_t waiting = a->queued;
    struct audit_done done = {0};
    struct why why = {0};
    enum status st;

    take_queue(a);
    pthread_mutex_unlock(&a->lock);
    st = write_rows(a, &done, &why);
    audit_batch_empty(&a->batch);
    note_removed(a, st == ST_OK ? done.removed : 0);
    if (st != ST_OK && failures % TELL_EVERY == 0)
        tell_failure(a, waiting, &why);
    pthread_mutex_lock(&a->lock);
    a->failing = st != ST_OK;
    if (a->failing) {
        a->counts.failed_commits++;
        return false;
    }
    a->queued -= done.added;
    a->counts.written += done.added;
    pthread_cond_broadcast(&a->space);
    return true;
}

/* With the lock held: until there are rows, the end, or old rows to look for. */
static void wait_for_work(struct audit *a)
{
    int result = 0;

    while (a->queued == 0 && !a->stopping && result != ETIMEDOUT)
        result = is_limited(a) ? pthread_cond_timedwait(&a->work, &a->lock, &a->trim_at)
                               : pthread_cond_wait(&a->work, &a->lock);
}

/* With the lock held. A manifest with very many attributes makes records of megabytes. */
static bool is_full(const struct audit *a)
{
    return a->queued >= a->settings.queue_max || a->queue.len >= a->bytes_max;
}

static bool are_many(const struct audit *a)
{
    return a->queued >= a->many || a->queue.len >= MUCH;
}

/* Lets rows gather, unless they are awaited or many; after a commit that failed it takes its time. */
static void let_gather(struct audit *a, bool written)
{
    struct timespec until = in_ms(written ? LINGER_MS : RETRY_MS);

    while (!(written && (a->stopping || a->awaited > 0 || are_many(a))) &&
           pthread_cond_timedwait(&a->work, &a->lock, &until) != ETIMEDOUT)
        ;
}

static void *writer_main(void *ctx)
{
    struct audit *a = ctx;
    bool written = true;

    pthread_mutex_lock(&a->lock);
    for (;;) {
        wait_for_work(a);
        if (a->stopping && (a->queued == 0 || (!written && clock_monotonic_us() >= a->stop_at_us)))
            break; /* all is on disk, or can't be brought there */
        let_gather(a, written);
        written = write_batch(a);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* ---- from outside ---- */

static void init_locks(struct audit *a)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->work, &monotonic);
    pthread_cond_init(&a->space, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

enum status audit_open(struct store *store, const struct master *master,
                       const struct audit_settings *settings, const struct clock *clock,
                       const struct log *log, struct audit **ret, struct why *why)
{
    auto_audit struct audit *a = calloc(1, sizeof *a);
    enum status st;

    if (!a)
        return fail_memory(why);
    init_locks(a);
    buf_init(&a->queue, SIZE_MAX);
    buf_init(&a->batch.bytes, SIZE_MAX);
    a->store = store;
    a->settings = *settings;
    a->many = settings->queue_max / 2;
    a->bytes_max = settings->queue_max * ROW_BYTES;
    if (a->bytes_max < QUEUE_BYTES)
        a->bytes_max = QUEUE_BYTES;
    a->clock = clock;
    a->log = log;
    st = audit_chain_load(&a->chain, store, master, why);
    if (st != ST_OK)
        return st;
    if (pthread_create(&a->writer, NULL, writer_main, a) != 0)
        return fail(why, ST_INTERNAL, "the audit writer could not be started");
    a->started = true;
    *ret = take(a);
    return ST_OK;
}

void audit_close(struct audit *a)
{
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->stopping = true;
    a->stop_at_us = clock_monotonic_us() + STOP_MS * 1000;
    pthread_cond_broadcast(&a->work);
    pthread_mutex_unlock(&a->lock);
    if (a->started)
        pthread_join(a->writer, NULL);
    if (a->queued > 0)
        log_write(a->log, LOG_ERROR, "audit rows are lost", LOG_NUMBER("rows", a->queued));
    buf_done(&a->queue);
    buf_done(&a->batch.bytes);
    audit_chain_done(&a->chain);
    pthread_cond_destroy(&a->work);
    pthread_cond_destroy(&a->space);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

/* With the lock held: whether there is room before the deadline. */
static bool wait_for_space(struct audit *a)
{
    struct timespec until;

    if (!is_full(a))
        return true;
    until = in_ms(a->settings.deadline_ms);
    while (is_full(a))
        if (pthread_cond_timedwait(&a->space, &a->lock, &until) == ETIMEDOUT)
            return !is_full(a);
    return true;
}

/* With the lock held. */
static void count_accepted(struct audit *a)
{
    a->accepted++;
    a->queued++;
    if (a->queued == 1 || are_many(a))
        pthread_cond_signal(&a->work);
}

enum status audit_add(struct audit *a, const char *tenant, struct slice record, struct why *why)
{
    int64_t at_us = clock_now_us(a->clock);
    enum status st;

    pthread_mutex_lock(&a->lock);
    if (wait_for_space(a)) {
        st = audit_row_pack(&a->queue, at_us, slice_of(tenant), record, why);
        if (st == ST_OK)
            count_accepted(a);
    } else {
        a->counts.refused++;
        st = fail(why, ST_BUSY, "the audit trail can't keep up");
    }
    pthread_mutex_unlock(&a->lock);
    return st;
}

enum status audit_flush(struct audit *a, unsigned deadline_ms, struct why *why)
{
    struct timespec until = in_ms(deadline_ms);
    uint64_t target;
    bool done;

    pthread_mutex_lock(&a->lock);
    target = a->accepted;
    a->awaited++;
    pthread_cond_signal(&a->work);
    while (a->counts.written < target)
        if (pthread_cond_timedwait(&a->space, &a->lock, &until) == ETIMEDOUT)
            break;
    a->awaited--;
    done = a->counts.written >= target;
    pthread_mutex_unlock(&a->lock);
    return done ? ST_OK : fail(why, ST_TIMEOUT, "the audit trail is not on disk yet");
}

struct audit_counts audit_counts(struct audit *a)
{
    struct audit_counts counts;

    pthread_mutex_lock(&a->lock);
    counts = a->counts;
    counts.queued = a->queued;
    counts.stuck = a->failing && is_full(a);
    pthread_mutex_unlock(&a->lock);
    return counts;
}
