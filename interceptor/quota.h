/* The calls of each tenant, counted by the minute and by the month.
 *
 * A window starts with its first call; a minute ends 60 s later, a month at the same day and time
 * of the next calendar month. The months' counts are kept in the store across restarts; the minutes'
 * are not. Counting takes a lock of the tenant's own, for a few instructions. */
#ifndef INTERCEPTOR_QUOTA_H
#define INTERCEPTOR_QUOTA_H

#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/store.h"

#include <stdint.h>

struct quota_book; /* all tenants */
struct quota;      /* one; lives as long as the book */

MUST_CHECK enum status quota_book_new(struct quota_book **ret, struct why *why);
void quota_book_free(struct quota_book *book);

DEFINE_CLEANUP(quota_book, struct quota_book *, quota_book_free)
#define auto_quota_book __attribute__((cleanup(cleanup_quota_book)))

/* The tenant's counters, made at the first question; the month's count comes from the store
 * (NULL: none). */
MUST_CHECK enum status quota_book_find(struct quota_book *book, struct store *store,
                                       const char *tenant, struct quota **ret, struct why *why);

/* Writes the months' counts that changed. */
MUST_CHECK enum status quota_book_save(struct quota_book *book, struct store *store,
                                       struct why *why);

struct quota_limits {
    long long per_minute;
    long long per_month;
};

enum quota_verdict { QUOTA_OK, QUOTA_RATE_EXCEEDED, QUOTA_MONTH_EXCEEDED };

/* What the headers of an answer say. */
struct quota_view {
    long long rate_limit, rate_remaining;
    int64_t rate_reset_ms; /* since 1970 */
    long long month_limit, month_remaining;
    int64_t month_reset_ms;
};

/* Counts one call, unless a limit is passed already; where both are, the month's, which is the
 * longer to wait for. */
enum quota_verdict quota_count(struct quota *quota, struct quota_limits limits, int64_t now_ms,
                               struct quota_view *ret);

/* The same day and time one calendar month later; the last day of that month where it has no such
 * day. Pure. */
int64_t quota_month_end(int64_t start_ms);

#endif
