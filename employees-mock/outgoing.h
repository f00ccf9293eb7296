/* Requests to other servers: any number at once on one thread (libcurl's multi interface).
 *
 * Used for proxying and webhooks. Any thread may start a request; `done` is called on the thread
 * of the module. */
#ifndef EMPLOYEES_MOCK_OUTGOING_H
#define EMPLOYEES_MOCK_OUTGOING_H

#include "common/buf.h"
#include "common/status.h"
#include "employees-mock/match/mock_request.h"

#include <stddef.h>
#include <stdint.h>

struct outgoing;

struct outgoing_settings {
    unsigned timeout_ms;
    size_t connections;       /* at once */
    const char *via;          /* "host:port" of a proxy; NULL: none */
    const char *allow, *deny; /* comma-separated addresses, ranges, names with *; NULL: all, none */
};

MUST_CHECK enum status outgoing_open(const struct outgoing_settings *settings,
                                     struct outgoing **ret, struct why *why);
/* Breaks off what is under way, and whatever is started from then on: `done` is called with
 * ST_TIMEOUT. Ends the thread. */
void outgoing_stop(struct outgoing *o);
/* The same, and releases all; nobody may start a request any more. NULL is accepted. */
void outgoing_close(struct outgoing *o);

/* Copied by outgoing_start. Header values of one name may stand several times; Content-Length and
 * Transfer-Encoding are made here. */
struct outgoing_request {
    struct slice method;
    struct slice url;
    const struct mock_field *headers;
    size_t header_count;
    struct slice body;
    bool has_body;     /* else no Content-Length is sent */
    uint64_t delay_ms; /* before it is sent */
    bool plain;        /* answers in gzip are unpacked */
};

/* What came back; borrowed for the call of `done`. */
struct outgoing_answer {
    unsigned status;
    const char *reason; /* as it came; "" if none */
    const struct mock_field *headers;
    size_t header_count;
    struct slice body;
};

/* ST_OK: an answer came. Else `why` tells: ST_BAD_INPUT (no URL), ST_DENIED (target not allowed),
 * ST_TIMEOUT, ST_IO; answer is NULL then. */
typedef void outgoing_done(void *ctx, enum status st, const struct outgoing_answer *answer,
                           const struct why *why);

/* `done` is called exactly once, also when this fails at once. */
void outgoing_start(struct outgoing *o, const struct outgoing_request *r, outgoing_done *done,
                    void *ctx);

#endif
