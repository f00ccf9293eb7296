#include "tests/plugin/fake_internal.h"

#include <stdlib.h>

struct fake_host fake_host;
uint64_t fake_now_ms;
size_t fake_answer_max;

/* ---- failures ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool out_of_memory(void)
{
    return fake_host.faults && ++fake_host.faults->allocations == fake_host.faults->fail_memory;
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
    if (!fake_host.faults || ++fake_host.faults->host_calls != fake_host.faults->fail_host)
        return false;
    fake_host.faults->failed = name;
    return true;
}

#define MAY_FAIL()                                                                                 \
    do {                                                                                           \
        if (refuses(__func__))                                                                     \
            return ABI_INTERNAL_FAILURE;                                                           \
    } while (0)

void fake_put(struct buf *b, const void *data, size_t len)
{
    struct fake_faults *faults = fake_host.faults;

    fake_host.faults = NULL;
    b->max = 1 << 24;
    buf_put(b, data, len);
    fake_host.faults = faults;
}

void fake_set(struct buf *b, const char *text)
{
    b->len = 0;
    fake_put(b, text, strlen(text));
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

struct fake_stream *fake_stream(uint32_t id)
{
    if (id < FAKE_STREAM || id >= FAKE_STREAM + FAKE_STREAMS_MAX)
        abort();
    return &fake_host.streams[id - FAKE_STREAM];
}

/* The stream that the plugin acts on: it must have said so, and it must live. */
static struct fake_stream *current(void)
{
    struct fake_stream *stream = fake_stream(fake_host.effective);

    if (!stream->alive)
        abort();
    return stream;
}

struct fake_client *fake_client(uint32_t stream)
{
    return &fake_stream(stream)->client;
}

struct fake_header *fake_header(struct fake_header *map, const char *name, size_t len)
{
    for (size_t i = 0; i < HEADERS_MAX; i++) {
        if (strlen(map[i].name) == len && memcmp(map[i].name, name, len) == 0)
            return &map[i];
    }
    return NULL;
}

static void set_header(struct fake_header *map, const char *name, size_t len, const char *value,
                       size_t value_len)
{
    struct fake_header *header = fake_header(map, name, len);

    if (!header)
        header = fake_header(map, "", 0);
    if (!header || len >= sizeof header->name || value_len >= sizeof header->value)
        abort();
    memset(header, 0, sizeof *header);
    memcpy(header->name, name, len);
    memcpy(header->value, value, value_len);
}

void fake_set_header(struct fake_header *map, const char *name, const char *value)
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
    MAY_FAIL();
    fake_host.ticks = period_ms > 0;
    return ABI_OK;
}

uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t name_len, char **ret,
                                    size_t *ret_len)
{
    const struct fake_header *header;

    MAY_FAIL();
    if (map == ABI_CALL_HEADERS)
        header = strncmp(name, ":status", name_len) == 0 ? &fake_host.call_status : NULL;
    else
        header = fake_header(current()->headers[map], name, name_len);
    return header ? hand_over(header->value, strlen(header->value), ret, ret_len) : ABI_NOT_FOUND;
}

/* The count, the lengths of all names and values, then all of them, each with a NUL behind it. */
uint32_t proxy_get_header_map_pairs(uint32_t map, char **ret, size_t *ret_len)
{
    uint32_t lengths[1 + 2 * HEADERS_MAX] = {0}, *length = lengths + 1;
    char pairs[sizeof lengths + sizeof(struct fake_header[HEADERS_MAX])];
    char text[sizeof(struct fake_header[HEADERS_MAX])], *at = text;
    const struct fake_header *h;
    size_t head;

    MAY_FAIL();
    h = current()->headers[map];
    for (const struct fake_header *end = h + HEADERS_MAX; h < end; h++) {
        if (!*h->name)
            continue;
        lengths[0]++;
        *length++ = (uint32_t)strlen(h->name);
        *length++ = (uint32_t)strlen(h->value);
        at = stpcpy(stpcpy(at, h->name) + 1, h->value) + 1;
    }
    head = (size_t)(length - lengths) * sizeof *lengths;
    memcpy(pairs, lengths, head);
    memcpy(pairs + head, text, (size_t)(at - text));
    return hand_over(pairs, head + (size_t)(at - text), ret, ret_len);
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
    struct fake_header *header;

    MAY_FAIL();
    header = fake_header(current()->headers[map], name, name_len);
    if (header)
        memset(header, 0, sizeof *header);
    return ABI_OK;
}

static struct buf *body_of(uint32_t buffer)
{
    return buffer == ABI_CALL_BODY              ? &fake_host.call_body
           : buffer == ABI_PLUGIN_CONFIGURATION ? &fake_host.configuration
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
    if (fake_answer_max > 0 && data_len > fake_answer_max) {
        fake_close(fake_host.effective);
        return ABI_OK;
    }
    b->len = 0;
    fake_put(b, data, data_len);
    return ABI_OK;
}

void fake_flush(struct fake_stream *stream)
{
    struct buf *b = &stream->body[ABI_RESPONSE_BODY];

    fake_put(&stream->client.bytes, b->data, b->len);
    b->len = 0;
    stream->client.ended = stream->end;
}

uint32_t proxy_continue_stream(uint32_t direction)
{
    MAY_FAIL();
    if (direction == ABI_STREAM_RESPONSE && !current()->client.ended)
        fake_flush(current());
    return ABI_OK;
}

uint32_t proxy_send_local_response(uint32_t status, const char *details, size_t details_len,
                                   const char *body, size_t body_len, const char *headers,
                                   size_t headers_len, uint32_t grpc_status)
{
    struct fake_stream *stream = current();

    (void)details, (void)details_len, (void)headers, (void)headers_len, (void)grpc_status;
    MAY_FAIL();
    if (stream->client.ended || stream->client.status != 0)
        abort(); /* two answers */
    stream->client.status = status;
    fake_put(&stream->reply, body, body_len);
    if (!stream->answered)
        return ABI_OK; /* it goes by the plugin, see pass_reply() */
    fake_put(&stream->client.bytes, body, body_len);
    stream->client.ended = true;
    return ABI_OK;
}

uint32_t proxy_http_call(const char *cluster, size_t cluster_len, const char *headers,
                         size_t headers_len, const char *body, size_t body_len,
                         const char *trailers, size_t trailers_len, uint32_t timeout_ms,
                         uint32_t *ret_id)
{
    struct fake_call *call = &fake_host.calls[fake_host.calls_count];

    (void)cluster, (void)cluster_len, (void)trailers, (void)trailers_len, (void)timeout_ms;
    MAY_FAIL();
    if (fake_host.calls_count == CALLS_MAX)
        abort(); /* calls without an end */
    call->is_token = memmem(headers, headers_len, "/identity/v1/token", 18) != NULL;
    fake_put(&call->body, body, body_len);
    *ret_id = call->id = ++fake_host.calls_count;
    return ABI_OK;
}

uint32_t proxy_set_effective_context(uint32_t context)
{
    MAY_FAIL();
    if (context != FAKE_ROOT && !fake_stream(context)->alive)
        return ABI_BAD_ARGUMENT;
    fake_host.effective = context;
    return ABI_OK;
}

static struct fake_shared *find_shared(const char *key, size_t len)
{
    for (size_t i = 0; i < SHARED_MAX; i++) {
        if (strlen(fake_host.shared[i].key) == len &&
            memcmp(fake_host.shared[i].key, key, len) == 0)
            return &fake_host.shared[i];
    }
    return NULL;
}

uint32_t proxy_get_shared_data(const char *key, size_t key_len, char **ret, size_t *ret_len,
                               uint32_t *ret_cas)
{
    const struct fake_shared *shared;

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
    struct fake_shared *shared;

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
    shared->cas = ++fake_host.cas;
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
