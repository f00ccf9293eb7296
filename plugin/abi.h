/* What Proxy-Wasm ABI 0.2.1 offers and calls, as far as the plugin uses it.
 *
 * Names and numbers: the specification at github.com/proxy-wasm/spec (abi-versions/v0.2.1), and
 * Envoy's own implementation, which tells what each call answers. Built natively, the imports are
 * ordinary functions that tests provide. Only host.c calls them. */
#ifndef PLUGIN_ABI_H
#define PLUGIN_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __wasm__
#define ABI_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define ABI_EXPORT(name) __attribute__((export_name(#name)))
#else
#define ABI_IMPORT(name)
#define ABI_EXPORT(name)
#endif

enum abi_result {
    ABI_OK = 0,
    ABI_NOT_FOUND = 1,
    ABI_BAD_ARGUMENT = 2,
    ABI_CAS_MISMATCH = 8,
    ABI_INTERNAL_FAILURE = 10,
};

enum abi_action { ABI_CONTINUE = 0, ABI_PAUSE = 1 };

enum abi_log { ABI_LOG_INFO = 2, ABI_LOG_WARN = 3, ABI_LOG_ERROR = 4 };

enum abi_map {
    ABI_REQUEST_HEADERS = 0,
    ABI_RESPONSE_HEADERS = 2,
    ABI_RESPONSE_TRAILERS = 3,
    ABI_CALL_HEADERS = 6,
};

enum abi_buffer {
    ABI_REQUEST_BODY = 0,
    ABI_RESPONSE_BODY = 1,
    ABI_CALL_BODY = 4,
    ABI_PLUGIN_CONFIGURATION = 7,
};

enum abi_stream { ABI_STREAM_REQUEST = 0, ABI_STREAM_RESPONSE = 1 };

enum abi_metric { ABI_COUNTER = 0, ABI_HISTOGRAM = 2 };

/* ---- imports. What they return through char ** is allocated by proxy_on_memory_allocate(). ---- */

ABI_IMPORT(proxy_log)
uint32_t proxy_log(uint32_t level, const char *text, size_t len);

ABI_IMPORT(proxy_get_current_time_nanoseconds)
uint32_t proxy_get_current_time_nanoseconds(uint64_t *ret);

ABI_IMPORT(proxy_set_tick_period_milliseconds)
uint32_t proxy_set_tick_period_milliseconds(uint32_t period_ms);

ABI_IMPORT(proxy_get_header_map_value)
uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t name_len, char **ret,
                                    size_t *ret_len);

ABI_IMPORT(proxy_get_header_map_pairs)
uint32_t proxy_get_header_map_pairs(uint32_t map, char **ret, size_t *ret_len);

ABI_IMPORT(proxy_replace_header_map_value)
uint32_t proxy_replace_header_map_value(uint32_t map, const char *name, size_t name_len,
                                        const char *value, size_t value_len);

ABI_IMPORT(proxy_remove_header_map_value)
uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, size_t name_len);

ABI_IMPORT(proxy_get_buffer_bytes)
uint32_t proxy_get_buffer_bytes(uint32_t buffer, size_t from, size_t len, char **ret,
                                size_t *ret_len);

ABI_IMPORT(proxy_set_buffer_bytes)
uint32_t proxy_set_buffer_bytes(uint32_t buffer, size_t from, size_t len, const char *data,
                                size_t data_len);

ABI_IMPORT(proxy_continue_stream)
uint32_t proxy_continue_stream(uint32_t stream);

ABI_IMPORT(proxy_send_local_response)
uint32_t proxy_send_local_response(uint32_t status, const char *details, size_t details_len,
                                   const char *body, size_t body_len, const char *headers,
                                   size_t headers_len, uint32_t grpc_status);

ABI_IMPORT(proxy_http_call)
uint32_t proxy_http_call(const char *cluster, size_t cluster_len, const char *headers,
                         size_t headers_len, const char *body, size_t body_len,
                         const char *trailers, size_t trailers_len, uint32_t timeout_ms,
                         uint32_t *ret_id);

ABI_IMPORT(proxy_set_effective_context)
uint32_t proxy_set_effective_context(uint32_t context);

ABI_IMPORT(proxy_get_shared_data)
uint32_t proxy_get_shared_data(const char *key, size_t key_len, char **ret, size_t *ret_len,
                               uint32_t *ret_cas);

ABI_IMPORT(proxy_set_shared_data)
uint32_t proxy_set_shared_data(const char *key, size_t key_len, const char *value, size_t value_len,
                               uint32_t cas);

ABI_IMPORT(proxy_define_metric)
uint32_t proxy_define_metric(uint32_t kind, const char *name, size_t name_len, uint32_t *ret_id);

ABI_IMPORT(proxy_increment_metric)
uint32_t proxy_increment_metric(uint32_t id, int64_t by);

ABI_IMPORT(proxy_record_metric)
uint32_t proxy_record_metric(uint32_t id, uint64_t value);

/* ---- exports: called by the host ---- */

void proxy_abi_version_0_2_1(void);
void *proxy_on_memory_allocate(size_t size);
void proxy_on_context_create(uint32_t context, uint32_t parent);
uint32_t proxy_on_vm_start(uint32_t context, uint32_t configuration_len);
uint32_t proxy_on_configure(uint32_t context, uint32_t configuration_len);
void proxy_on_tick(uint32_t context);
uint32_t proxy_on_request_headers(uint32_t context, uint32_t count, uint32_t end_of_stream);
uint32_t proxy_on_request_body(uint32_t context, uint32_t len, uint32_t end_of_stream);
uint32_t proxy_on_request_trailers(uint32_t context, uint32_t count);
uint32_t proxy_on_response_headers(uint32_t context, uint32_t count, uint32_t end_of_stream);
uint32_t proxy_on_response_body(uint32_t context, uint32_t len, uint32_t end_of_stream);
uint32_t proxy_on_response_trailers(uint32_t context, uint32_t count);
void proxy_on_http_call_response(uint32_t context, uint32_t call, uint32_t headers,
                                 uint32_t body_len, uint32_t trailers);
void proxy_on_delete(uint32_t context);

#endif
