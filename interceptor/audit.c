#include "interceptor/audit.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum {
    LINGER_MS = 10,  /* after the first row, so that a commit holds many */
    RETRY_MS = 200,  /* after a commit that failed */
    TELL_EVERY = 50, /* such commits: the log need not have each */
    BATCH_MAX = 1000,
    TRIM_EVERY_S = 60,
    DAY_S = 86400,
};

struct entry {
    struct entry *next;
    int64_t at_us;
    const char *tenant; /* in `text` */
    const char *record;
    char text[];
};

/* Entries stand in one list from their acceptance until they are on disk. */
struct audit {
    pthread_mutex_t lock;
    pthread_cond_t work;  /* for the writer: rows, or the end */
    pthread_cond_t space; /* for callers: a commit came through */
    struct entry *first;
    struct entry **end;
    size_t queued;
    bool stopping;
    uint64_t accepted;
    struct audit_counts counts;

    struct store *store;
    struct audit_chain chain; /* the writer's */
    struct audit_settings settings;
    const struct clock *clock;
    const struct log *log;
    int64_t trimmed_at_s;
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

/* So many rows from the front of the list, which others only ever extend at its end; *from becomes
 * the last of them. */
static enum status write_rows(struct audit *a, struct entry **from, size_t count, struct why *why)
{
    enum status st = store_begin(a->store, why);

    if (st != ST_OK)
        return st;
    st = audit_chain_refresh(&a->chain, a->store, why);
    for (size_t i = 0; i < count && st == ST_OK; i++) {
        struct audit_row row = {
            .at_us = (*from)->at_us, .tenant = (*from)->tenant, .record = (*from)->record};

        st = audit_chain_next(&a->chain, &row, why);
        if (st == ST_OK)
            st = store_add_audit(a->store, &row, why);
        if (i + 1 < count)
            *from = (*from)->next; /* behind the last one others append */
    }
    if (st == ST_OK)
        st = audit_chain_save(&a->chain, a->store, why);
    if (st == ST_OK)
        return store_commit(a->store, why);
    store_rollback(a->store);
    return st;
}

static void trim(struct audit *a)
{
    int64_t now_s = clock_now_us(a->clock) / 1000000;
    int64_t before_us =
        a->settings.keep_days > 0 ? (now_s - a->settings.keep_days * DAY_S) * 1000000 : 0;
    int64_t removed = 0;
    struct why why = {0};
    enum status st;

    if ((a->settings.keep_days == 0 && a->settings.keep_rows == 0) ||
        now_s - a->trimmed_at_s < TRIM_EVERY_S)
        return;
    a->trimmed_at_s = now_s;
    st = store_begin(a->store, &why);
    if (st == ST_OK) {
        st =
            audit_chain_trim(&a->chain, a->store, before_us, a->settings.keep_rows, &removed, &why);
        if (st == ST_OK)
            st = store_commit(a->store, &why);
        else
            store_rollback(a->store);
    }
    if (st != ST_OK)
        log_write(a->log, LOG_ERROR, "audit rows could not be removed",
                  LOG_TEXT("reason", why.text));
    else if (removed > 0)
        log_write(a->log, LOG_INFO, "old audit rows removed", LOG_NUMBER("rows", removed));
}

static void free_rows(struct entry *rows)
{
    while (rows) {
        struct entry *next = rows->next;

        free(rows);
        rows = next;
    }
}

/* With the lock held: takes the rows up to `last` off the list. */
static struct entry *take_rows(struct audit *a, struct entry *last, size_t count)
{
    struct entry *rows = a->first;

    a->first = last->next;
    last->next = NULL;
    if (!a->first)
        a->end = &a->first;
    a->queued -= count;
    a->counts.written += count;
    pthread_cond_broadcast(&a->space);
    return rows;
}

/* Called and returns with the lock held, but lets callers in while it writes and frees; false: the
 * rows could not be written. */
static bool write_batch(struct audit *a)
{
    size_t count = a->queued < BATCH_MAX ? a->queued : BATCH_MAX;
    struct entry *last = a->first;
    struct entry *written = NULL;
    uint64_t failures = a->counts.failed_commits;
    struct why why = {0};
    enum status st;

    pthread_mutex_unlock(&a->lock);
    st = write_rows(a, &last, count, &why);
    if (st == ST_OK)
        trim(a);
    else if (failures % TELL_EVERY == 0)
        log_write(a->log, LOG_ERROR, "audit rows could not be written", LOG_NUMBER("rows", count),
                  LOG_TEXT("reason", why.text));
    pthread_mutex_lock(&a->lock);
    if (st == ST_OK)
        written = take_rows(a, last, count);
    else
        a->counts.failed_commits++;
    pthread_mutex_unlock(&a->lock);
    free_rows(written);
    pthread_mutex_lock(&a->lock);
    return st == ST_OK;
}

static void pause_ms(struct audit *a, unsigned ms)
{
    struct timespec until = in_ms(ms);

    while (!a->stopping && pthread_cond_timedwait(&a->work, &a->lock, &until) != ETIMEDOUT)
        ;
}

static void *writer_main(void *ctx)
{
    struct audit *a = ctx;
    bool written = true;

    pthread_mutex_lock(&a->lock);
    for (;;) {
        while (!a->first && !a->stopping)
            pthread_cond_wait(&a->work, &a->lock);
        if (!a->first || (a->stopping && !written))
            break; /* all is on disk, or can't be brought there */
        pause_ms(a, written ? LINGER_MS : RETRY_MS);
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
    a->end = &a->first;
    a->store = store;
    a->settings = *settings;
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
    pthread_cond_broadcast(&a->work);
    pthread_mutex_unlock(&a->lock);
    if (a->started)
        pthread_join(a->writer, NULL);
    if (a->queued > 0)
        log_write(a->log, LOG_ERROR, "audit rows are lost", LOG_NUMBER("rows", a->queued));
    free_rows(a->first);
    audit_chain_done(&a->chain);
    pthread_cond_destroy(&a->work);
    pthread_cond_destroy(&a->space);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

static struct entry *entry_new(int64_t at_us, const char *tenant, struct slice record)
{
    size_t tenant_size = strlen(tenant) + 1;
    struct entry *entry = malloc(sizeof *entry + tenant_size + record.len + 1);

    if (!entry)
        return NULL;
    memcpy(entry->text, tenant, tenant_size);
    memcpy(entry->text + tenant_size, record.data, record.len);
    entry->text[tenant_size + record.len] = '\0';
    entry->next = NULL;
    entry->at_us = at_us;
    entry->tenant = entry->text;
    entry->record = entry->text + tenant_size;
    return entry;
}

/* With the lock held: whether there is room before the deadline. */
static bool wait_for_space(struct audit *a)
{
    struct timespec until;

    if (a->queued < a->settings.queue_max)
        return true;
    until = in_ms(a->settings.deadline_ms);
    while (a->queued >= a->settings.queue_max)
        if (pthread_cond_timedwait(&a->space, &a->lock, &until) == ETIMEDOUT)
            return a->queued < a->settings.queue_max;
    return true;
}

static void append(struct audit *a, struct entry *entry)
{
    *a->end = entry;
    a->end = &entry->next;
    a->accepted++;
    if (a->queued++ == 0)
        pthread_cond_signal(&a->work);
}

enum status audit_add(struct audit *a, const char *tenant, struct slice record, struct why *why)
{
    struct entry *entry = entry_new(clock_now_us(a->clock), tenant, record);
    bool accepted;

    if (!entry)
        return fail_memory(why);
    pthread_mutex_lock(&a->lock);
    accepted = wait_for_space(a);
    if (accepted)
        append(a, entry);
    else
        a->counts.refused++;
    pthread_mutex_unlock(&a->lock);
    if (accepted)
        return ST_OK;
    free(entry);
    return fail(why, ST_BUSY, "the audit trail can't keep up");
}

enum status audit_flush(struct audit *a, unsigned deadline_ms, struct why *why)
{
    struct timespec until = in_ms(deadline_ms);
    uint64_t target;
    bool done;

    pthread_mutex_lock(&a->lock);
    target = a->accepted;
    while (a->counts.written < target)
        if (pthread_cond_timedwait(&a->space, &a->lock, &until) == ETIMEDOUT)
            break;
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
    pthread_mutex_unlock(&a->lock);
    return counts;
}
