#include "interceptor/call.h"

#include "common/memory.h"
#include "common/uuid.h"

#include <stdio.h>
#include <string.h>

enum {
    AUDIT_RECORD_MAX = 256 << 20,
    AUDIT_RECORD_USUAL = 512,
    CHANGE_RECORD_MAX = 64 << 10,
    JSON_ANSWER_MAX = 256 << 20,
};

static bool id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static bool id_valid(const char *id)
{
    size_t len = id ? strlen(id) : 0;

    for (size_t i = 0; i < len; i++)
        if (!id_char(id[i]))
            return false;
    return len >= 1 && len <= CALL_ID_MAX;
}

void call_begin(struct http_request *req)
{
    struct app *app = app_of(req);
    struct call *call = call_of(req);
    const char *id = http_header(req, "X-Request-ID");

    call->snapshot = snapshot_hold(app->box);
    call->audit.max = AUDIT_RECORD_MAX;
    call->record.at_us = clock_now_us(&app->clock);
    uuid_make(call->record.transaction_id);
    if (!id_valid(id))
        id = call->record.transaction_id;
    memcpy(call->record.request_id, id, strlen(id) + 1);
}

static void add_limits(struct http_request *req, struct call *call)
{
    const struct quota_view *v = &call->limits;
    const struct {
        const char *name;
        int64_t value;
    } headers[LIMIT_HEADERS] = {
        {"x-rate-limit-limit", v->rate_limit},     {"x-rate-limit-remaining", v->rate_remaining},
        {"x-rate-limit-reset", v->rate_reset_ms},  {"x-quota-limit", v->month_limit},
        {"x-quota-remaining", v->month_remaining}, {"x-quota-reset", v->month_reset_ms},
    };

    for (size_t i = 0; i < LIMIT_HEADERS; i++)
        http_reply_header_kept(req, headers[i].name,
                               int_text(headers[i].value, call->limit_texts[i]));
}

/* Lists and counts the call: who has its answer finds it there. */
static void note(struct http_request *req)
{
    struct app *app = app_of(req);
    struct call *call = call_of(req);
    struct call_record *r = &call->record;

    r->status = http_reply_status(req);
    r->duration_us = clock_monotonic_us() - http_started_us(req);
    r->bytes_out = (uint32_t)http_reply_size(req);
    call->noted = true;
    if (r->endpoint) {
        calls_add(app->calls, r);
        telemetry_count(app->telemetry, r);
    }
}

void call_decorate(struct http_request *req)
{
    struct call *call = call_of(req);
    unsigned status = http_reply_status(req);

    http_reply_header_kept(req, "X-Request-ID", call->record.request_id);
    http_reply_header_kept(req, "x-gravitee-request-id", call->record.transaction_id);
    http_reply_header_kept(req, "x-gravitee-transaction-id", call->record.transaction_id);
    http_reply_header_kept(req, "x-content-type-options", "nosniff");
    http_reply_header_kept(req, "x-frame-options", "SAMEORIGIN");
    if (call->counted && (status == 200 || status == 429))
        add_limits(req, call);
    note(req);
}

static void log_call(struct http_request *req, const struct call_record *r, bool sent)
{
    const struct log *log = &app_of(req)->log;

    log_write(log, LOG_DEBUG, "call", LOG_TEXT("method", http_method(req)),
              LOG_TEXT("route", http_route(req) ? http_route(req)->path : "none"),
              LOG_NUMBER("status", r->status), LOG_TEXT("error", r->error),
              LOG_TEXT("tenant", r->tenant), LOG_TEXT("manifest", r->manifest),
              LOG_TEXT("job", r->job), LOG_NUMBER("duration_us", r->duration_us),
              LOG_TEXT("request_id", r->request_id),
              LOG_TEXT("traceparent", http_header(req, "traceparent")),
              LOG_TEXT("sent", sent ? "yes" : "no"));
}

void call_finish(struct http_request *req, bool sent)
{
    struct call *call = call_of(req);

    if (!call->noted) /* the client was gone before there was an answer */
        note(req);
    if (log_wants(&app_of(req)->log, LOG_DEBUG))
        log_call(req, &call->record, sent);
    buf_done(&call->audit);
    envelope_done(&call->envelope);
    snapshot_release(call->snapshot);
    call->snapshot = NULL;
}

void call_fault(struct http_request *req, enum status st, const struct why *why)
{
    static const struct {
        enum status st;
        enum error_code code;
        const char *message;
    } rows[] = {
        {ST_NOT_FOUND, ERR_NOT_FOUND, "there is nothing at this path"},
        {ST_UNSUPPORTED, ERR_METHOD_NOT_ALLOWED, "the path does not have this method"},
        {ST_TOO_LARGE, ERR_PAYLOAD_TOO_LARGE, "the body is larger than allowed"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].st == st) {
            reply_error(req, rows[i].code, NULL, rows[i].message);
            return;
        }
    }
    reply_fault(req, st, why);
}

void call_refuse(struct http_request *req, unsigned status)
{
    static const struct {
        unsigned status;
        enum error_code code;
        const char *message;
    } rows[] = {
        {400, ERR_INVALID_REQUEST, "the request is not valid HTTP"},
        {413, ERR_PAYLOAD_TOO_LARGE, "the length of the body, or of a chunk, is too large"},
        {414, ERR_URI_TOO_LONG, "the request line is too long"},
        {431, ERR_HEADERS_TOO_LARGE, "the headers are too large"},
        {505, ERR_HTTP_VERSION, "the version of HTTP is neither 1.1 nor 1.0"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status) {
            reply_error(req, rows[i].code, NULL, rows[i].message);
            return;
        }
    }
    reply_error(req, ERR_INTERNAL, NULL, "the service failed before it had read the request");
}

/* ---- the audit record ---- */

/* A member up to its value, behind others. */
#define MEMBER(name) SLICE(",\"" name "\":")

static void put_text(struct buf *b, struct slice member, const char *text)
{
    if (!text || text[0] == '\0')
        return;
    buf_put_slice(b, member);
    buf_put_json_string(b, slice_of(text));
}

static void put_number(struct buf *b, struct slice member, int64_t number)
{
    buf_put_slice(b, member);
    buf_put_int(b, number, 1);
}

static void write_record(const struct http_request *req, const struct call *call, unsigned status,
                         const char *error, struct buf *b)
{
    const struct call_record *r = &call->record;

    buf_reserve(b, AUDIT_RECORD_USUAL + call->audit.len);
    buf_put_text(b, "{\"endpoint\":");
    buf_put_json_string(b, slice_of(r->endpoint));
    put_number(b, MEMBER("status"), status);
    put_text(b, MEMBER("error"), error);
    put_text(b, MEMBER("client"), r->client);
    put_text(b, MEMBER("manifest"), r->manifest);
    if (r->manifest_version)
        put_number(b, MEMBER("manifestVersion"), r->manifest_version);
    put_text(b, MEMBER("job"), r->job);
    put_text(b, MEMBER("countryCode"), r->country);
    put_text(b, MEMBER("dataOwningCountryCode"), r->owner);
    if (r->has_usage)
        put_number(b, MEMBER("dataUsageId"), r->usage_id);
    if (r->silent)
        buf_put_text(b, ",\"silent\":true");
    put_text(b, MEMBER("requestId"), r->request_id);
    put_number(b, MEMBER("durationUs"), (int64_t)(clock_monotonic_us() - http_started_us(req)));
    if (strcmp(r->endpoint, "dataset") == 0 && (status != 200 || !r->protected_))
        buf_put_text(b, ",\"protected\":false");
    buf_put_slice(b, buf_slice(&call->audit));
    buf_put_char(b, '}');
}

bool call_keep_change(struct http_request *req, const char *tenant, const json_t *more)
{
    struct app *app = app_of(req);
    struct call *call = call_of(req);
    auto_buf struct buf record = BUF_INIT(CHANGE_RECORD_MAX);
    const char *name;
    json_t *value;

    call->audited = true;
    buf_printf(&record, "{\"endpoint\":\"admin\",\"method\":\"%s\",\"path\":", http_method(req));
    buf_put_json_string(&record, http_path(req));
    put_text(&record, MEMBER("requestId"), call->record.request_id);
    json_object_foreach ((json_t *)(uintptr_t)more, name, value) {
        buf_printf(&record, ",\"%s\":", name);
        json_write(value, false, &record);
    }
    buf_put_char(&record, '}');
    if (!app->audit || (buf_status(&record, NULL) == ST_OK &&
                        audit_add(app->audit, tenant, buf_slice(&record), NULL) == ST_OK))
        return true;
    log_write(&app->log, LOG_ERROR, "a call of the admin API was not audited",
              LOG_TEXT("request_id", call->record.request_id));
    return false;
}

static void keep_refusal(struct http_request *req, unsigned status, const char *error)
{
    auto_json json_t *more = json_pack("{s:i, s:s}", "status", (int)status, "error", error);

    (void)!call_keep_change(req, "", more);
}

bool call_admit(struct http_request *req, unsigned status, const char *error)
{
    struct app *app = app_of(req);
    struct call *call = call_of(req);
    auto_buf struct buf record = BUF_INIT(AUDIT_RECORD_MAX);
    struct why why = {0};
    enum status st;

    call->record.error = error;
    if (call->change && !call->audited)
        keep_refusal(req, status, error);
    if (!app->audit || !call->account || !call->record.endpoint || call->audited)
        return true;
    call->audited = true;
    write_record(req, call, status, error, &record);
    st = buf_status(&call->audit, &why);
    if (st == ST_OK)
        st = buf_status(&record, &why);
    if (st == ST_OK)
        st = audit_add(app->audit, call->account->tenant->name, buf_slice(&record), &why);
    if (st == ST_OK)
        return true;
    reply_error(req, ERR_UNAVAILABLE, NULL, "the audit trail can't take the call");
    return false;
}

void reply_json(struct http_request *req, unsigned status, json_t *value)
{
    auto_json json_t *own = value;
    auto_buf struct buf body = BUF_INIT(JSON_ANSWER_MAX);
    struct why why = {0};

    if (!own || memory_failed()) {
        reply_fault(req, fail_memory(&why), &why);
        return;
    }
    json_write(own, true, &body);
    buf_put_char(&body, '\n');
    if (buf_status(&body, &why) != ST_OK)
        reply_fault(req, ST_NO_MEMORY, &why);
    else
        http_reply(req, status, "application/json", &body);
}
