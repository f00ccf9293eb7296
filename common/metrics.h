/* Counters, gauges and histograms, written as Prometheus text (exposition format 0.0.4).
 *
 * Families are made at start; a series is found or made by its label values, once, and kept.
 * Counting is lock-free and allowed from any thread. */
#ifndef COMMON_METRICS_H
#define COMMON_METRICS_H

#include "common/buf.h"
#include "common/status.h"

#include <stddef.h>
#include <stdint.h>

struct metrics;
struct metric_family;
struct metric; /* one series */

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

MUST_CHECK enum status metrics_new(struct metrics **ret, struct why *why);
void metrics_free(struct metrics *m);

/* `labels`: their names separated by commas, "" for none. Histograms count microseconds, and are
 * written in seconds, in fixed buckets from 100 us to 10 s. Names and help are literals. NULL when
 * memory is out. */
struct metric_family *metrics_family(struct metrics *m, enum metric_type type, const char *name,
                                     const char *help, const char *labels);

/* The series with these label values, in the order of the names (`values` may be NULL when there
 * are none); NULL when memory is out, the family is NULL, or it has its ceiling of series (1,000)
 * already; counting on NULL does nothing. A value is cut after 200 bytes, and what is no UTF-8 in
 * it becomes '?'. Takes a lock for a moment. */
struct metric *metric_with(struct metric_family *family, const char *const values[]);

void metric_add(struct metric *metric, uint64_t n);    /* (uint64_t)-1 takes one off a gauge */
void metric_set(struct metric *metric, int64_t value); /* or of a counter that is kept elsewhere */
void metric_observe_us(struct metric *metric, uint64_t us);
/* Of a histogram: how many were observed. */
uint64_t metric_value(const struct metric *metric);

/* Appends all of it. */
void metrics_write(struct metrics *m, struct buf *ret);

#endif
