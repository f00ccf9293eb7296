#include "common/utf8.h"
#include "plugin/message.h"
#include "plugin/route.h"
#include "plugin/stream.h"
#include "plugin/text.h"

static struct slice header_code(struct slice headers, const char *name)
{
    struct slice code = host_headers_find(headers, name);

    if (code.len > REQUEST_SCAN_CODE_MAX || !utf8_valid(code))
        code.len = 0;
    return host_slice_copy(code);
}

static void read_claims(struct stream *stream, struct slice headers)
{
    const struct policy *policy = stream->policy;

    for (uint32_t i = 0; i < policy->claim_headers_count; i++) {
        struct slice value = host_headers_find(headers, policy->claim_headers[i].header.data);

        if (value.len > 0 && utf8_valid(value))
            message_put_claim(policy->claim_headers[i].claim, value, &stream->claims);
    }
}

struct slice stream_country(const struct stream *stream)
{
    struct slice code = request_scan_code(&stream->scan, SCAN_COUNTRY);

    if (code.len == 0)
        code = stream->header_country;
    return code.len > 0 ? code : stream->policy->country;
}

struct slice stream_owner(const struct stream *stream)
{
    struct slice code = request_scan_code(&stream->scan, SCAN_OWNER);

    if (code.len == 0)
        code = stream->header_owner;
    return code.len > 0 ? code : stream->policy->owner;
}

static bool find_policy(struct stream *stream, struct slice headers)
{
    stream->policy = route_find(stream->settings, host_headers_find(headers, ":path"));
    return stream->policy != NULL;
}

/* Compressed or in parts, an answer can't be protected. To remove what is not there would make the
 * host choose its route anew. */
static void ask_for_plain(struct slice headers)
{
    static const char *const names[] = {"accept-encoding", "range"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (host_headers_find(headers, names[i]).data)
            host_header_remove(ABI_REQUEST_HEADERS, names[i]);
    }
}

/* The request's end: who it is from is known now, as far as it ever will be. */
static enum abi_action request_ended(struct stream *stream)
{
    stream->request_ended = true;
    if (!stream->request_held)
        return ABI_CONTINUE;
    stream->request_held = false;
    stream_hold_bytes(stream, &stream->request_held_bytes, 0);
    if (stream_country(stream).len == 0)
        return stream_fail(stream, EV_FAILED, CAUSE_NO_COUNTRY);
    return ABI_CONTINUE;
}

enum abi_action stream_on_request_headers(struct stream *stream, bool end)
{
    auto_slice struct slice headers = host_headers(ABI_REQUEST_HEADERS);
    const struct policy *policy;

    if (!headers.data || !find_policy(stream, headers)) {
        stream->policy = &stream->settings->base;
        return stream_fail(stream, EV_FAILED, headers.data ? CAUSE_AMBIGUOUS_PATH : CAUSE_HOST);
    }
    policy = stream->policy;
    if (!policy->intercept) {
        stream->policy = NULL;
        return ABI_CONTINUE;
    }
    stream->flow.fail_open = policy->on_failure == FAIL_OPEN;
    stream->is_connect = slice_is(host_headers_find(headers, ":method"), "CONNECT");
    stream->header_country = header_code(headers, "x-country-code");
    stream->header_owner = header_code(headers, "x-data-owning-country-code");
    trace_read(&stream->trace, headers);
    read_claims(stream, headers);
    ask_for_plain(headers);
    stream->request_held = policy->require_country && stream_country(stream).len == 0;
    if (end && request_ended(stream) == ABI_PAUSE)
        return ABI_PAUSE;
    root_want_token(stream->root, &stream->trace); /* beside the backend's work */
    return stream->request_held && policy->hold == HOLD_STOP ? ABI_PAUSE : ABI_CONTINUE;
}

/* While a request is held, the buffer holds all of it; else only what has just come. */
static void scan_body(struct stream *stream, size_t len)
{
    size_t from = stream->request_held ? stream->request_bytes : 0;

    while (from < len && request_scan_wants_more(&stream->scan)) {
        auto_slice struct slice piece = host_bytes(
            ABI_REQUEST_BODY, from, len - from < STREAM_PIECE ? len - from : STREAM_PIECE);

        if (piece.len == 0) {
            request_scan_done(&stream->scan);
            return;
        }
        request_scan_feed(&stream->scan, piece);
        from += piece.len;
    }
}

/* Once the answer has gone, it does not matter any more whose the request is. */
static bool is_of_no_matter(const struct stream *stream)
{
    return !stream->policy || stream->flow.state > FLOW_DELIVER;
}

enum abi_action stream_on_request_body(struct stream *stream, size_t len, bool end)
{
    if (is_of_no_matter(stream))
        return ABI_CONTINUE;
    if (stream->flow.state == FLOW_REFUSED)
        return ABI_PAUSE;
    if (stream->request_held && !stream_hold_bytes(stream, &stream->request_held_bytes, len))
        return stream_fail(stream, EV_FAILED, CAUSE_OVERLOADED);
    scan_body(stream, len);
    stream->request_bytes = stream->request_held ? len : stream->request_bytes + len;
    if (request_scan_wants_more(&stream->scan)) {
        if (stream->request_bytes > stream->policy->max_body_bytes &&
            stream->flow.state == FLOW_WAIT)
            return stream_fail(stream, EV_FAILED, CAUSE_TOO_BIG);
    } else if (stream->request_held) {
        return request_ended(stream); /* no more to be hoped for */
    }
    if (end)
        return request_ended(stream);
    return stream->request_held ? ABI_PAUSE : ABI_CONTINUE;
}

enum abi_action stream_on_request_trailers(struct stream *stream)
{
    if (is_of_no_matter(stream))
        return ABI_CONTINUE;
    if (stream->flow.state == FLOW_REFUSED)
        return ABI_PAUSE;
    return request_ended(stream);
}
