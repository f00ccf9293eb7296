/* The host's callbacks. Each finds its stream and hands over; a stream that there is no memory
 * for is paused for good rather than passed. */
#include "plugin/stream.h"

#include <stdlib.h>

/* The ABI's callbacks have no argument that could carry this. */
static struct plugin {
    struct id_map roots;   /* id -> struct root */
    struct id_map streams; /* id -> struct stream */
    size_t held_bytes;     /* of messages, by all streams */
} plugin;

ABI_EXPORT(proxy_abi_version_0_2_1)
void proxy_abi_version_0_2_1(void)
{
}

ABI_EXPORT(proxy_on_memory_allocate)
void *proxy_on_memory_allocate(size_t size)
{
    return malloc(size);
}

static void create_root(uint32_t id)
{
    struct root *root = root_new(id, &plugin.streams, &plugin.held_bytes);

    if (root && !id_map_put(&plugin.roots, id, root))
        root_free(root);
}

ABI_EXPORT(proxy_on_context_create)
void proxy_on_context_create(uint32_t context, uint32_t parent)
{
    struct root *root = id_map_find(&plugin.roots, parent);
    struct stream *stream;

    if (parent == 0) {
        create_root(context);
        return;
    }
    if (!root || !root->settings)
        return;
    stream = stream_new(context, root);
    if (stream && !id_map_put(&plugin.streams, context, stream))
        stream_free(stream);
}

ABI_EXPORT(proxy_on_vm_start)
uint32_t proxy_on_vm_start(uint32_t context, uint32_t configuration_len)
{
    (void)context;
    (void)configuration_len;
    return true;
}

ABI_EXPORT(proxy_on_configure)
uint32_t proxy_on_configure(uint32_t context, uint32_t configuration_len)
{
    struct root *root = id_map_find(&plugin.roots, context);
    auto_slice struct slice text = {NULL, 0};

    if (configuration_len > 0) {
        text = host_bytes(ABI_PLUGIN_CONFIGURATION, 0, configuration_len);
        if (text.len != configuration_len)
            return false;
    }
    return root && root_configure(root, text);
}

ABI_EXPORT(proxy_on_tick)
void proxy_on_tick(uint32_t context)
{
    struct root *root = id_map_find(&plugin.roots, context);

    if (root)
        root_on_tick(root);
}

ABI_EXPORT(proxy_on_http_call_response)
void proxy_on_http_call_response(uint32_t context, uint32_t call, uint32_t headers,
                                 uint32_t body_len, uint32_t trailers)
{
    struct root *root = id_map_find(&plugin.roots, context);

    (void)trailers;
    if (root)
        root_on_answer(root, call, headers, body_len);
}

static struct stream *find(uint32_t context)
{
    return id_map_find(&plugin.streams, context);
}

/* A stream that we could not make refuses its request while that is still possible. */
static uint32_t refuse_unknown(void)
{
    host_reply(503, SLICE("overloaded"), NULL, 0, SLICE(""));
    return ABI_PAUSE;
}

ABI_EXPORT(proxy_on_request_headers)
uint32_t proxy_on_request_headers(uint32_t context, uint32_t count, uint32_t end_of_stream)
{
    struct stream *stream = find(context);

    (void)count;
    return stream ? stream_on_request_headers(stream, end_of_stream) : refuse_unknown();
}

ABI_EXPORT(proxy_on_request_body)
uint32_t proxy_on_request_body(uint32_t context, uint32_t len, uint32_t end_of_stream)
{
    struct stream *stream = find(context);

    return stream ? stream_on_request_body(stream, len, end_of_stream) : ABI_PAUSE;
}

ABI_EXPORT(proxy_on_request_trailers)
uint32_t proxy_on_request_trailers(uint32_t context, uint32_t count)
{
    struct stream *stream = find(context);

    (void)count;
    return stream ? stream_on_request_trailers(stream) : ABI_PAUSE;
}

/* For a stream that was refused above, this is our own answer: it has no body, so anything with
 * a body is not ours. */
ABI_EXPORT(proxy_on_response_headers)
uint32_t proxy_on_response_headers(uint32_t context, uint32_t count, uint32_t end_of_stream)
{
    struct stream *stream = find(context);

    (void)count;
    if (!stream)
        return end_of_stream ? ABI_CONTINUE : ABI_PAUSE;
    return stream_on_answer_headers(stream, end_of_stream);
}

ABI_EXPORT(proxy_on_response_body)
uint32_t proxy_on_response_body(uint32_t context, uint32_t len, uint32_t end_of_stream)
{
    struct stream *stream = find(context);

    return stream ? stream_on_answer_body(stream, len, end_of_stream) : ABI_PAUSE;
}

ABI_EXPORT(proxy_on_response_trailers)
uint32_t proxy_on_response_trailers(uint32_t context, uint32_t count)
{
    struct stream *stream = find(context);

    (void)count;
    return stream ? stream_on_answer_trailers(stream) : ABI_PAUSE;
}

ABI_EXPORT(proxy_on_delete)
void proxy_on_delete(uint32_t context)
{
    stream_free(id_map_take(&plugin.streams, context));
    root_free(id_map_take(&plugin.roots, context));
}
