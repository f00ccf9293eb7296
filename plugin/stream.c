#include "plugin/stream.h"

#include "plugin/message.h"
#include "plugin/text.h"

#include <stdlib.h>

enum {
    CLAIMS_MAX = 65536,
    HEAD_ROOM = 4096,
    NO_EVENT = FLOW_EVENTS, /* nothing follows at once */
    GONE,                   /* the stream has ended and is no more */
};

/* What all streams of a VM may hold back together; memory that wasm has once is never returned. */
static const size_t held_max = (size_t)256 << 20;

struct stream *stream_new(uint32_t id, struct root *root)
{
    struct stream *stream = calloc(1, sizeof *stream);

    if (!stream)
        return NULL;
    stream->id = id;
    stream->root = root;
    stream->settings = settings_share(root->settings);
    stream->flow.state = FLOW_WAIT;
    buf_init(&stream->claims, CLAIMS_MAX);
    return stream;
}

bool stream_hold_bytes(struct stream *stream, size_t *held, size_t len)
{
    size_t *all = stream->root->held_bytes;

    *all += len - *held;
    *held = len;
    return *all <= held_max;
}

static void hold_nothing(struct stream *stream)
{
    stream_hold_bytes(stream, &stream->request_held_bytes, 0);
    stream_hold_bytes(stream, &stream->answer_bytes, 0);
}

void stream_free(struct stream *stream)
{
    if (!stream)
        return;
    hold_nothing(stream);
    root_forget(stream->root, stream);
    request_scan_done(&stream->scan);
    trace_done(&stream->trace);
    buf_done(&stream->claims);
    host_slice_free(&stream->header_country);
    host_slice_free(&stream->header_owner);
    host_slice_free(&stream->content_type);
    settings_free(stream->settings);
    free(stream);
}

/* ---- actions: each tells the event that follows at once, if any ---- */

static int fail_with(struct stream *stream, enum cause cause)
{
    stream->cause = cause;
    return EV_FAILED;
}

static int do_nothing(struct stream *stream)
{
    (void)stream;
    return NO_EVENT;
}

static int follow_token(struct stream *stream, enum token_state state)
{
    switch (state) {
    case TOKEN_READY:
        return EV_TOKEN;
    case TOKEN_FAILED:
        return fail_with(stream, token_cache_cause(stream->root->tokens));
    default:
        root_await(stream->root, stream);
        return NO_EVENT;
    }
}

/* An answer may be there before its request is. The proxy drops the rest of that, so it counts as
 * cut off: it names no country. */
static int do_ask_token(struct stream *stream)
{
    if (stream_country(stream).len == 0)
        return fail_with(stream, CAUSE_NO_COUNTRY);
    return follow_token(stream, root_want_token(stream->root, &stream->trace));
}

/* The answer's body as the inside of a JSON string, piece by piece, so that only its escaped form
 * stands in memory as a whole. A byte order mark is left out: it is no part of JSON. */
static bool put_data_set(const struct stream *stream, struct buf *out)
{
    static const struct slice mark = {"\xef\xbb\xbf", 3};
    size_t len = stream->answer_bytes;

    for (size_t from = 0; from < len;) {
        auto_slice struct slice piece = host_bytes(
            ABI_RESPONSE_BODY, from, len - from < STREAM_PIECE ? len - from : STREAM_PIECE);
        size_t skip = from == 0 && slice_starts(piece, mark) ? mark.len : 0;

        if (piece.len == 0)
            return false;
        text_put_json(out, slice_from(piece, skip));
        from += piece.len;
    }
    return true;
}

static enum cause write_message(const struct stream *stream, struct buf *out)
{
    struct caller caller = {stream_country(stream), stream_owner(stream),
                            buf_slice(&stream->claims)};

    /* Much of the JSON there is grows by a fifth; more is made room for when it is needed. */
    buf_reserve(out, HEAD_ROOM + stream->answer_bytes + stream->answer_bytes / 3);
    message_put_head(stream->policy, &caller, out);
    if (!put_data_set(stream, out))
        return CAUSE_HOST;
    message_put_tail(out);
    if (out->failed == ST_OK && stream->claims.failed == ST_OK)
        return CAUSE_NONE;
    return out->failed == ST_TOO_LARGE ? CAUSE_TOO_BIG : CAUSE_OVERLOADED;
}

static bool send_message(struct stream *stream, struct slice message, uint32_t *ret_call)
{
    const struct settings *settings = stream->root->settings;
    struct slice token = token_cache_token(stream->root->tokens, &stream->token_number);
    auto_buf struct buf path = BUF_INIT(HEAD_ROOM + settings->base_path.len);
    auto_buf struct buf bearer = BUF_INIT(token.len + 8);
    char parent[TRACE_PARENT_LEN];
    struct host_header_pair headers[7 + TRACE_HEADERS_MAX] = {
        {SLICE(":method"), SLICE("POST")},
        {SLICE(":path"), {NULL, 0}},
        {SLICE(":authority"), settings->authority},
        {SLICE("x-api-key"), settings->api_key},
        {SLICE("x-resource-token"), {NULL, 0}},
        {SLICE("content-type"), SLICE("application/json")},
        {SLICE("x-data-set-type"), stream->is_xml ? SLICE("XML") : SLICE("JSON")},
    };

    buf_put_slice(&path, settings->base_path);
    buf_put_slice(&path, SLICE("/protect/v1/dataset"));
    buf_put_slice(&bearer, SLICE("Bearer "));
    buf_put_slice(&bearer, token);
    if (path.failed != ST_OK || bearer.failed != ST_OK)
        return false;
    headers[1].value = buf_slice(&path);
    headers[4].value = buf_slice(&bearer);
    return host_call(settings->cluster, headers,
                     7 + trace_headers(&stream->trace, parent, headers + 7), message,
                     stream->policy->timeout_ms, ret_call);
}

static int do_send(struct stream *stream)
{
    /* The worst that escapes can do to what is allowed, and then some for the head. */
    size_t most = (size_t)stream->policy->max_body_bytes * 4 + ((size_t)1 << 20);
    auto_buf struct buf message = BUF_INIT(most);
    enum cause cause = write_message(stream, &message);
    uint32_t call = 0;

    if (cause != CAUSE_NONE)
        return fail_with(stream, cause);
    stream->call_began_ms = host_now_ms();
    if (!send_message(stream, buf_slice(&message), &call))
        return fail_with(stream, CAUSE_UNREACHABLE);
    statistics_add(&stream->root->statistics, COUNT_BYTES_SENT, stream->answer_bytes);
    if (!id_map_put(&stream->root->calls, call, (void *)(uintptr_t)stream->id))
        return fail_with(stream, CAUSE_OVERLOADED);
    return NO_EVENT;
}

/* A body above the host's buffer limit makes it end the stream within the call that puts it there:
 * proxy_on_delete() has come then, and to resume what has gone would crash the host. */
static int do_deliver(struct stream *stream)
{
    struct root *root = stream->root;
    uint32_t id = stream->id;
    bool good = stream_dress_headers(stream) && host_answer_replace(stream->result);

    if (!id_map_find(root->streams, id)) {
        host_become(root->id);
        statistics_add_refused(&root->statistics, CAUSE_TOO_BIG);
        root_log_refusal("interception", CAUSE_TOO_BIG, 0, (struct slice){NULL, 0});
        return GONE;
    }
    if (!good)
        return fail_with(stream, CAUSE_HOST);
    statistics_add(&stream->root->statistics, COUNT_PROTECTED, 1);
    statistics_add(&stream->root->statistics, COUNT_BYTES_RECEIVED, stream->result.len);
    return EV_DELIVERED;
}

/* Within a callback of the answer its return value does it; the host must not be told as well. */
static void let_go(struct stream *stream)
{
    if (stream->in_callback)
        stream->lets_go = true;
    else
        host_resume(ABI_STREAM_RESPONSE);
}

static int do_resume(struct stream *stream)
{
    stream_hold_bytes(stream, &stream->answer_bytes, 0);
    let_go(stream);
    return NO_EVENT;
}

static int do_refuse(struct stream *stream)
{
    static const struct host_header_pair type = {{"content-type", 12},
                                                 {"application/problem+json", 24}};
    auto_buf struct buf body = BUF_INIT(HEAD_ROOM);

    if (stream->cause == CAUSE_NONE)
        stream->cause = CAUSE_HOST;
    cause_write_problem(stream->cause, &body);
    statistics_add_refused(&stream->root->statistics, stream->cause);
    root_log_refusal("interception", stream->cause, stream->interceptor_status,
                     stream->trace.request_id);
    hold_nothing(stream);
    root_forget(stream->root, stream);
    stream->replied = host_reply(cause_status(stream->cause), cause_word(stream->cause), &type, 1,
                                 buf_slice(&body));
    return NO_EVENT;
}

bool stream_marks_late(const struct stream *stream)
{
    return stream->headers_gone && stream->flow.fail_open && stream->policy->hold == HOLD_FILTER;
}

/* Part of an answer can't be marked late; so it is not let through either. */
static bool release_as_reply(struct stream *stream)
{
    auto_slice struct slice body = host_bytes(ABI_RESPONSE_BODY, 0, stream->answer_bytes);
    struct host_header_pair headers[] = {
        {SLICE("x-data-protected"), SLICE("false")},
        {SLICE("content-type"), stream->content_type},
    };

    return stream->answer_whole && body.len == stream->answer_bytes &&
           host_reply(stream->status, SLICE("failed_open"), headers,
                      stream->content_type.len > 0 ? 2 : 1, body);
}

static int do_release(struct stream *stream)
{
    bool late = stream_marks_late(stream);

    if (late ? !release_as_reply(stream)
             : !stream->headers_gone &&
                   !host_header_set(ABI_RESPONSE_HEADERS, "x-data-protected", SLICE("false")))
        return EV_FAILED;
    statistics_add(&stream->root->statistics, COUNT_FAILED_OPEN, 1);
    root_log_refusal("answer let through UNPROTECTED, as onFailure is open; protection",
                     stream->cause, stream->interceptor_status, stream->trace.request_id);
    stream_hold_bytes(stream, &stream->answer_bytes, 0);
    if (!late)
        let_go(stream);
    return NO_EVENT;
}

enum abi_action stream_feed(struct stream *stream, enum flow_event event)
{
    static int (*const actions[FLOW_ACTIONS])(struct stream *) = {
        [DO_REFUSE] = do_refuse,       [DO_HOLD] = do_nothing,    [DO_CONTINUE] = do_nothing,
        [DO_ASK_TOKEN] = do_ask_token, [DO_SEND] = do_send,       [DO_DELIVER] = do_deliver,
        [DO_RESUME] = do_resume,       [DO_RELEASE] = do_release, [DO_NOTHING] = do_nothing,
    };
    enum flow_action action;
    int next = (int)event;

    do {
        action = flow_on(&stream->flow, (enum flow_event)next);
        next = actions[action](stream);
        if (next == GONE)
            return ABI_PAUSE;
    } while (next != NO_EVENT);
    return action == DO_CONTINUE || stream->lets_go ? ABI_CONTINUE : ABI_PAUSE;
}

enum abi_action stream_fail(struct stream *stream, enum flow_event event, enum cause cause)
{
    stream->cause = cause;
    return stream_feed(stream, event);
}

void stream_on_token(struct stream *stream, enum token_state state)
{
    int event = follow_token(stream, state);

    if (event != NO_EVENT)
        stream_feed(stream, (enum flow_event)event);
}

void stream_on_protected(struct stream *stream, enum cause cause, uint32_t status, char *body,
                         size_t len)
{
    const struct policy *policy = stream->policy;

    stream->interceptor_status = status;
    if (cause == CAUSE_REFUSED && status == 401) {
        token_cache_spoil(stream->root->tokens, stream->token_number);
        stream_fail(stream, EV_SPOILED, CAUSE_REFUSED);
        return;
    }
    if (cause == CAUSE_NONE && !message_read_data_set(body, len, stream->is_xml, &stream->result))
        cause = CAUSE_NONSENSE;
    if (cause != CAUSE_NONE) {
        stream_fail(stream, EV_FAILED, cause);
        return;
    }
    if (policy->form == FORM_ENVELOPE) {
        /* Reading has used up the first copy. */
        auto_slice struct slice whole = host_bytes(ABI_CALL_BODY, 0, len);

        stream->result = whole;
        stream_fail(stream, whole.len == len ? EV_ANSWERED : EV_FAILED, CAUSE_OVERLOADED);
        return;
    }
    stream_feed(stream, EV_ANSWERED);
}
