#include "interceptor/dataset.h"

#include "common/blocks.h"
#include "interceptor/call.h"
#include "interceptor/dataset_audit.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/protect.h"

#include <string.h>

/* A large data set's memory goes from when the answer has so many times its bytes, by so many. */
enum { SPEND_AFTER = 2, SPEND_STEP = 1 << 20 };

/* An answer may be so many times the largest body: a mask has 32 digits, however short the text. */
enum { ANSWER_GROWTH = 8, ANSWER_HEADROOM = 4096 };

struct modes {
    bool type_known;
    enum data_set_type type;
    bool pass_unknown_manifest;
    bool silent;
};

static bool header_is_true(struct http_request *req, const char *name)
{
    const char *value = http_header(req, name);

    return value && slice_equal_nocase(slice_trim(slice_of(value)), SLICE("true"));
}

static struct modes read_modes(struct http_request *req)
{
    const char *type = http_header(req, "X-Data-Set-Type");
    struct modes modes = {
        .type_known = true,
        .type = DATA_SET_JSON,
        .pass_unknown_manifest = header_is_true(req, "X-Dataset-On-Invalid-Manifest"),
        .silent = header_is_true(req, "X-Silent-Mode"),
    };

    if (type)
        modes.type_known = data_set_type_parse(slice_trim(slice_of(type)), &modes.type);
    return modes;
}

static void remember(struct call_record *r, const struct envelope *e, const struct modes *modes)
{
    call_name(r->manifest, sizeof r->manifest, e->manifest_name);
    r->job = job_name(e->job);
    memcpy(r->country, e->country, sizeof r->country);
    memcpy(r->owner, e->owner, sizeof r->owner);
    r->has_usage = e->has_usage;
    r->usage_id = e->usage_id;
    r->silent = modes->silent;
}

static bool pass_envelope(struct http_request *req, const struct modes *modes, struct envelope *ret)
{
    static const enum error_code codes[] = {
        [ENVELOPE_MALFORMED] = ERR_MALFORMED_JSON,
        [ENVELOPE_MISSING] = ERR_MISSING_FIELD,
        [ENVELOPE_INVALID] = ERR_INVALID_FIELD,
        [ENVELOPE_NO_MEMORY] = ERR_INTERNAL,
    };
    struct slice body = http_body(req);
    struct why why = {0};
    bool sql = modes->type_known && modes->type == DATA_SET_SQL;
    /* Nobody else reads the body: the envelope may be decoded in its place. */
    enum envelope_fault fault =
        envelope_read((char *)(uintptr_t)body.data, body.len, sql, ret, &why);

    if (fault == ENVELOPE_FINE)
        return true;
    reply_error(req, codes[fault], fault == ENVELOPE_MALFORMED ? NULL : why.place, why.text);
    return false;
}

/* *ret stays NULL where an unknown manifest is no error. */
static bool pass_manifest(struct http_request *req, const struct envelope *e,
                          const struct modes *modes, const struct ward **ret)
{
    struct call *call = call_of(req);
    const struct ward *ward = snapshot_ward(call->snapshot, e->manifest_name);

    if (ward && ward->manifest->active) {
        call->record.manifest_version = ward->version;
        *ret = ward;
        return true;
    }
    if (modes->pass_unknown_manifest)
        return true;
    reply_error(req, ERR_UNKNOWN_MANIFEST, "manifestName",
                "there is no active manifest of this name");
    return false;
}

static void reply_engine_fault(struct http_request *req, enum status st, const struct why *why)
{
    if (st == ST_BAD_INPUT)
        reply_error(req, ERR_INVALID_DATASET, "dataSet", why->text);
    else
        reply_fault(req, st, why);
}

static void forget(void *ctx, const char *from, const char *to)
{
    (void)ctx;
    blocks_forget(from, to);
}

static void protect_and_reply(struct http_request *req)
{
    struct app *app = app_of(req);
    struct call *call = call_of(req);
    const struct envelope *e = &call->envelope;
    /* Nobody reads the body behind the engine. */
    const struct engine_spending spending = {
        .release = forget,
        .room_end = e->data_set_end,
        .after = SPEND_AFTER * e->data_set.len,
        .step = SPEND_STEP,
    };
    const struct protect_call work = {
        .snapshot = call->snapshot,
        .account = call->account,
        .ward = call->ward,
        .engine = app->engine,
        .tokens = app->tokens,
        .envelope = e,
        .type = call->data_set_type,
        .silent = call->record.silent,
        .spending = e->data_set.len >= BLOCK_LARGE ? &spending : NULL,
        .now_us = call->record.at_us,
    };
    auto_protect_result struct protect_result result = {0};
    auto_buf struct buf answer =
        BUF_INIT(ANSWER_GROWTH * app->settings.body_max_bytes + ANSWER_HEADROOM);
    struct why why = {0};
    enum status st;

    http_reply_room(req, &answer);
    st = protect(&work, &answer, &result, &why);
    call->record.job = job_name(result.job);
    call->record.protected_ = st == ST_OK && call->ward && !call->record.silent;
    call->record.values_protected = (uint32_t)result.protected_;
    call->record.values_granted = (uint32_t)result.granted;
    dataset_audit_result(req, call->ward, &result);
    if (answer.failed == ST_TOO_LARGE)
        st = fail(&why, answer.failed, "the answer would have more than %zu bytes", answer.max);
    if (st != ST_OK) {
        reply_engine_fault(req, st, &why);
        return;
    }
    if (!call_admit(req, 200, NULL))
        return;
    if (!call->record.protected_)
        http_reply_header(req, "X-Dataset-Protected", "false");
    http_reply(req, 200, "application/json", &answer);
}

/* Which can take its time: another call's rows are being written, or it is far away. */
static bool asks_token_store(struct http_request *req)
{
    const struct call *call = call_of(req);
    enum job job = protect_job(&call->envelope, call->ward);

    return app_of(req)->tokens && call->ward && !call->record.silent &&
           (job == JOB_RECONSTRUCT ||
            (job == JOB_PSEUDONYMISE && call->envelope.preserve_string_length));
}

void dataset_post(struct http_request *req)
{
    const struct modes modes = read_modes(req);
    struct call *call = call_of(req);
    struct envelope *e = &call->envelope;

    call->record.bytes_in = (uint32_t)http_body(req).len;
    if (!pass_envelope(req, &modes, e))
        return;
    remember(&call->record, e, &modes);
    dataset_audit_envelope(req, e);
    if (!modes.type_known) {
        reply_error(req, ERR_INVALID_REQUEST, "X-Data-Set-Type",
                    "X-Data-Set-Type must be JSON, XML or SQL");
        return;
    }
    call->data_set_type = modes.type;
    if (!pass_manifest(req, e, &modes, &call->ward))
        return;
    if (!asks_token_store(req) || !http_aside(req, protect_and_reply))
        protect_and_reply(req);
}
