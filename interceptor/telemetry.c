#include "interceptor/telemetry.h"

#include "common/metrics.h"

#include <stdio.h>
#include <string.h>

enum { ENDPOINTS = 2, STATUSES = 600 };

static const char *const endpoints[ENDPOINTS] = {"dataset", "token"};

/* Series are found once; the statuses that the service answers with are few. */
struct telemetry {
    struct metrics *metrics;
    struct metric_family *requests;
    struct metric *by_status[ENDPOINTS][STATUSES];
    struct metric *duration[ENDPOINTS];
    struct metric *bytes_in;
    struct metric *bytes_out;
    struct metric *values_protected;
    struct metric *values_granted;
    struct metric *audit_queued, *revision, *tenants, *manifests, *rules, *memory;
    struct metric *audit_written, *audit_refused, *audit_failed;
    struct metric_family *certificate;
};

static struct metric *single(struct metrics *m, enum metric_type type, const char *name,
                             const char *help)
{
    return metric_with(metrics_family(m, type, name, help, ""), NULL);
}

static void add_calls(struct telemetry *t)
{
    struct metrics *m = t->metrics;
    struct metric_family *duration;

    t->requests = metrics_family(m, METRIC_COUNTER, "interceptor_requests_total",
                                 "Calls by endpoint and HTTP status.", "endpoint,status");
    duration = metrics_family(m, METRIC_HISTOGRAM, "interceptor_request_duration_seconds",
                              "Time from a call's headers to its answer.", "endpoint");
    for (size_t i = 0; i < ENDPOINTS; i++)
        t->duration[i] = metric_with(duration, (const char *const[]){endpoints[i]});
    t->bytes_in =
        single(m, METRIC_COUNTER, "interceptor_request_bytes_total", "Bytes of request bodies.");
    t->bytes_out =
        single(m, METRIC_COUNTER, "interceptor_response_bytes_total", "Bytes of answers' bodies.");
    t->values_protected = single(m, METRIC_COUNTER, "interceptor_values_protected_total",
                                 "Values that were protected.");
    t->values_granted = single(m, METRIC_COUNTER, "interceptor_values_granted_total",
                               "Values that a rule left in clear.");
}

static void add_gauges(struct telemetry *t)
{
    struct metrics *m = t->metrics;

    t->audit_queued = single(m, METRIC_GAUGE, "interceptor_audit_queued",
                             "Audit records that wait for the disk.");
    t->audit_written =
        single(m, METRIC_COUNTER, "interceptor_audit_written_total", "Audit records on disk.");
    t->audit_refused = single(m, METRIC_COUNTER, "interceptor_audit_refused_total",
                              "Calls answered 503 since the audit queue was full.");
    t->audit_failed = single(m, METRIC_COUNTER, "interceptor_audit_failed_commits_total",
                             "Commits of audit records that failed and were tried again.");
    t->revision = single(m, METRIC_GAUGE, "interceptor_config_revision",
                         "Counts the changes of configuration since the start.");
    t->tenants = single(m, METRIC_GAUGE, "interceptor_tenants", "Tenants configured.");
    t->manifests = single(m, METRIC_GAUGE, "interceptor_manifests", "Manifests configured.");
    t->rules = single(m, METRIC_GAUGE, "interceptor_rules", "Rules configured.");
    t->certificate =
        metrics_family(m, METRIC_GAUGE, "interceptor_certificate_end_timestamp_seconds",
                       "When the certificate of the TLS port ends, in seconds since 1970.", "");
    t->memory = single(m, METRIC_GAUGE, "process_resident_memory_bytes", "Resident memory.");
}

enum status telemetry_new(struct telemetry **ret, struct why *why)
{
    auto_telemetry struct telemetry *t = calloc(1, sizeof *t);
    enum status st;

    if (!t)
        return fail_memory(why);
    st = metrics_new(&t->metrics, why);
    if (st != ST_OK)
        return st;
    add_calls(t);
    add_gauges(t);
    *ret = take(t);
    return ST_OK;
}

void telemetry_free(struct telemetry *t)
{
    if (!t)
        return;
    if (t->metrics)
        metrics_free(t->metrics);
    free(t);
}

/* Two threads that meet here find the same series. */
static struct metric *status_series(struct telemetry *t, size_t endpoint, unsigned status)
{
    struct metric **slot = &t->by_status[endpoint][status < STATUSES ? status : 0];
    struct metric *metric = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    char text[12];

    if (metric)
        return metric;
    snprintf(text, sizeof text, "%u", status);
    metric = metric_with(t->requests, (const char *const[]){endpoints[endpoint], text});
    __atomic_store_n(slot, metric, __ATOMIC_RELEASE);
    return metric;
}

void telemetry_count(struct telemetry *t, const struct call_record *record)
{
    size_t endpoint = strcmp(record->endpoint, endpoints[0]) == 0 ? 0 : 1;

    metric_add(status_series(t, endpoint, record->status), 1);
    metric_observe_us(t->duration[endpoint], record->duration_us);
    metric_add(t->bytes_in, record->bytes_in);
    metric_add(t->bytes_out, record->bytes_out);
    metric_add(t->values_protected, record->values_protected);
    metric_add(t->values_granted, record->values_granted);
}

void telemetry_certificate(struct telemetry *t, int64_t ends_at_s)
{
    metric_set(metric_with(t->certificate, NULL), ends_at_s);
}

void telemetry_write(struct telemetry *t, const struct telemetry_gauges *gauges, struct buf *ret)
{
    metric_set(t->audit_queued, (int64_t)gauges->audit_queued);
    metric_set(t->audit_written, (int64_t)gauges->audit_written);
    metric_set(t->audit_refused, (int64_t)gauges->audit_refused);
    metric_set(t->audit_failed, (int64_t)gauges->audit_failed_commits);
    metric_set(t->revision, gauges->revision);
    metric_set(t->tenants, (int64_t)gauges->tenants);
    metric_set(t->manifests, (int64_t)gauges->manifests);
    metric_set(t->rules, (int64_t)gauges->rules);
    metric_set(t->memory, (int64_t)gauges->memory_bytes);
    metrics_write(t->metrics, ret);
}
