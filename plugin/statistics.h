/* The plugin's counters in the proxy's own statistics; docs/plugin.md lists them. */
#ifndef PLUGIN_STATISTICS_H
#define PLUGIN_STATISTICS_H

#include "plugin/cause.h"

enum counter {
    COUNT_PROTECTED,
    COUNT_PASSED,
    COUNT_FAILED_OPEN,
    COUNT_TOKEN_FETCHES,
    COUNT_TOKEN_FAILURES,
    COUNT_BYTES_SENT,     /* of data sets, to the interceptor */
    COUNT_BYTES_RECEIVED, /* of protected ones, from it */
    COUNTERS,
};

struct statistics {
    uint32_t counters[COUNTERS];
    uint32_t refused[CAUSE_COUNT];
    uint32_t interceptor_ms;
};

/* What the host refuses to define is not counted. */
void statistics_define(struct statistics *statistics);
void statistics_add(const struct statistics *statistics, enum counter counter, uint64_t by);
void statistics_add_refused(const struct statistics *statistics, enum cause cause);
void statistics_record_call(const struct statistics *statistics, uint64_t duration_ms);

#endif
