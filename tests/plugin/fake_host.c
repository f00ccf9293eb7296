#include "tests/plugin/fake_host.h"

#include <stdlib.h>

enum { HEADERS_MAX = 32, CALLS_MAX = 16, NAME_MAX_BYTES = 64, SHARED_MAX = 8 };

struct header {
    char name[NAME_MAX_BYTES];
    char value[256];
};

struct shared {
    char key[128];
    char *value;
    size_t len;
    uint32_t cas;
};

static struct {
    const struct fake_script *script;
    struct fake_outcome *out;
    struct header headers[8][HEADERS_MAX];
    struct buf body[8];          /* by enum abi_buffer */
    struct buf calls[CALLS_MAX]; /* the path of each call that waits for its answer */
    unsigned calls_count;
    unsigned calls_answered;
    struct shared shared[SHARED_MAX];
    uint32_t cas;
    uint32_t effective;
    bool stream_alive;
    bool resumed;
    unsigned fail_host;
    unsigned fail_memory;
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
    return host.out && ++host.out->allocations == host.fail_memory;
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
    if (!host.out || ++host.out->host_calls != host.fail_host)
        return false;
    host.out->failed = name;
    return true;
}

#define MAY_FAIL()                                                                                 \
    do {                                                                                           \
        if (refuses(__func__))                                                                     \
            return ABI_INTERNAL_FAILURE;                                                           \
    } while (0)

/* The host's own memory does not fail with the plugin's. */
static struct buf *own(struct buf *b)
{
    b->max = 1 << 24;
    return b;
}

static void put(struct buf *b, const void *data, size_t len)
{
    struct fake_outcome *out = host.out;

    host.out = NULL;
    buf_put(own(b), data, len);
    host.out = out;
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

static struct header *find_header(uint32_t map, const char *name, size_t len)
{
    for (size_t i = 0; i < HEADERS_MAX; i++) {
        struct header *header = &host.headers[map][i];

        if (strlen(header->name) == len && memcmp(header->name, name, len) == 0)
            return header;
    }
    return NULL;
}

static void set_header(uint32_t map, const char *name, size_t len, const char *value,
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

static void set_text(uint32_t map, const char *name, const char *value)
{
    set_header(map, name, strlen(name), value, strlen(value));
}

uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t name_len, char **ret,
                                    size_t *ret_len)
{
    const struct header *header;

    MAY_FAIL();
    header = find_header(map, name, name_len);
    return header ? hand_over(header->value, strlen(header->value), ret, ret_len) : ABI_NOT_FOUND;
}

uint32_t proxy_replace_header_map_value(uint32_t map, const char *name, size_t name_len,
                                        const char *value, size_t value_len)
{
    MAY_FAIL();
    set_header(map, name, name_len, value, value_len);
    return ABI_OK;
}

uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, size_t name_len)
{
    struct header *header;

    MAY_FAIL();
    header = find_header(map, name, name_len);
    if (header)
        memset(header, 0, sizeof *header);
    return ABI_OK;
}

uint32_t proxy_get_buffer_bytes(uint32_t buffer, size_t from, size_t len, char **ret,
                                size_t *ret_len)
{
    const struct buf *b = &host.body[buffer];

    MAY_FAIL();
    if (from >= b->len)
        return ABI_OK;
    return hand_over(b->data + from, len < b->len - from ? len : b->len - from, ret, ret_len);
}

uint32_t proxy_set_buffer_bytes(uint32_t buffer, size_t from, size_t len, const char *data,
                                size_t data_len)
{
    MAY_FAIL();
    if (host.effective != FAKE_STREAM || from != 0 || len < host.body[buffer].len)
        abort();
    host.body[buffer].len = 0;
    put(&host.body[buffer], data, data_len);
    return ABI_OK;
}

uint32_t proxy_continue_stream(uint32_t stream)
{
    MAY_FAIL();
    if (host.effective != FAKE_STREAM)
        abort();
    host.resumed |= stream == ABI_STREAM_RESPONSE;
    return ABI_OK;
}

uint32_t proxy_send_local_response(uint32_t status, const char *details, size_t details_len,
                                   const char *body, size_t body_len, const char *headers,
                                   size_t headers_len, uint32_t grpc_status)
{
    (void)details, (void)details_len, (void)headers, (void)headers_len, (void)grpc_status;
    MAY_FAIL();
    if (host.out->ended)
        abort(); /* two answers */
    host.out->status = status;
    host.out->ended = true;
    put(&host.out->client, body, body_len);
    return ABI_OK;
}

uint32_t proxy_http_call(const char *cluster, size_t cluster_len, const char *headers,
                         size_t headers_len, const char *body, size_t body_len,
                         const char *trailers, size_t trailers_len, uint32_t timeout_ms,
                         uint32_t *ret_id)
{
    struct buf *call = &host.calls[host.calls_count];
    bool is_token = memmem(headers, headers_len, "/identity/v1/token", 18) != NULL;

    (void)cluster, (void)cluster_len, (void)body, (void)body_len, (void)trailers,
        (void)trailers_len, (void)timeout_ms;
    MAY_FAIL();
    if (host.calls_count == CALLS_MAX)
        abort(); /* calls without an end */
    call->len = 0;
    put(call, is_token ? "t" : "d", 1);
    *ret_id = ++host.calls_count;
    return ABI_OK;
}

uint32_t proxy_set_effective_context(uint32_t context)
{
    MAY_FAIL();
    if (context == FAKE_STREAM && !host.stream_alive)
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

/* ---- a run ---- */

static void flush(void)
{
    put(&host.out->client, host.body[ABI_RESPONSE_BODY].data, host.body[ABI_RESPONSE_BODY].len);
    host.body[ABI_RESPONSE_BODY].len = 0;
}

static void set_body(uint32_t buffer, const char *text)
{
    host.body[buffer].len = 0;
    put(&host.body[buffer], text, strlen(text));
}

/* What the callback let go, once the answer has not been taken over by the plugin's own. */
static void took(uint32_t action, bool end)
{
    if (host.out->ended || action != ABI_CONTINUE)
        return;
    flush();
    host.out->ended = end;
}

static void play_request(void)
{
    const char *body = host.script->request_body;

    set_text(ABI_REQUEST_HEADERS, ":path", "/employees");
    set_text(ABI_REQUEST_HEADERS, "x-request-id", "id-1");
    set_text(ABI_REQUEST_HEADERS, "traceparent",
             "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");
    proxy_on_request_headers(FAKE_STREAM, 3, !body);
    if (!body || host.out->ended)
        return;
    set_body(ABI_REQUEST_BODY, body);
    proxy_on_request_body(FAKE_STREAM, (uint32_t)strlen(body), true);
}

static void play_answer(void)
{
    const struct fake_script *script = host.script;
    uint32_t len = (uint32_t)strlen(script->answer_body);
    uint32_t half = len / 2;

    host.effective = FAKE_STREAM;
    set_text(ABI_RESPONSE_HEADERS, ":status", "200");
    set_text(ABI_RESPONSE_HEADERS, "content-type", script->content_type);
    set_text(ABI_RESPONSE_HEADERS, "etag", "1");
    proxy_on_response_headers(FAKE_STREAM, 3, false);
    if (host.out->ended)
        return;
    put(&host.body[ABI_RESPONSE_BODY], script->answer_body, half);
    took(proxy_on_response_body(FAKE_STREAM, half, false), false);
    if (host.out->ended)
        return;
    put(&host.body[ABI_RESPONSE_BODY], script->answer_body + half, len - half);
    len = (uint32_t)host.body[ABI_RESPONSE_BODY].len;
    took(proxy_on_response_body(FAKE_STREAM, len, !script->trailers), !script->trailers);
    if (script->trailers && !host.out->ended)
        took(proxy_on_response_trailers(FAKE_STREAM, 1), true);
}

static struct fake_answer answer_to(const struct buf *call)
{
    static const struct fake_answer token = {"200", "{\"access_token\":\"t\",\"expires_in\":60}"};
    static const struct fake_answer data_set = {"200",
                                                "{\"dataSet\":\"{\\\"name\\\":\\\"*\\\"}\"}"};
    bool is_token = call->data[0] == 't';
    unsigned nth = is_token ? host.out->token_calls++ : host.out->data_set_calls++;
    struct fake_answer scripted =
        is_token ? host.script->token : host.script->data_set[nth > 0 ? 1 : 0];

    return scripted.status ? scripted : is_token ? token : data_set;
}

static void answer_calls(void)
{
    while (host.calls_answered < host.calls_count) {
        unsigned id = ++host.calls_answered;
        struct fake_answer answer = answer_to(&host.calls[id - 1]);

        host.effective = FAKE_ROOT;
        host.resumed = false;
        set_text(ABI_CALL_HEADERS, ":status", answer.status);
        set_body(ABI_CALL_BODY, answer.body);
        proxy_on_http_call_response(FAKE_ROOT, id, *answer.status ? 1 : 0,
                                    (uint32_t)strlen(answer.body), 0);
        if (host.resumed && !host.out->ended) {
            flush();
            host.out->ended = true;
        }
    }
}

static void play_stream(void)
{
    host.stream_alive = true;
    host.effective = FAKE_STREAM;
    proxy_on_context_create(FAKE_STREAM, FAKE_ROOT);
    play_request();
    if (!host.out->ended)
        play_answer();
    if (host.script->aborts) {
        host.stream_alive = false;
        proxy_on_delete(FAKE_STREAM);
    }
    answer_calls();
    for (int i = 0; i < 3; i++)
        proxy_on_tick(FAKE_ROOT);
    answer_calls();
    host.out->marked =
        find_header(ABI_RESPONSE_HEADERS, "x-data-protected", 16) &&
        strcmp(find_header(ABI_RESPONSE_HEADERS, "x-data-protected", 16)->value, "true") == 0;
    host.stream_alive = false;
    proxy_on_delete(FAKE_STREAM);
}

void fake_run(const struct fake_script *script, unsigned fail_host, unsigned fail_memory,
              struct fake_outcome *ret)
{
    memset(&host, 0, sizeof host);
    *ret = (struct fake_outcome){0};
    host.script = script;
    host.out = ret;
    host.fail_host = fail_host;
    host.fail_memory = fail_memory;
    fake_now_ms = 1000000;
    set_body(ABI_PLUGIN_CONFIGURATION, script->configuration);
    proxy_on_context_create(FAKE_ROOT, 0);
    ret->configured = proxy_on_configure(FAKE_ROOT, (uint32_t)strlen(script->configuration));
    if (ret->configured)
        play_stream();
    proxy_on_delete(FAKE_ROOT);
    host.out = NULL;
    for (size_t i = 0; i < 8; i++)
        buf_done(&host.body[i]);
    for (size_t i = 0; i < CALLS_MAX; i++)
        buf_done(&host.calls[i]);
    for (size_t i = 0; i < SHARED_MAX; i++)
        free(host.shared[i].value);
}
