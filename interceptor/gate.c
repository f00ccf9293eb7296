#include "interceptor/gate.h"

#include "interceptor/call.h"
#include "interceptor/credentials.h"
#include "interceptor/dataset_audit.h"

#include <string.h>

/* ---- faults that an operator asked for ---- */

static void reply_malformed(struct http_request *req)
{
    if (call_admit(req, 200, "injected_fault"))
        http_reply_static(req, 200, "application/json", SLICE("{\"dataSet\":\"{\\n  \\\"em"));
}

/* True: the call goes on (perhaps delayed). */
static bool pass_faults(struct http_request *req, const char *endpoint)
{
    const struct account *account = call_of(req)->account;
    struct fault_effect effect;

    if (!faults_pick(app_of(req)->faults, endpoint, account ? account->tenant->name : NULL,
                     &effect))
        return true;
    if (effect.delay_ms)
        http_reply_delay(req, effect.delay_ms);
    if (effect.reset) {
        http_reply_fault(req, HTTP_FAULT_RESET);
        reply_malformed(req);
    } else if (effect.malformed) {
        reply_malformed(req);
    } else if (effect.status) {
        reply_injected(req, effect.status);
    } else {
        return true;
    }
    return false;
}

/* ---- headers ---- */

/* The media type without parameters. */
static bool media_type_is(const char *header, struct slice wanted)
{
    struct slice type = slice_of(header ? header : "");
    const char *semicolon = memchr(type.data, ';', type.len);

    if (semicolon)
        type.len = (size_t)(semicolon - type.data);
    return slice_equal_nocase(slice_trim(type), wanted);
}

static bool pass_content(struct http_request *req, struct slice media_type)
{
    const char *encoding = http_header(req, "Content-Encoding");

    if (!media_type_is(http_header(req, "Content-Type"), media_type)) {
        reply_error(req, ERR_UNSUPPORTED_MEDIA_TYPE, "Content-Type",
                    "Content-Type is missing or not the one of this endpoint");
        return false;
    }
    if (encoding && (!slice_equal_nocase(slice_trim(slice_of(encoding)), SLICE("identity")) ||
                     http_header_count(req, "Content-Encoding") > 1)) {
        reply_error(req, ERR_UNSUPPORTED_MEDIA_TYPE, "Content-Encoding",
                    "bodies are taken without an encoding only");
        return false;
    }
    return true;
}

static bool pass_api_key(struct http_request *req)
{
    struct call *call = call_of(req);
    const char *endpoint = ((const struct route_doc *)http_route(req)->doc)->id;
    enum status st = ST_DENIED;
    struct why why = {0};

    call->record.endpoint = endpoint;
    if (call->snapshot)
        st = credentials_account(app_of(req), call->snapshot, http_header(req, "X-Api-Key"),
                                 &call->account, &why);
    if (call->account)
        call_name(call->record.tenant, sizeof call->record.tenant,
                  slice_of(call->account->tenant->name));
    if (!pass_faults(req, endpoint))
        return false;
    if (st == ST_DENIED)
        reply_error(req, ERR_INVALID_API_KEY, "X-Api-Key", "X-Api-Key is missing or unknown");
    else if (st != ST_OK)
        reply_fault(req, st, &why);
    return st == ST_OK;
}

static bool pass_resource_token(struct http_request *req)
{
    struct call *call = call_of(req);
    const struct client *client;
    struct why why = {0};
    enum status st =
        credentials_client(app_of(req), call->snapshot, call->account,
                           http_header(req, "X-Resource-Token"), call->record.at_us, &client, &why);

    if (st == ST_OK)
        call_name(call->record.client, sizeof call->record.client, slice_of(client->id));
    else if (st == ST_DENIED)
        reply_error(req, ERR_INVALID_TOKEN, "X-Resource-Token",
                    "X-Resource-Token is missing, not valid, or has expired");
    else
        reply_fault(req, st, &why);
    return st == ST_OK;
}

/* ---- limits ---- */

static bool pass_limits(struct http_request *req)
{
    struct call *call = call_of(req);
    int64_t now_ms = call->record.at_us / 1000; /* the headers have just come */
    enum quota_verdict verdict =
        quota_count(call->account->quota, call->account->limits, now_ms, &call->limits);
    int64_t reset_ms =
        verdict == QUOTA_RATE_EXCEEDED ? call->limits.rate_reset_ms : call->limits.month_reset_ms;

    call->counted = true;
    if (verdict == QUOTA_OK)
        return true;
    http_reply_headerf(req, "Retry-After", "%lld", (long long)((reset_ms - now_ms + 999) / 1000));
    if (verdict == QUOTA_RATE_EXCEEDED)
        reply_error(req, ERR_RATE_LIMITED, NULL, "the calls of this minute are used up");
    else
        reply_error(req, ERR_QUOTA_EXCEEDED, NULL, "the calls of this month are used up");
    return false;
}

bool gate_token(struct http_request *req)
{
    return pass_api_key(req) && pass_content(req, SLICE("application/x-www-form-urlencoded")) &&
           pass_limits(req);
}

bool gate_dataset(struct http_request *req)
{
    if (!pass_api_key(req))
        return false;
    dataset_audit_headers(req);
    return pass_resource_token(req) && pass_content(req, SLICE("application/json")) &&
           pass_limits(req);
}
