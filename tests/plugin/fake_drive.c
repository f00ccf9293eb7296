#include "tests/plugin/fake_internal.h"

#include <stdlib.h>

bool fake_configure(const char *configuration)
{
    fake_host.effective = FAKE_ROOT;
    fake_set(&fake_host.configuration, configuration);
    return proxy_on_configure(FAKE_ROOT, (uint32_t)strlen(configuration));
}

bool fake_start(const char *configuration, struct fake_faults *faults)
{
    fake_host.faults = faults;
    fake_now_ms = 1000000;
    proxy_on_context_create(FAKE_ROOT, 0);
    return fake_configure(configuration);
}

/* A reply in place of a request that went nowhere passes by the plugin like any answer. */
static void pass_reply(uint32_t id)
{
    struct fake_stream *stream = fake_stream(id);
    struct buf *body = &stream->body[ABI_RESPONSE_BODY];
    bool empty = stream->reply.len == 0;

    stream->answered = stream->end = true;
    fake_set_header(stream->headers[ABI_RESPONSE_HEADERS], ":status", "400");
    fake_set_header(stream->headers[ABI_RESPONSE_HEADERS], "content-type",
                    "application/problem+json");
    if (proxy_on_response_headers(id, 2, empty) != ABI_CONTINUE)
        return;
    fake_put(body, stream->reply.data, stream->reply.len);
    if (empty || proxy_on_response_body(id, (uint32_t)body->len, true) == ABI_CONTINUE)
        fake_flush(stream);
}

static void took_request(uint32_t id, uint32_t action)
{
    struct fake_stream *stream = fake_stream(id);

    stream->request_paused = action == ABI_PAUSE;
    stream->asked |= action == ABI_CONTINUE;
    if (stream->client.status != 0 && !stream->answered)
        pass_reply(id);
}

static bool drops_request(const struct fake_stream *stream)
{
    return !stream->alive || stream->client.status != 0 || stream->client.ended || stream->end;
}

void fake_request(uint32_t id, struct fake_request request)
{
    struct fake_stream *stream = fake_stream(id);
    struct fake_header *headers = stream->headers[ABI_REQUEST_HEADERS];

    stream->alive = stream->known = true;
    fake_host.effective = id;
    proxy_on_context_create(id, request.root ? request.root : FAKE_ROOT);
    fake_set_header(headers, ":path", request.path ? request.path : "/employees");
    fake_set_header(headers, "x-request-id", "id-1");
    fake_set_header(headers, "traceparent",
                    "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
    if (request.country)
        fake_set_header(headers, "x-country-code", request.country);
    took_request(id, proxy_on_request_headers(id, 3, !request.body));
    if (request.body)
        fake_request_piece(id, request.body, !request.open);
}

void fake_request_piece(uint32_t id, const char *piece, bool end)
{
    struct fake_stream *stream = fake_stream(id);
    struct buf *body = &stream->body[ABI_REQUEST_BODY];

    if (drops_request(stream))
        return;
    fake_host.effective = id;
    if (!stream->request_paused)
        body->len = 0;
    fake_put(body, piece, strlen(piece));
    took_request(id, proxy_on_request_body(id, (uint32_t)body->len, end));
}

void fake_request_trailers(uint32_t id)
{
    if (drops_request(fake_stream(id)))
        return;
    fake_host.effective = id;
    took_request(id, proxy_on_request_trailers(id, 1));
}

bool fake_is_asked(uint32_t id)
{
    return fake_stream(id)->asked;
}

/* What a callback let go, unless a reply of the plugin's own took the answer's place. */
static void took(struct fake_stream *stream, uint32_t action)
{
    if (action == ABI_CONTINUE && stream->client.status == 0)
        fake_flush(stream);
}

static void play_body(uint32_t id, const char *piece, size_t len, bool end)
{
    struct fake_stream *stream = fake_stream(id);
    struct buf *body = &stream->body[ABI_RESPONSE_BODY];

    if (!stream->alive || stream->client.ended || stream->client.status != 0)
        return;
    fake_host.effective = id;
    fake_put(body, piece, len);
    stream->end = end;
    took(stream, proxy_on_response_body(id, (uint32_t)body->len, end));
}

void fake_answer(uint32_t id, struct fake_answer answer)
{
    struct fake_stream *stream = fake_stream(id);
    struct fake_header *headers = stream->headers[ABI_RESPONSE_HEADERS];
    size_t len = strlen(answer.body);

    if (!stream->alive || stream->answered)
        return;
    fake_host.effective = id;
    stream->answered = true;
    fake_set_header(headers, ":status", "200");
    fake_set_header(headers, "content-type", answer.content_type);
    fake_set_header(headers, "etag", "1");
    proxy_on_response_headers(id, 3, false);
    play_body(id, answer.body, len / 2, false);
    play_body(id, answer.body + len / 2, len - len / 2, !answer.trailers && !answer.open);
    if (answer.trailers)
        fake_answer_trailers(id);
}

void fake_answer_piece(uint32_t id, const char *piece, bool end)
{
    play_body(id, piece, strlen(piece), end);
}

void fake_answer_trailers(uint32_t id)
{
    struct fake_stream *stream = fake_stream(id);

    if (!stream->alive || stream->client.ended || stream->client.status != 0)
        return;
    fake_host.effective = id;
    stream->end = true;
    took(stream, proxy_on_response_trailers(id, 1));
}

void fake_close(uint32_t id)
{
    struct fake_stream *stream = fake_stream(id);
    const struct fake_header *mark =
        fake_header(stream->headers[ABI_RESPONSE_HEADERS], "x-data-protected", 16);

    if (!stream->alive)
        return;
    stream->client.marked = mark && strcmp(mark->value, "true") == 0;
    stream->alive = false;
    proxy_on_delete(id);
}

const struct fake_call *fake_call(unsigned index)
{
    static const struct fake_call none;

    return index < fake_host.calls_count ? &fake_host.calls[index] : &none;
}

void fake_answer_call(unsigned index, const char *status, const char *body)
{
    struct fake_call *call = &fake_host.calls[index];

    call->answered = true;
    fake_host.effective = FAKE_ROOT;
    strcpy(fake_host.call_status.value, status);
    fake_set(&fake_host.call_body, body);
    proxy_on_http_call_response(FAKE_ROOT, call->id, *status ? 1 : 0, (uint32_t)strlen(body), 0);
}

void fake_tick(void)
{
    fake_host.effective = FAKE_ROOT;
    if (fake_host.ticks)
        proxy_on_tick(FAKE_ROOT);
}

static void end_stream(uint32_t id)
{
    struct fake_stream *stream = fake_stream(id);

    if (!stream->known)
        return;
    fake_close(id);
    buf_done(&stream->body[0]);
    buf_done(&stream->body[1]);
    buf_done(&stream->reply);
    buf_done(&stream->client.bytes);
    memset(stream, 0, sizeof *stream);
}

void fake_end(void)
{
    for (uint32_t i = 0; i < FAKE_STREAMS_MAX; i++)
        end_stream(FAKE_STREAM + i);
    proxy_on_delete(FAKE_ROOT);
    fake_host.ticks = false;
    fake_host.faults = NULL;
    for (unsigned i = 0; i < fake_host.calls_count; i++)
        buf_done(&fake_host.calls[i].body);
    memset(fake_host.calls, 0, sizeof fake_host.calls);
    fake_host.calls_count = 0;
    for (size_t i = 0; i < SHARED_MAX; i++)
        free(fake_host.shared[i].value);
    memset(fake_host.shared, 0, sizeof fake_host.shared);
    buf_done(&fake_host.call_body);
    buf_done(&fake_host.configuration);
}
