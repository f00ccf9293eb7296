#include "plugin/statistics.h"

#include "plugin/host.h"

#define PREFIX "interception."

static const struct slice names[COUNTERS] = {
    [COUNT_PROTECTED] = {PREFIX "protected", sizeof PREFIX "protected" - 1},
    [COUNT_PASSED] = {PREFIX "passed", sizeof PREFIX "passed" - 1},
    [COUNT_FAILED_OPEN] = {PREFIX "failed_open", sizeof PREFIX "failed_open" - 1},
    [COUNT_TOKEN_FETCHES] = {PREFIX "token_fetches", sizeof PREFIX "token_fetches" - 1},
    [COUNT_TOKEN_FAILURES] = {PREFIX "token_failures", sizeof PREFIX "token_failures" - 1},
    [COUNT_BYTES_SENT] = {PREFIX "bytes_sent", sizeof PREFIX "bytes_sent" - 1},
    [COUNT_BYTES_RECEIVED] = {PREFIX "bytes_received", sizeof PREFIX "bytes_received" - 1},
};

void statistics_define(struct statistics *statistics)
{
    for (int i = 0; i < COUNTERS; i++)
        statistics->counters[i] = host_metric_define(ABI_COUNTER, names[i]);
    for (int i = CAUSE_NONE + 1; i < CAUSE_COUNT; i++) {
        auto_buf struct buf name = BUF_INIT(128);

        buf_put_slice(&name, SLICE(PREFIX "refused."));
        buf_put_slice(&name, cause_word((enum cause)i));
        if (name.failed == ST_OK)
            statistics->refused[i] = host_metric_define(ABI_COUNTER, buf_slice(&name));
    }
    statistics->interceptor_ms = host_metric_define(ABI_HISTOGRAM, SLICE(PREFIX "interceptor_ms"));
}

void statistics_add(const struct statistics *statistics, enum counter counter, uint64_t by)
{
    host_metric_add(statistics->counters[counter], by);
}

void statistics_add_refused(const struct statistics *statistics, enum cause cause)
{
    host_metric_add(statistics->refused[cause], 1);
}

void statistics_record_call(const struct statistics *statistics, uint64_t duration_ms)
{
    host_metric_record(statistics->interceptor_ms, duration_ms);
}
