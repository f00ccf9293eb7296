#include "interceptor/quota.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { MINUTE_MS = 60000 };

struct window {
    int64_t start_ms; /* of the first call */
    int64_t end_ms;   /* 0: no call yet */
    long long used;
};

struct quota {
    pthread_mutex_t lock;
    struct window minute;
    struct window month;
    bool unsaved;
    char *tenant;
    struct quota *next;
};

struct quota_book {
    pthread_mutex_t lock;
    struct quota *first;
};

enum status quota_book_new(struct quota_book **ret, struct why *why)
{
    struct quota_book *book = calloc(1, sizeof *book);

    if (!book)
        return fail_memory(why);
    pthread_mutex_init(&book->lock, NULL);
    *ret = book;
    return ST_OK;
}

static void quota_free(struct quota *quota)
{
    pthread_mutex_destroy(&quota->lock);
    free(quota->tenant);
    free(quota);
}

void quota_book_free(struct quota_book *book)
{
    if (!book)
        return;
    while (book->first) {
        struct quota *quota = book->first;

        book->first = quota->next;
        quota_free(quota);
    }
    pthread_mutex_destroy(&book->lock);
    free(book);
}

int64_t quota_month_end(int64_t start_ms)
{
    time_t seconds = (time_t)(start_ms / 1000);
    struct tm day;
    int month;
    time_t end;

    gmtime_r(&seconds, &day);
    month = (day.tm_mon + 1) % 12;
    day.tm_mon++;
    end = timegm(&day);
    if (day.tm_mon != month) { /* the 31st of a month of 30 days went on into the next one */
        day.tm_mday = 0;
        end = timegm(&day);
    }
    return (int64_t)end * 1000 + start_ms % 1000;
}

static enum status quota_new(struct store *store, const char *tenant, struct quota **ret,
                             struct why *why)
{
    struct quota *quota = calloc(1, sizeof *quota);
    int64_t start_ms = 0;
    int64_t used = 0;
    enum status st = ST_OK;

    if (!quota)
        return fail_memory(why);
    pthread_mutex_init(&quota->lock, NULL);
    quota->tenant = strdup(tenant);
    if (!quota->tenant)
        st = fail_memory(why);
    if (st == ST_OK && store)
        st = store_load_quota(store, tenant, &start_ms, &used, why);
    if (st != ST_OK) {
        quota_free(quota);
        return st;
    }
    if (used > 0)
        quota->month = (struct window){start_ms, quota_month_end(start_ms), used};
    *ret = quota;
    return ST_OK;
}

/* With the lock held. */
static struct quota *find_locked(const struct quota_book *book, const char *tenant)
{
    struct quota *quota = book->first;

    while (quota && strcmp(quota->tenant, tenant) != 0)
        quota = quota->next;
    return quota;
}

static struct quota *find(struct quota_book *book, const char *tenant)
{
    struct quota *quota;

    pthread_mutex_lock(&book->lock);
    quota = find_locked(book, tenant);
    pthread_mutex_unlock(&book->lock);
    return quota;
}

/* Takes `fresh` in, unless somebody else made the tenant's meanwhile: that one is returned. */
static struct quota *add(struct quota_book *book, struct quota *fresh)
{
    struct quota *quota;

    pthread_mutex_lock(&book->lock);
    quota = find_locked(book, fresh->tenant);
    if (!quota) {
        fresh->next = book->first;
        book->first = quota = fresh;
    }
    pthread_mutex_unlock(&book->lock);
    if (quota != fresh)
        quota_free(fresh);
    return quota;
}

/* The store is asked without the book's lock: it has one of its own, under which others come here. */
enum status quota_book_find(struct quota_book *book, struct store *store, const char *tenant,
                            struct quota **ret, struct why *why)
{
    struct quota *quota = find(book, tenant);
    enum status st;

    if (!quota) {
        st = quota_new(store, tenant, &quota, why);
        if (st != ST_OK)
            return st;
        quota = add(book, quota);
    }
    *ret = quota;
    return ST_OK;
}

/* The month as it is now, and whether it changed since it was last saved. */
static bool take_unsaved(struct quota *quota, struct window *ret)
{
    bool unsaved;

    pthread_mutex_lock(&quota->lock);
    unsaved = quota->unsaved;
    quota->unsaved = false;
    *ret = quota->month;
    pthread_mutex_unlock(&quota->lock);
    return unsaved;
}

static void mark_unsaved(struct quota *quota)
{
    pthread_mutex_lock(&quota->lock);
    quota->unsaved = true;
    pthread_mutex_unlock(&quota->lock);
}

enum status quota_book_save(struct quota_book *book, struct store *store, struct why *why)
{
    struct quota *first;
    enum status st = ST_OK;

    pthread_mutex_lock(&book->lock);
    first = book->first;
    pthread_mutex_unlock(&book->lock);
    /* Tenants are only ever added, in front: the list from here on stays as it is. */
    for (struct quota *quota = first; quota && st == ST_OK; quota = quota->next) {
        struct window month;

        if (!take_unsaved(quota, &month))
            continue;
        st = store_save_quota(store, quota->tenant, month.start_ms, month.used, why);
        if (st != ST_OK)
            mark_unsaved(quota);
    }
    return st;
}

static void window_open(struct window *w, int64_t now_ms, int64_t end_ms)
{
    *w = (struct window){.start_ms = now_ms, .end_ms = end_ms};
}

enum quota_verdict quota_count(struct quota *quota, struct quota_limits limits, int64_t now_ms,
                               struct quota_view *ret)
{
    enum quota_verdict verdict = QUOTA_OK;

    pthread_mutex_lock(&quota->lock);
    if (now_ms >= quota->minute.end_ms)
        window_open(&quota->minute, now_ms, now_ms + MINUTE_MS);
    if (now_ms >= quota->month.end_ms)
        window_open(&quota->month, now_ms, quota_month_end(now_ms));
    if (quota->month.used >= limits.per_month) {
        verdict = QUOTA_MONTH_EXCEEDED;
    } else if (quota->minute.used >= limits.per_minute) {
        verdict = QUOTA_RATE_EXCEEDED;
    } else {
        quota->minute.used++;
        quota->month.used++;
        quota->unsaved = true;
    }
    *ret = (struct quota_view){
        .rate_limit = limits.per_minute,
        .rate_remaining = limits.per_minute - quota->minute.used,
        .rate_reset_ms = quota->minute.end_ms,
        .month_limit = limits.per_month,
        .month_remaining = limits.per_month - quota->month.used,
        .month_reset_ms = quota->month.end_ms,
    };
    pthread_mutex_unlock(&quota->lock);
    if (ret->rate_remaining < 0) /* a limit was lowered meanwhile */
        ret->rate_remaining = 0;
    if (ret->month_remaining < 0)
        ret->month_remaining = 0;
    return verdict;
}
