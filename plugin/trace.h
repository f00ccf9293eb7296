/* The trace that a request belongs to (W3C Trace Context), and its request id: copied to our own
 * calls, each of which gets a parent id of its own, as the proxy does not do it for them. */
#ifndef PLUGIN_TRACE_H
#define PLUGIN_TRACE_H

#include "plugin/host.h"

enum { TRACE_PARENT_LEN = 55, TRACE_HEADERS_MAX = 3 };

struct trace {
    struct slice parent; /* a valid traceparent, or empty; heap */
    struct slice state;
    struct slice request_id;
};

/* Reads a request's headers: host_headers(). A broken traceparent counts as none, as does a
 * request id of more than 256 bytes or a tracestate of more than 2048. */
void trace_read(struct trace *trace, struct slice headers);
void trace_done(struct trace *trace);

/* Writes the headers for one call; fresh holds the new traceparent. Returns their count. trace
 * may be NULL. */
size_t trace_headers(const struct trace *trace, char fresh[TRACE_PARENT_LEN],
                     struct host_header_pair headers[TRACE_HEADERS_MAX]);

/* version "-" trace-id "-" parent-id "-" flags, as hex digits; no id all zeros. */
bool trace_is_parent(struct slice text);

#endif
