/* The service's own counters, for /metrics. Counting is lock-free. */
#ifndef INTERCEPTOR_TELEMETRY_H
#define INTERCEPTOR_TELEMETRY_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/calls.h"

struct telemetry;

MUST_CHECK enum status telemetry_new(struct telemetry **ret, struct why *why);
void telemetry_free(struct telemetry *t);

DEFINE_CLEANUP(telemetry, struct telemetry *, telemetry_free)
#define auto_telemetry __attribute__((cleanup(cleanup_telemetry)))

/* One call of the token or dataset endpoint. */
void telemetry_count(struct telemetry *t, const struct call_record *record);

/* When the certificate of the TLS port ends; where there is none it has no series. */
void telemetry_certificate(struct telemetry *t, int64_t ends_at_s);

/* Values that are read when somebody asks. */
struct telemetry_gauges {
    size_t audit_queued;
    uint64_t audit_written;
    uint64_t audit_refused;
    uint64_t audit_failed_commits;
    int64_t revision;
    size_t tenants, manifests, rules;
    size_t memory_bytes; /* resident */
};
void telemetry_write(struct telemetry *t, const struct telemetry_gauges *gauges, struct buf *ret);

#endif
