#include "tests/plugin/fake_host.h"

#include <stdlib.h>

enum { HEADERS_MAX = 16, MAPS = 4, CALLS_MAX = 256, SHARED_MAX = 8 };

struct header {
    char name[64];
    char value[256];
};

struct stream {
    struct header headers[MAPS][HEADERS_MAX]; /* by enum abi_map */
    struct buf body[2];                       /* by enum abi_buffer */
    struct fake_client client;
    struct buf reply; /* the plugin's own, on its way */
    bool alive;
    bool known;    /* the VM was told of it */
    bool answered; /* headers of an answer have come */
    bool end;      /* and all the rest of it */
};

struct shared {
    char key[128];
    char *value;
    size_t len;
    uint32_t cas;
};

static struct {
    struct fake_faults *faults;
    struct stream streams[FAKE_STREAMS_MAX];
    struct header call_status;
    struct buf call_body;
    struct buf configuration;
    struct fake_call calls[CALLS_MAX];
    unsigned calls_count;
    struct shared shared[SHARED_MAX];
    uint32_t cas;
    uint32_t effective;
} host;

uint64_t fake_now_ms;

/* ---- failures ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool out_of_memory(void)
{
    return host.faults && ++host.faults->allocations == host.faults->fail_memory;
}

void *__wrap_malloc(size_t size)
{
    return out_of_memory() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return out_of_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return out_of_memory() ? NULL : __real_realloc(memory, size);
}

static bool refuses(const char *name)
{
    if (!host.faults || ++host.faults->host_calls != host.faults->fail_host)
        return false;
    host.faults->failed = name;
    return true;
}

#define MAY_FAIL()                                                                                 \
    do {                                                                                           \
        if (refuses(__func__))                                                                     \
            return ABI_INTERNAL_FAILURE;                                                           \
    } while (0)

/* The host's own memory does not fail with the plugin's. */
static void put(struct buf *b, const void *data, size_t len)
{
    struct fake_faults *faults = host.faults;

    host.faults = NULL;
    b->max = 1 << 24;
    buf_put(b, data, len);
    host.faults = faults;
}

static void set(struct buf *b, const char *text)
{
    b->len = 0;
    put(b, text, strlen(text));
}

static uint32_t hand_over(const void *data, size_t len, char **ret, size_t *ret_len)
{
    char *copy = NULL;

    if (len > 0) {
        copy = proxy_on_memory_allocate(len);
        if (!copy)
            return ABI_INTERNAL_FAILURE;
        memcpy(copy, data, len);
    }
    *ret = copy;
    *ret_len = len;
    return ABI_OK;
}

/* ---- streams ---- */

static struct stream *stream_of(uint32_t id)
{
    if (id < FAKE_STREAM || id >= FAKE_STREAM + FAKE_STREAMS_MAX)
        abort();
    return &host.streams[id - FAKE_STREAM];
}

/* The stream that the plugin acts on: it must have said so, and it must live. */
static struct stream *current(void)
{
    struct stream *stream = stream_of(host.effective);

    if (!stream->alive)
        abort();
    return stream;
}

struct fake_client *fake_client(uint32_t stream)
{
    return &stream_of(stream)->client;
}

static struct header *find_header(struct header *map, const char *name, size_t len)
{
    for (size_t i = 0; i < HEADERS_MAX; i++) {
        if (strlen(map[i].name) == len && memcmp(map[i].name, name, len) == 0)
            return &map[i];
    }
    return NULL;
}

static void set_header(struct header *map, const char *name, size_t len, const char *value,
                       size_t value_len)
{
    struct header *header = find_header(map, name, len);

    if (!header)
        header = find_header(map, "", 0);
    if (!header || len >= sizeof header->name || value_len >= sizeof header->value)
        abort();
    memset(header, 0, sizeof *header);
    memcpy(header->name, name, len);
    memcpy(header->value, value, value_len);
}

static void set_text(struct header *map, const char *name, const char *value)
{
    set_header(map, name, strlen(name), value, strlen(value));
}

/* ---- the imports ---- */

uint32_t proxy_log(uint32_t level, const char *text, size_t len)
{
    MAY_FAIL();
    if (len > 0 && memmem(text, len, "Robert", 6))
        abort();
    return level > ABI_LOG_ERROR ? ABI_BAD_ARGUMENT : ABI_OK;
}

uint32_t proxy_get_current_time_nanoseconds(uint64_t *ret)
{
    MAY_FAIL();
    *ret = fake_now_ms++ * 1000000;
    return ABI_OK;
}

uint32_t proxy_set_tick_period_milliseconds(uint32_t period_ms)
{
    (void)period_ms;
    MAY_FAIL();
    return ABI_OK;
}

uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t name_len, char **ret,
                                    size_t *ret_len)
{
    const struct header *header;

    MAY_FAIL();
    if (map == ABI_CALL_HEADERS)
        header = strncmp(name, ":status", name_len) == 0 ? &host.call_status : NULL;
    else
        header = find_header(current()->headers[map], name, name_len);
    return header ? hand_over(header->value, strlen(header->value), ret, ret_len) : ABI_NOT_FOUND;
}

uint32_t proxy_replace_header_map_value(uint32_t map, const char *name, size_t name_len,
                                        const char *value, size_t value_len)
{
    MAY_FAIL();
    set_header(current()->headers[map], name, name_len, value, value_len);
    return ABI_OK;
}

uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, size_t name_len)
{
    struct header *header;

    MAY_FAIL();
    header = find_header(current()->headers[map], name, name_len);
    if (header)
        memset(header, 0, sizeof *header);
    return ABI_OK;
}

static struct buf *body_of(uint32_t buffer)
{
    return buffer == ABI_CALL_BODY              ? &host.call_body
           : buffer == ABI_PLUGIN_CONFIGURATION ? &host.configuration
                                                : &current()->body[buffer];
}

uint32_t proxy_get_buffer_bytes(uint32_t buffer, size_t from, size_t len, char **ret,
                                size_t *ret_len)
{
    const struct buf *b = body_of(buffer);

    MAY_FAIL();
    if (from >= b->len)
        return ABI_OK;
    return hand_over(b->data + from, len < b->len - from ? len : b->len - from, ret, ret_len);
}

uint32_t proxy_set_buffer_bytes(uint32_t buffer, size_t from, size_t len, const char *data,
                                size_t data_len)
{
    struct buf *b = body_of(buffer);

    MAY_FAIL();
    if (buffer != ABI_RESPONSE_BODY || from != 0 || len < b->len)
        abort();
    b->len = 0;
    put(b, data, data_len);
    return ABI_OK;
}

static void flush(struct stream *stream)
{
    struct buf *b = &stream->body[ABI_RESPONSE_BODY];

    put(&stream->client.bytes, b->data, b->len);
    b->len = 0;
    stream->client.ended = stream->end;
}

uint32_t proxy_continue_stream(uint32_t direction)
{
    MAY_FAIL();
    if (direction == ABI_STREAM_RESPONSE && !current()->client.ended)
        flush(current());
    return ABI_OK;
}

uint32_t proxy_send_local_response(uint32_t status, const char *details, size_t details_len,
                                   const char *body, size_t body_len, const char *headers,
                                   size_t headers_len, uint32_t grpc_status)
{
    struct stream *stream = current();

    (void)details, (void)details_len, (void)headers, (void)headers_len, (void)grpc_status;
    MAY_FAIL();
    if (stream->client.ended || stream->client.status != 0)
        abort(); /* two answers */
    stream->client.status = status;
    put(&stream->reply, body, body_len);
    if (!stream->answered)
        return ABI_OK; /* it goes by the plugin, see pass_reply() */
    put(&stream->client.bytes, body, body_len);
    stream->client.ended = true;
    return ABI_OK;
}

uint32_t proxy_http_call(const char *cluster, size_t cluster_len, const char *headers,
                         size_t headers_len, const char *body, size_t body_len,
                         const char *trailers, size_t trailers_len, uint32_t timeout_ms,
                         uint32_t *ret_id)
{
    struct fake_call *call = &host.calls[host.calls_count];

    (void)cluster, (void)cluster_len, (void)trailers, (void)trailers_len, (void)timeout_ms;
    MAY_FAIL();
    if (host.calls_count == CALLS_MAX)
        abort(); /* calls without an end */
    call->is_token = memmem(headers, headers_len, "/identity/v1/token", 18) != NULL;
    put(&call->body, body, body_len);
    *ret_id = call->id = ++host.calls_count;
    return ABI_OK;
}

uint32_t proxy_set_effective_context(uint32_t context)
{
    MAY_FAIL();
    if (context != FAKE_ROOT && !stream_of(context)->alive)
        return ABI_BAD_ARGUMENT;
    host.effective = context;
    return ABI_OK;
}

static struct shared *find_shared(const char *key, size_t len)
{
    for (size_t i = 0; i < SHARED_MAX; i++) {
        if (strlen(host.shared[i].key) == len && memcmp(host.shared[i].key, key, len) == 0)
            return &host.shared[i];
    }
    return NULL;
}

uint32_t proxy_get_shared_data(const char *key, size_t key_len, char **ret, size_t *ret_len,
                               uint32_t *ret_cas)
{
    const struct shared *shared;

    MAY_FAIL();
    shared = find_shared(key, key_len);
    if (!shared)
        return ABI_NOT_FOUND;
    *ret_cas = shared->cas;
    return hand_over(shared->value, shared->len, ret, ret_len);
}

uint32_t proxy_set_shared_data(const char *key, size_t key_len, const char *value, size_t value_len,
                               uint32_t cas)
{
    struct shared *shared;

    MAY_FAIL();
    shared = find_shared(key, key_len);
    if (!shared)
        shared = find_shared("", 0);
    if (!shared)
        abort();
    if (cas != 0 && shared->cas != cas)
        return ABI_CAS_MISMATCH;
    free(shared->value);
    shared->value = __real_malloc(value_len);
    memcpy(shared->value, value, value_len);
    memcpy(shared->key, key, key_len);
    shared->len = value_len;
    shared->cas = ++host.cas;
    return ABI_OK;
}

uint32_t proxy_define_metric(uint32_t kind, const char *name, size_t name_len, uint32_t *ret_id)
{
    (void)name, (void)name_len;
    MAY_FAIL();
    *ret_id = 4 + kind;
    return ABI_OK;
}

uint32_t proxy_increment_metric(uint32_t id, int64_t by)
{
    MAY_FAIL();
    return id == 0 || by <= 0 ? ABI_BAD_ARGUMENT : ABI_OK;
}

uint32_t proxy_record_metric(uint32_t id, uint64_t value)
{
    (void)id, (void)value;
    MAY_FAIL();
    return ABI_OK;
}

/* ---- driving it ---- */

bool fake_configure(const char *configuration)
{
    host.effective = FAKE_ROOT;
    set(&host.configuration, configuration);
    return proxy_on_configure(FAKE_ROOT, (uint32_t)strlen(configuration));
}

bool fake_start(const char *configuration, struct fake_faults *faults)
{
    host.faults = faults;
    fake_now_ms = 1000000;
    proxy_on_context_create(FAKE_ROOT, 0);
    return fake_configure(configuration);
}

/* A reply in place of a request that went nowhere passes by the plugin like any answer. */
static void pass_reply(uint32_t id)
{
    struct stream *stream = stream_of(id);
    struct buf *body = &stream->body[ABI_RESPONSE_BODY];
    bool empty = stream->reply.len == 0;

    stream->answered = stream->end = true;
    set_text(stream->headers[ABI_RESPONSE_HEADERS], ":status", "400");
    set_text(stream->headers[ABI_RESPONSE_HEADERS], "content-type", "application/problem+json");
    if (proxy_on_response_headers(id, 2, empty) != ABI_CONTINUE)
        return;
    put(body, stream->reply.data, stream->reply.len);
    if (empty || proxy_on_response_body(id, (uint32_t)body->len, true) == ABI_CONTINUE)
        flush(stream);
}

void fake_request(uint32_t id, struct fake_request request)
{
    struct stream *stream = stream_of(id);
    struct header *headers = stream->headers[ABI_REQUEST_HEADERS];

    stream->alive = stream->known = true;
    host.effective = id;
    proxy_on_context_create(id, FAKE_ROOT);
    set_text(headers, ":path", request.path ? request.path : "/employees");
    set_text(headers, "x-request-id", "id-1");
    set_text(headers, "traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
    if (request.country)
        set_text(headers, "x-country-code", request.country);
    proxy_on_request_headers(id, 3, !request.body);
    if (request.body && stream->client.status == 0) {
        set(&stream->body[ABI_REQUEST_BODY], request.body);
        proxy_on_request_body(id, (uint32_t)strlen(request.body), !request.open);
    }
    if (stream->client.status != 0)
        pass_reply(id);
}

/* What a callback let go, unless a reply of the plugin's own took the answer's place. */
static void took(struct stream *stream, uint32_t action)
{
    if (action == ABI_CONTINUE && stream->client.status == 0)
        flush(stream);
}

static void play_body(uint32_t id, const char *piece, size_t len, bool end)
{
    struct stream *stream = stream_of(id);
    struct buf *body = &stream->body[ABI_RESPONSE_BODY];

    if (stream->client.ended || stream->client.status != 0)
        return;
    put(body, piece, len);
    stream->end = end;
    took(stream, proxy_on_response_body(id, (uint32_t)body->len, end));
}

void fake_answer(uint32_t id, struct fake_answer answer)
{
    struct stream *stream = stream_of(id);
    struct header *headers = stream->headers[ABI_RESPONSE_HEADERS];
    size_t len = strlen(answer.body);

    if (!stream->alive || stream->answered)
        return;
    host.effective = id;
    stream->answered = true;
    set_text(headers, ":status", "200");
    set_text(headers, "content-type", answer.content_type);
    set_text(headers, "etag", "1");
    proxy_on_response_headers(id, 3, false);
    play_body(id, answer.body, len / 2, false);
    play_body(id, answer.body + len / 2, len - len / 2, !answer.trailers && !answer.open);
    if (!answer.trailers || stream->client.ended || stream->client.status != 0)
        return;
    stream->end = true;
    took(stream, proxy_on_response_trailers(id, 1));
}

void fake_close(uint32_t id)
{
    struct stream *stream = stream_of(id);
    const struct header *mark =
        find_header(stream->headers[ABI_RESPONSE_HEADERS], "x-data-protected", 16);

    if (!stream->alive)
        return;
    stream->client.marked = mark && strcmp(mark->value, "true") == 0;
    stream->alive = false;
    proxy_on_delete(id);
}

const struct fake_call *fake_call(unsigned index)
{
    static const struct fake_call none;

    return index < host.calls_count ? &host.calls[index] : &none;
}

void fake_answer_call(unsigned index, const char *status, const char *body)
{
    struct fake_call *call = &host.calls[index];

    call->answered = true;
    host.effective = FAKE_ROOT;
    strcpy(host.call_status.value, status);
    set(&host.call_body, body);
    proxy_on_http_call_response(FAKE_ROOT, call->id, *status ? 1 : 0, (uint32_t)strlen(body), 0);
}

void fake_tick(void)
{
    host.effective = FAKE_ROOT;
    proxy_on_tick(FAKE_ROOT);
}

static void end_stream(uint32_t id)
{
    struct stream *stream = stream_of(id);

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
    host.faults = NULL;
    for (unsigned i = 0; i < host.calls_count; i++)
        buf_done(&host.calls[i].body);
    memset(host.calls, 0, sizeof host.calls);
    host.calls_count = 0;
    for (size_t i = 0; i < SHARED_MAX; i++)
        free(host.shared[i].value);
    memset(host.shared, 0, sizeof host.shared);
    buf_done(&host.call_body);
    buf_done(&host.configuration);
}
