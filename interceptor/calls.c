#include "interceptor/calls.h"

#include "common/clock.h"

#include <pthread.h>

struct calls {
    pthread_mutex_t lock;
    uint64_t total;   /* the newest one's number */
    uint64_t cleared; /* numbers up to this one are forgotten */
    struct call_record ring[CALLS_KEPT];
};

enum status calls_new(struct calls **ret, struct why *why)
{
    struct calls *calls = calloc(1, sizeof *calls);

    if (!calls)
        return fail_memory(why);
    pthread_mutex_init(&calls->lock, NULL);
    *ret = calls;
    return ST_OK;
}

void calls_free(struct calls *calls)
{
    if (!calls)
        return;
    pthread_mutex_destroy(&calls->lock);
    free(calls);
}

void calls_add(struct calls *calls, const struct call_record *record)
{
    pthread_mutex_lock(&calls->lock);
    struct call_record *slot = &calls->ring[calls->total % CALLS_KEPT];

    *slot = *record;
    slot->number = ++calls->total;
    pthread_mutex_unlock(&calls->lock);
}

void calls_clear(struct calls *calls)
{
    pthread_mutex_lock(&calls->lock);
    calls->cleared = calls->total;
    pthread_mutex_unlock(&calls->lock);
}

static json_t *text_or_null(const char *text)
{
    return text && text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *write_counts(const struct call_record *r)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "bytesIn", (json_int_t)r->bytes_in, "bytesOut",
                     (json_int_t)r->bytes_out, "valuesProtected", (json_int_t)r->values_protected,
                     "valuesGranted", (json_int_t)r->values_granted);
}

static json_t *write_record(const struct call_record *r)
{
    char at[CLOCK_ISO_SIZE];

    clock_format_iso(r->at_us, at);
    return json_pack(
        "{s:I, s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:b, s:b, s:o, s:I,"
        " s:s, s:s}",
        "number", (json_int_t)r->number, "at", at, "endpoint", r->endpoint, "status",
        (int)r->status, "error", text_or_null(r->error), "tenant", text_or_null(r->tenant),
        "client", text_or_null(r->client), "manifest", text_or_null(r->manifest), "manifestVersion",
        (json_int_t)r->manifest_version, "job", text_or_null(r->job), "countryCode",
        text_or_null(r->country), "dataOwningCountryCode", text_or_null(r->owner), "dataUsageId",
        r->has_usage ? json_integer(r->usage_id) : json_null(), "silent", r->silent, "protected",
        r->protected_, "counts", write_counts(r), "durationUs", (json_int_t)r->duration_us,
        "requestId", r->request_id, "transactionId", r->transaction_id);
}

/* The wanted ones, newest first; the lock is held for the copy only. */
static size_t copy_newest(struct calls *calls, struct call_record *to, size_t limit, uint64_t after,
                          uint64_t *ret_total)
{
    size_t count = 0;

    pthread_mutex_lock(&calls->lock);
    *ret_total = calls->total;
    if (after < calls->cleared)
        after = calls->cleared;
    for (uint64_t n = calls->total; n > after && count < limit; n--)
        to[count++] = calls->ring[(n - 1) % CALLS_KEPT];
    pthread_mutex_unlock(&calls->lock);
    return count;
}

json_t *calls_write(struct calls *calls, size_t limit, uint64_t after)
{
    auto_free struct call_record *copy = NULL;
    json_t *list = json_array();
    uint64_t total = 0;
    size_t count = 0;

    if (limit > CALLS_KEPT)
        limit = CALLS_KEPT;
    copy = calloc(limit + 1, sizeof *copy);
    if (copy)
        count = copy_newest(calls, copy, limit, after, &total);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, write_record(&copy[i]));
    return json_pack("{s:o, s:I}", "calls", list, "total", (json_int_t)total);
}
