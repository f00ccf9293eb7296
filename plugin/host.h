/* The proxy around us, as typed calls over abi.h; the only place that knows the ABI's layouts.
 *
 * Header names are lower case. What is handed over is on the heap and belongs to the caller
 * (auto_slice releases it). A call that the host refuses answers false, or an empty slice with
 * data NULL. All of it runs on the VM's one thread. */
#ifndef PLUGIN_HOST_H
#define PLUGIN_HOST_H

#include "common/buf.h"
#include "plugin/abi.h"

void host_slice_free(struct slice *s);
struct slice host_slice_copy(struct slice s); /* of an empty one, or without memory: data is NULL */
#define auto_slice __attribute__((cleanup(host_slice_free)))

void host_log(enum abi_log level, struct slice text);
uint64_t host_now_ms(void); /* the wall clock; 0 when the host can't tell */
bool host_random(void *bytes, size_t len);
void host_tick_every_ms(uint32_t period_ms); /* 0: no more ticks */

/* The first value of the header. Absent, empty and refused are one: data is NULL. */
struct slice host_header(enum abi_map map, const char *name);

/* All headers at once, for host_headers_find() alone: a crossing to the host costs more than a walk
 * through them. data is NULL when the host refuses, and when there are none. */
struct slice host_headers(enum abi_map map);

/* The first value of the header; lies in headers. Absent: data is NULL. */
struct slice host_headers_find(struct slice headers, const char *name);

/* What :status says; 0: the host told none. */
uint32_t host_status(struct slice text);

bool host_header_set(enum abi_map map, const char *name, struct slice value);
bool host_header_remove(enum abi_map map, const char *name);

/* Up to len bytes from `from` on; less at the end. */
struct slice host_bytes(enum abi_buffer buffer, size_t from, size_t len);

/* Puts data in the place of the whole buffered body of the answer. */
bool host_answer_replace(struct slice data);

/* From a callback of the root: all later calls act on that stream. False: it has gone. */
bool host_become(uint32_t stream);
bool host_resume(enum abi_stream direction);

struct host_header_pair {
    struct slice name;
    struct slice value;
};

/* The answer is ours: this status, these headers, this body. details go to the access log. */
bool host_reply(uint32_t status, struct slice details, const struct host_header_pair *headers,
                size_t count, struct slice body);

/* Sends a request to a cluster; its answer comes to the root with the id. False: not sent, and
 * no answer will come. */
bool host_call(struct slice cluster, const struct host_header_pair *headers, size_t count,
               struct slice body, uint32_t timeout_ms, uint32_t *ret_id);

/* Data that all VMs with one vm_id share. *ret_cas is 0 where there is none. */
struct slice host_shared_load(struct slice key, uint32_t *ret_cas);

/* Writes unless somebody else has since `cas` was loaded. cas 0 writes always. */
bool host_shared_store(struct slice key, struct slice value, uint32_t cas);

uint32_t host_metric_define(enum abi_metric kind, struct slice name); /* 0: refused */
void host_metric_add(uint32_t counter, uint64_t by);
void host_metric_record(uint32_t histogram, uint64_t value);

#endif
