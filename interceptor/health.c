#include "interceptor/health.h"

#include "interceptor/call.h"

#include <stdio.h>

enum { METRICS_MAX = 16 << 20 };

void health_get(struct http_request *req)
{
    http_reply_static(req, 200, "application/json", SLICE("{\"status\":\"ok\"}"));
}

void ready_get(struct http_request *req)
{
    const struct snapshot *snapshot = call_of(req)->snapshot;
    struct token_store_pg *shared = app_of(req)->shared_tokens;
    struct audit *audit = app_of(req)->audit;
    struct why why = {0};

    if (!snapshot || snapshot_tenant_count(snapshot) == 0)
        reply_error(req, ERR_UNAVAILABLE, NULL, "no tenant is configured");
    else if (store_ping(app_of(req)->store, &why) != ST_OK)
        reply_error(req, ERR_UNAVAILABLE, NULL, why.text);
    else if (audit && audit_counts(audit).stuck)
        reply_error(req, ERR_UNAVAILABLE, NULL,
                    "the audit trail can't be written, and its queue is full");
    else if (shared && token_store_pg_ping(shared, &why) != ST_OK)
        reply_error(req, ERR_UNAVAILABLE, NULL, "the token store does not answer");
    else
        http_reply_static(req, 200, "application/json", SLICE("{\"status\":\"ready\"}"));
}

static size_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long pages = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%*u %lu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

void metrics_get(struct http_request *req)
{
    struct app *app = app_of(req);
    const struct snapshot *snapshot = call_of(req)->snapshot;
    struct audit_counts audit = app->audit ? audit_counts(app->audit) : (struct audit_counts){0};
    struct telemetry_gauges gauges = {
        .audit_queued = audit.queued,
        .audit_written = audit.written,
        .audit_refused = audit.refused,
        .audit_failed_commits = audit.failed_commits,
        .memory_bytes = resident_bytes(),
    };
    auto_buf struct buf body = BUF_INIT(METRICS_MAX);
    struct why why = {0};
    enum status st;

    if (snapshot) {
        gauges.revision = snapshot_revision(snapshot);
        gauges.tenants = snapshot_tenant_count(snapshot);
        gauges.manifests = snapshot_manifest_count(snapshot);
        gauges.rules = snapshot_rule_count(snapshot);
    }
    telemetry_write(app->telemetry, &gauges, &body);
    st = buf_status(&body, &why);
    if (st != ST_OK)
        reply_fault(req, st, &why);
    else
        http_reply(req, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
}
