#include "plugin/host.h"

#include <stdlib.h>
#include <unistd.h>

enum { NO_GRPC_STATUS = -1 };

void host_slice_free(struct slice *s)
{
    free((char *)s->data);
    *s = (struct slice){NULL, 0};
}

struct slice host_slice_copy(struct slice s)
{
    char *copy = s.len > 0 ? slice_dup(s) : NULL;

    return (struct slice){copy, copy ? s.len : 0};
}

void host_log(enum abi_log level, struct slice text)
{
    proxy_log(level, text.data, text.len);
}

uint64_t host_now_ms(void)
{
    uint64_t ns = 0;

    return proxy_get_current_time_nanoseconds(&ns) == ABI_OK ? ns / 1000000 : 0;
}

bool host_random(void *bytes, size_t len)
{
    return getentropy(bytes, len) == 0;
}

void host_tick_every_ms(uint32_t period_ms)
{
    proxy_set_tick_period_milliseconds(period_ms);
}

/* What the host allocated for us, or nothing when it answered an error. */
static struct slice received(uint32_t result, char *data, size_t len)
{
    if (result == ABI_OK && len > 0)
        return (struct slice){data, len};
    free(data);
    return (struct slice){NULL, 0};
}

struct slice host_header(enum abi_map map, const char *name)
{
    char *data = NULL;
    size_t len = 0;
    uint32_t result = proxy_get_header_map_value(map, name, strlen(name), &data, &len);

    return received(result, data, len);
}

struct slice host_headers(enum abi_map map)
{
    char *data = NULL;
    size_t len = 0;
    uint32_t result = proxy_get_header_map_pairs(map, &data, &len);

    return received(result, data, len);
}

static size_t take_u32(const char *at)
{
    uint32_t word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* The layout is that of marshal(). */
struct slice host_headers_find(struct slice headers, const char *name)
{
    struct slice wanted = slice_of(name);
    const char *lengths, *text;

    if (headers.len == 0)
        return (struct slice){NULL, 0};
    lengths = headers.data + sizeof(uint32_t);
    text = lengths + take_u32(headers.data) * 2 * sizeof(uint32_t);
    for (size_t count = take_u32(headers.data); count > 0; count--) {
        struct slice this = {text, take_u32(lengths)};
        struct slice value = {text + this.len + 1, take_u32(lengths + sizeof(uint32_t))};

        if (slice_equal(this, wanted))
            return value;
        text = value.data + value.len + 1;
        lengths += 2 * sizeof(uint32_t);
    }
    return (struct slice){NULL, 0};
}

uint32_t host_status(struct slice text)
{
    uint32_t status = 0;

    for (size_t i = 0; i < text.len; i++)
        status = status * 10 + (uint32_t)(text.data[i] - '0');
    return status;
}

bool host_header_set(enum abi_map map, const char *name, struct slice value)
{
    return proxy_replace_header_map_value(map, name, strlen(name), value.data, value.len) == ABI_OK;
}

bool host_header_remove(enum abi_map map, const char *name)
{
    return proxy_remove_header_map_value(map, name, strlen(name)) == ABI_OK;
}

struct slice host_bytes(enum abi_buffer buffer, size_t from, size_t len)
{
    char *data = NULL;
    size_t got = 0;
    uint32_t result = proxy_get_buffer_bytes(buffer, from, len, &data, &got);

    return received(result, data, got);
}

bool host_answer_replace(struct slice data)
{
    return proxy_set_buffer_bytes(ABI_RESPONSE_BODY, 0, INT32_MAX, data.data, data.len) == ABI_OK;
}

bool host_become(uint32_t stream)
{
    return proxy_set_effective_context(stream) == ABI_OK;
}

bool host_resume(enum abi_stream direction)
{
    return proxy_continue_stream(direction) == ABI_OK;
}

static char *put_u32(char *at, size_t value)
{
    uint32_t word = (uint32_t)value;

    memcpy(at, &word, sizeof word);
    return at + sizeof word;
}

static char *put_terminated(char *at, struct slice s)
{
    if (s.len > 0)
        memcpy(at, s.data, s.len);
    at[s.len] = '\0';
    return at + s.len + 1;
}

/* The ABI's form of a header map: the count, the lengths of all names and values, then all names
 * and values, each with a NUL behind it. */
static struct slice marshal(const struct host_header_pair *headers, size_t count)
{
    size_t size = sizeof(uint32_t);
    char *data;
    char *at;

    for (size_t i = 0; i < count; i++)
        size += 2 * sizeof(uint32_t) + headers[i].name.len + headers[i].value.len + 2;
    data = malloc(size);
    if (!data)
        return (struct slice){NULL, 0};
    at = put_u32(data, count);
    for (size_t i = 0; i < count; i++)
        at = put_u32(put_u32(at, headers[i].name.len), headers[i].value.len);
    for (size_t i = 0; i < count; i++)
        at = put_terminated(put_terminated(at, headers[i].name), headers[i].value);
    return (struct slice){data, size};
}

bool host_reply(uint32_t status, struct slice details, const struct host_header_pair *headers,
                size_t count, struct slice body)
{
    auto_slice struct slice map = marshal(headers, count);

    /* Without memory for the headers the status alone must do. */
    return proxy_send_local_response(status, details.data, details.len, body.data, body.len,
                                     map.data, map.len, (uint32_t)NO_GRPC_STATUS) == ABI_OK;
}

bool host_call(struct slice cluster, const struct host_header_pair *headers, size_t count,
               struct slice body, uint32_t timeout_ms, uint32_t *ret_id)
{
    auto_slice struct slice map = marshal(headers, count);
    uint32_t id = 0;

    if (!map.data)
        return false;
    if (proxy_http_call(cluster.data, cluster.len, map.data, map.len, body.data, body.len, NULL, 0,
                        timeout_ms, &id) != ABI_OK)
        return false;
    *ret_id = id;
    return true;
}

struct slice host_shared_load(struct slice key, uint32_t *ret_cas)
{
    char *data = NULL;
    size_t len = 0;
    uint32_t cas = 0;
    uint32_t result = proxy_get_shared_data(key.data, key.len, &data, &len, &cas);

    *ret_cas = result == ABI_OK ? cas : 0;
    return received(result, data, len);
}

bool host_shared_store(struct slice key, struct slice value, uint32_t cas)
{
    return proxy_set_shared_data(key.data, key.len, value.data, value.len, cas) == ABI_OK;
}

uint32_t host_metric_define(enum abi_metric kind, struct slice name)
{
    uint32_t id = 0;

    return proxy_define_metric(kind, name.data, name.len, &id) == ABI_OK ? id : 0;
}

void host_metric_add(uint32_t counter, uint64_t by)
{
    if (counter != 0 && by > 0)
        proxy_increment_metric(counter, (int64_t)by);
}

void host_metric_record(uint32_t histogram, uint64_t value)
{
    if (histogram != 0)
        proxy_record_metric(histogram, value);
}
