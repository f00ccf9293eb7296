#include "plugin/content.h"
#include "plugin/stream.h"
#include "plugin/text.h"

enum { LOOK_BYTES = 4096, LOOK_BYTES_MAX = 65536 };

static const struct slice protected_name = {"x-data-protected", 16};

/* ---- headers ---- */

/* These describe the bytes that the backend sent, which the client does not get. Most of them are
 * hashes, and would tell whether a guess at the original is right. */
static const char *const stale_headers[] = {
    "content-length", "etag",          "digest",    "content-digest",  "repr-digest",
    "content-md5",    "accept-ranges", "signature", "signature-input",
};

enum { STALE_HEADERS = sizeof stale_headers / sizeof stale_headers[0], STALE_LENGTH = 1 };

static uint32_t find_stale(struct slice headers)
{
    uint32_t found = 0;

    for (size_t i = 0; i < STALE_HEADERS; i++)
        found |= (uint32_t)(host_headers_find(headers, stale_headers[i]).data != NULL) << i;
    return found;
}

static bool remove_stale(enum abi_map map, uint32_t found)
{
    bool good = true;

    for (size_t i = 0; i < STALE_HEADERS; i++)
        good &= !(found >> i & 1) || host_header_remove(map, stale_headers[i]);
    return good;
}

/* Headers that are on their way before the body is protected can't be marked by its outcome. With
 * failing open that might be none, so the mark is the safe one. What passes unless it is data
 * can't be promised to be protected either. */
static bool mark_early(const struct stream *stream, enum flow_event event)
{
    bool unsure = stream->policy->hold == HOLD_NONE && stream->flow.fail_open;

    return (event == EV_MAYBE && !unsure) ||
           host_header_set(ABI_RESPONSE_HEADERS, protected_name.data,
                           unsure ? SLICE("false") : SLICE("true"));
}

static bool dress(struct stream *stream)
{
    bool good = remove_stale(ABI_RESPONSE_HEADERS, stream->stale);

    if (stream->policy->form == FORM_ENVELOPE && stream->is_xml)
        good &= host_header_set(ABI_RESPONSE_HEADERS, "content-type", SLICE("application/json"));
    return good;
}

static bool set_length(struct stream *stream)
{
    auto_buf struct buf length = BUF_INIT(32);

    text_put_number(&length, stream->result.len);
    stream->stale &= ~(uint32_t)STALE_LENGTH;
    return length.failed == ST_OK &&
           host_header_set(ABI_RESPONSE_HEADERS, "content-length", buf_slice(&length));
}

/* In HTTP/1 only a body of chunks has trailers, so there the length is not told. */
bool stream_dress_headers(struct stream *stream)
{
    return stream->headers_gone ||
           ((stream->has_trailers || set_length(stream)) && dress(stream) &&
            host_header_set(ABI_RESPONSE_HEADERS, protected_name.data, SLICE("true")));
}

static bool is_encoded(struct slice headers)
{
    struct slice coding = host_headers_find(headers, "content-encoding");

    return coding.len > 0 && !slice_equal_nocase(slice_trim(coding), SLICE("identity"));
}

static bool says_too_big(struct slice headers, size_t most)
{
    struct slice text = host_headers_find(headers, "content-length");
    uint64_t length = 0;

    for (size_t i = 0; i < text.len && length <= most; i++)
        length = length * 10 + (uint64_t)(text.data[i] - '0');
    return length > most;
}

static enum flow_event foreign(struct stream *stream, enum cause cause)
{
    stream->cause = cause;
    return EV_FOREIGN;
}

static enum flow_event classify_type(struct stream *stream, struct slice headers)
{
    const struct policy *policy = stream->policy;

    switch (content_by_type(stream->content_type, policy->pass_types, policy->pass_types_count)) {
    case CONTENT_XML:
        stream->is_xml = true;
        break;
    case CONTENT_JSON:
        break;
    case CONTENT_PASSES:
        return EV_MAYBE;
    case CONTENT_UNKNOWN:
        return EV_UNKNOWN;
    default:
        return foreign(stream, CAUSE_CONTENT_TYPE);
    }
    if (stream->request_ended && stream_country(stream).len == 0)
        return foreign(stream, CAUSE_NO_COUNTRY);
    return says_too_big(headers, policy->max_body_bytes) ? foreign(stream, CAUSE_TOO_BIG) : EV_DATA;
}

static enum flow_event classify(struct stream *stream, struct slice headers, bool end)
{
    if (end)
        return EV_BODILESS;
    stream->status = host_status(host_headers_find(headers, ":status"));
    if (stream->status == 0)
        return foreign(stream, CAUSE_HOST);
    if (stream->status == 101 || (stream->is_connect && stream->status / 100 == 2))
        return foreign(stream, CAUSE_UPGRADE);
    if (is_encoded(headers))
        return foreign(stream, CAUSE_CONTENT_ENCODING);
    if (stream->status == 206)
        return foreign(stream, CAUSE_PARTIAL_CONTENT);
    stream->content_type = host_slice_copy(host_headers_find(headers, "content-type"));
    stream->stale = find_stale(headers);
    return classify_type(stream, headers);
}

/* Text that passes may turn out to be data; then it may be protected only if its headers do not
 * promise a length. Pictures and the like keep their headers, and are refused if they are data. */
static bool is_text(struct slice type)
{
    return type.len < 5 || !memchr("iIfFaAvV", type.data[0], 8) ||
           (type.len > 10 &&
            slice_equal_nocase((struct slice){type.data, 11}, SLICE("application")));
}

/* The headers go on at once, the body is held back: they must fit whatever becomes of it. */
static enum abi_action send_headers_ahead(struct stream *stream, enum flow_event event)
{
    stream->keeps_headers = event == EV_MAYBE && !is_text(stream->content_type);
    if ((!stream->keeps_headers && !dress(stream)) || !mark_early(stream, event))
        return stream_fail(stream, EV_FAILED, CAUSE_HOST);
    stream->headers_gone = true;
    return ABI_CONTINUE;
}

/* The mark is not the backend's to set. False: the host fails us. */
static bool remove_mark(struct slice headers)
{
    return headers.data && (!host_headers_find(headers, protected_name.data).data ||
                            host_header_remove(ABI_RESPONSE_HEADERS, protected_name.data));
}

static enum abi_action on_headers(struct stream *stream, bool end)
{
    auto_slice struct slice headers = {NULL, 0};
    enum flow_event event;
    enum abi_action action;

    if (stream->flow.state == FLOW_REFUSED)
        return stream_feed(stream, stream->replied ? EV_OWN : EV_FOREIGN);
    headers = host_headers(ABI_RESPONSE_HEADERS);
    if (!remove_mark(headers)) /* it is not his to say */
        return stream_fail(stream, EV_FAILED, CAUSE_HOST);
    event = classify(stream, headers, end);
    action = stream_feed(stream, event);
    if (event == EV_BODILESS)
        statistics_add(&stream->root->statistics, COUNT_PASSED, 1);
    if (stream->policy->hold != HOLD_STOP && action == ABI_PAUSE &&
        stream->flow.state != FLOW_REFUSED)
        return send_headers_ahead(stream, event);
    return action;
}

/* ---- body ---- */

/* How the body begins, as far as it is there. One whose beginning can't be told is taken for
 * data. */
static enum look look(const struct stream *stream, bool end)
{
    bool is_html = content_is_html(stream->content_type);
    enum look found = LOOK_BLANK;

    for (size_t len = LOOK_BYTES; found <= LOOK_TOO_SHORT; len = LOOK_BYTES_MAX) {
        auto_slice struct slice begin = host_bytes(ABI_RESPONSE_BODY, 0, len);

        if (begin.len == 0 && stream->answer_bytes > 0)
            return LOOK_JSON;
        found = content_look(begin, is_html);
        if (stream->answer_bytes <= len || len == LOOK_BYTES_MAX)
            break;
    }
    if (found == LOOK_TOO_SHORT && (end || stream->answer_bytes >= LOOK_BYTES_MAX))
        return LOOK_JSON;
    return found == LOOK_BLANK && end ? LOOK_OTHER : found;
}

static enum abi_action on_peek(struct stream *stream, bool end)
{
    switch (look(stream, end)) {
    case LOOK_XML:
        stream->is_xml = true;
        break;
    case LOOK_JSON:
        break;
    case LOOK_OTHER:
        if (stream->flow.state == FLOW_PEEK_PASS) {
            stream_hold_bytes(stream, &stream->answer_bytes, 0);
            statistics_add(&stream->root->statistics, COUNT_PASSED, 1);
        }
        return stream_fail(stream, EV_LOOKS_OTHER, CAUSE_CONTENT_TYPE);
    default:
        return ABI_PAUSE; /* not told yet */
    }
    if (stream->keeps_headers)
        return stream_fail(stream, EV_FAILED, CAUSE_CONTENT_TYPE);
    return stream_feed(stream, EV_LOOKS_DATA);
}

static bool is_held(const struct stream *stream)
{
    enum flow_state state = stream->flow.state;

    return state == FLOW_PEEK_PASS || state == FLOW_PEEK_REFUSE || state == FLOW_COLLECT;
}

static enum abi_action on_body(struct stream *stream, size_t len, bool end)
{
    enum flow_event event = end ? EV_END : EV_MORE;
    enum abi_action action;

    if (!is_held(stream))
        return stream_feed(stream, event);
    stream->answer_whole = end;
    if (!stream_hold_bytes(stream, &stream->answer_bytes, len))
        return stream_fail(stream, EV_FAILED, CAUSE_OVERLOADED);
    if (len == 0)
        return end ? stream_feed(stream, EV_EMPTY) : ABI_PAUSE;
    if (!end && stream_marks_late(stream))
        return stream_feed(stream, event);
    if (stream->flow.state != FLOW_COLLECT) {
        action = on_peek(stream, end);
        if (!is_held(stream))
            return action;
    }
    if (len > stream->policy->max_body_bytes)
        return stream_fail(stream, EV_FAILED, CAUSE_TOO_BIG);
    return stream_feed(stream, event);
}

/* ---- the host's callbacks ---- */

static void enter(struct stream *stream)
{
    stream->in_callback = true;
    stream->lets_go = false;
}

static enum abi_action leave(struct stream *stream, enum abi_action action)
{
    stream->in_callback = false;
    stream->lets_go = false;
    return action;
}

enum abi_action stream_on_answer_headers(struct stream *stream, bool end)
{
    if (!stream->policy)
        return ABI_CONTINUE;
    enter(stream);
    return leave(stream, on_headers(stream, end));
}

enum abi_action stream_on_answer_body(struct stream *stream, size_t len, bool end)
{
    if (!stream->policy)
        return ABI_CONTINUE;
    enter(stream);
    return leave(stream, on_body(stream, len, end));
}

enum abi_action stream_on_answer_trailers(struct stream *stream)
{
    bool unmarked;

    if (!stream->policy)
        return ABI_CONTINUE;
    enter(stream);
    stream->has_trailers = true;
    unmarked = host_header_remove(ABI_RESPONSE_TRAILERS, protected_name.data);
    if (is_held(stream) && (!unmarked || !remove_stale(ABI_RESPONSE_TRAILERS, UINT32_MAX)))
        return leave(stream, stream_fail(stream, EV_FAILED, CAUSE_HOST));
    return leave(stream, on_body(stream, stream->answer_bytes, true));
}
