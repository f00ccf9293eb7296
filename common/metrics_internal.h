/* What the files metrics*.c share; nobody else includes it. */
#ifndef COMMON_METRICS_INTERNAL_H
#define COMMON_METRICS_INTERNAL_H

#include "common/metrics.h"

#include <pthread.h>
#include <stdatomic.h>

enum { METRIC_BUCKETS = 16, METRIC_SLOTS = 64, METRIC_SERIES_MAX = 1000 };

/* Upper bounds of a histogram's buckets; the last bucket, +Inf, has none. */
extern const uint64_t metric_bounds_us[METRIC_BUCKETS];

struct metric {
    char *labels; /* as they are written: `a="x",b="y"` */
    enum metric_type type;
    atomic_uint_least64_t value; /* of a histogram: how often */
    atomic_uint_least64_t sum_us;
    atomic_uint_least64_t buckets[METRIC_BUCKETS + 1]; /* each by itself, not summed up */
    struct metric *next;
    struct metric *in_slot;
};

struct metric_family {
    struct metrics *owner;
    enum metric_type type;
    const char *name, *help, *labels;
    size_t count;
    struct metric *series;
    struct metric **last;
    struct metric *slots[METRIC_SLOTS];
    struct metric_family *next;
};

struct metrics {
    pthread_mutex_t lock; /* of both lists; counting needs none */
    struct metric_family *families;
    struct metric_family **last;
};

#endif
