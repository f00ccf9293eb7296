/* One request and its answer: gathers facts for flow.h and carries out what that decides.
 * All of a stream's memory hangs on it and goes with it. */
#ifndef PLUGIN_STREAM_H
#define PLUGIN_STREAM_H

#include "plugin/flow.h"
#include "plugin/host.h"
#include "plugin/request_scan.h"
#include "plugin/root.h"
#include "plugin/trace.h"

/* Bodies are read in pieces of this size: with what the allocator adds, a block of 64 KiB. */
enum { STREAM_PIECE = 65000 };

struct stream {
    uint32_t id;
    struct root *root;
    struct settings *settings;   /* as they were when it began; a share of them */
    const struct policy *policy; /* NULL: not intercepted */
    struct flow flow;
    enum cause cause; /* why it is or would be refused */

    /* the request */
    struct request_scan scan;
    struct trace trace;
    struct slice header_country;
    struct slice header_owner;
    struct buf claims;
    size_t request_bytes;
    size_t request_held_bytes;
    bool request_ended;
    bool request_held; /* until a country is known */
    bool is_connect;   /* it asks for a tunnel */

    /* the answer */
    uint32_t status;
    struct slice content_type;
    uint32_t stale; /* which of the headers that will not hold are there, a bit each */
    bool is_xml;
    bool headers_gone;  /* the host has let them go */
    bool keeps_headers; /* they went as they were, so the body must too */
    bool in_callback;   /* of the answer */
    bool lets_go;       /* that callback is to return ABI_CONTINUE */
    bool replied;       /* the host has taken our problem */
    bool has_trailers;
    bool answer_whole;   /* its end has come */
    size_t answer_bytes; /* held back */
    struct slice result; /* the interceptor's answer while it is delivered; borrowed */

    /* its calls */
    uint64_t call_began_ms;
    uint32_t token_number;
    uint32_t interceptor_status;
    bool waits;
    struct stream *next_waits;
    struct stream *previous_waits;
};

/* NULL: no memory. */
struct stream *stream_new(uint32_t id, struct root *root);
void stream_free(struct stream *stream);

/* The host's callbacks; in request.c. */
enum abi_action stream_on_request_headers(struct stream *stream, bool end);
enum abi_action stream_on_request_body(struct stream *stream, size_t len, bool end);
enum abi_action stream_on_request_trailers(struct stream *stream);

/* In answer.c. */
enum abi_action stream_on_answer_headers(struct stream *stream, bool end);
enum abi_action stream_on_answer_body(struct stream *stream, size_t len, bool end);
enum abi_action stream_on_answer_trailers(struct stream *stream);

/* From the root; the host is at this stream already. */
void stream_on_token(struct stream *stream, enum token_state state);
void stream_on_protected(struct stream *stream, enum cause cause, uint32_t status, char *body,
                         size_t len);

/* Feeds the flow and carries out its actions, until there is nothing left to do at once. What it
 * returns is for the callback, if there is one. EV_ANSWERED may be the end of the stream. */
enum abi_action stream_feed(struct stream *stream, enum flow_event event);

/* The country codes that count: of the body, the headers or the configuration. */
struct slice stream_country(const struct stream *stream);
struct slice stream_owner(const struct stream *stream);

/* Feeds an event that may refuse the answer, and the cause if it does. */
enum abi_action stream_fail(struct stream *stream, enum flow_event event, enum cause cause);

/* Makes the headers of the answer fit a body that is protected; in answer.c. */
bool stream_dress_headers(struct stream *stream);

/* Have the headers gone to a filter that holds them? Then only an answer of our own, in place of a
 * whole one, can still say that it is unprotected. */
bool stream_marks_late(const struct stream *stream);

/* How many bytes the stream holds back of its request or its answer, towards a bound for the whole
 * VM. held: where the stream keeps that. False: too many. */
bool stream_hold_bytes(struct stream *stream, size_t *held, size_t len);

#endif
