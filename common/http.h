/* Requests in, replies out: HTTP/1.1 and TLS over libmicrohttpd, of which this is the only user.
 *
 * A server runs a pool of threads with epoll. It reads a request whole (headers, then the body up
 * to the ceiling of its route), calls one handler, and sends the reply which that handler stored
 * in the request. A handler that can't answer yet calls http_defer(); the reply is then stored by
 * any thread, followed by http_resume(). A reply may be told to wait, or to break in one of the
 * ways in which servers break; neither holds a thread. Handlers of large bodies can be told to run
 * beside the pool: see aside_bytes.
 *
 * What libmicrohttpd does not guard against is guarded here: slow senders, idle clients, a full
 * connection table, ambiguous framing (Content-Length beside Transfer-Encoding). */
#ifndef COMMON_HTTP_H
#define COMMON_HTTP_H

#include "common/buf.h"
#include "common/log.h"
#include "common/router.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

struct http_server;
struct http_request;
struct tls; /* tls.h */

/* ---- a server ---- */

/* What an application gives: its routes and how it words its own errors. */
struct http_app {
    void *ctx; /* handed to every function below and to handlers by http_app() */
    const struct route *routes;
    size_t route_count;
    size_t state_size; /* bytes of http_state(), zeroed for each request */

    /* Before routing, when the headers are there; may be NULL. */
    void (*begin)(struct http_request *req);

    /* Stores the reply for a request that no handler answers: unknown path (ST_NOT_FOUND), wrong
     * method (ST_UNSUPPORTED; the Allow header is set already), body too large (ST_TOO_LARGE),
     * bad framing (ST_BAD_INPUT, the header at fault is the place) or broken headers (ST_BAD_INPUT
     * without a place; those behind are not to be seen), a handler that stored nothing (ST_INTERNAL),
     * ST_NO_MEMORY. http_route() is NULL where none was found yet. */
    void (*fault)(struct http_request *req, enum status st, const struct why *why);

    /* Stores the reply for what is no HTTP/1.1, or too much of it, so that no handler sees it: with
     * a status of 400, 413, 414, 431 or 505. What came before the fault can be read, no method if
     * it was in the head. The connection ends behind it. */
    void (*refuse)(struct http_request *req, unsigned status);

    /* When a reply is stored, before it is sent: headers that all answers carry; may be NULL. */
    void (*decorate)(struct http_request *req);

    /* When the request is over, sent or broken: log, counters; may be NULL. `sent` tells whether
     * the whole answer went out. */
    void (*finish)(struct http_request *req, bool sent);
};

/* 0 stands for the default of http_limits_default, but for drain_max_bytes and aside_bytes. */
struct http_limits {
    unsigned threads;           /* one for each processor unless set */
    unsigned header_timeout_ms; /* from the connection or the request line to the headers' end */
    unsigned idle_timeout_ms;   /* between two requests of a connection */
    unsigned body_timeout_ms;   /* for a body, and ... */
    unsigned body_min_rate;     /* ... so many bytes a second on top of that */
    unsigned send_timeout_ms;   /* without any progress of the client's reading */
    unsigned max_connections;   /* http_connections_max() unless set; more wait outside */

    /* Request line and headers must fit, with some 70 bytes for each header; 28 KiB unless set,
     * which takes 100 headers of 16 KiB together. libmicrohttpd clears all of it for each request:
     * each KiB more costs a small one 0.3 %. */
    size_t memory_per_connection;

    bool no_date; /* answers carry no Date but the one that they are given */

    /* Of a refused body so much more than its route takes is read and thrown away, so that the
     * client sees the refusal. Beyond that the connection is cut. */
    size_t drain_max_bytes;

    /* Handlers of bodies of so many bytes or more run aside, on as many threads again (16 at most),
     * lest the other connections of a thread wait for them; they must not defer. 0: nothing goes
     * aside. */
    size_t aside_bytes;
};

/* How many connections the ports of a process may have together: three quarters of RLIMIT_NOFILE,
 * since files, databases and listeners need descriptors too. Its soft limit, often 1024 for the sake
 * of select(), is raised to the hard one first. */
unsigned http_connections_max(void);

/* Sane values for a public port. */
extern const struct http_limits http_limits_default;

struct http_listener {
    const char *address; /* "0.0.0.0:8443", "[::1]:0", ":8080" */
    struct tls *tls;     /* NULL: plain; borrowed, must outlive the server */
};

/* Opens the port and serves it. ST_BAD_INPUT: address; ST_CONFLICT: the port is in use (the words
 * name it); ST_IO: the socket. All pointers in `app` must outlive the server. */
MUST_CHECK enum status http_server_open(const struct http_listener *listener,
                                        const struct http_app *app,
                                        const struct http_limits *limits, struct log *log,
                                        struct http_server **ret, struct why *why);

/* The port in use, for a listener on port 0. */
unsigned http_server_port(const struct http_server *server);

/* Takes no new connection (one that comes is closed at once); those with a request under way end
 * it and are closed behind it; the others are closed. */
void http_server_quiesce(struct http_server *server);

/* Waits up to grace_ms for requests under way, then cuts what is left, and releases all. Deferred
 * requests count as under way: whoever owes their replies must be stopped before. Waiting replies
 * go out at once. NULL is accepted. */
void http_server_close(struct http_server *server, unsigned grace_ms);

struct http_counts {
    uint64_t connections_open;
    uint64_t requests;
    uint64_t refused_framing;
    uint64_t cut_slow; /* connections cut for a deadline */
};
struct http_counts http_server_counts(const struct http_server *server);

/* ---- reading a request; all text is borrowed and lives as long as the request ---- */

void *http_app(const struct http_request *req);                 /* http_app.ctx */
void *http_state(const struct http_request *req);               /* the application's own bytes */
const struct route *http_route(const struct http_request *req); /* NULL when none matched */

const char *http_method(const struct http_request *req);
const char *http_target(const struct http_request *req); /* as it came: path?query, raw */
struct slice http_path(const struct http_request *req);  /* the target up to '?', raw */
struct slice http_query(const struct http_request *req); /* behind '?', raw; empty if none */
/* The path, percent-decoded; NULL: memory is out. */
const char *http_path_decoded(struct http_request *req);
const char *http_version(const struct http_request *req);

/* The part of the path that stands for {name} in the route, percent-decoded; NULL if none. Here
 * and below, a '%' without two hex digits, and %00, stay as they are. */
const char *http_path_param(const struct http_request *req, const char *name);
/* The first query parameter of that name, percent-decoded, '+' is a blank; NULL if none. */
const char *http_query_param(struct http_request *req, const char *name);

/* The first header of that name in any case; NULL if none. http_header_count counts them. */
const char *http_header(const struct http_request *req, const char *name);
size_t http_header_count(const struct http_request *req, const char *name);
/* ST_BAD_INPUT, at that place: no header can have the text as its value, so nobody could send it. */
MUST_CHECK enum status http_check_value(const char *text, const char *place, struct why *why);
/* Every header in the order and spelling in which it came; stops when `each` returns false. */
void http_headers_each(const struct http_request *req,
                       bool (*each)(void *ctx, struct slice name, struct slice value), void *ctx);

/* The body; whole when the handler runs, empty in a route's check. */
struct slice http_body(const struct http_request *req);

bool http_is_tls(const struct http_request *req);
const char *http_peer(const struct http_request *req); /* the client's numeric address */
bool http_peer_is_loopback(const struct http_request *req);
uint64_t http_started_us(const struct http_request *req); /* monotonic, when headers were there */

/* ---- storing a reply: the first one counts, later ones are refused with false ---- */

/* A header of the coming reply; may be called many times for one name. false: the name is no token,
 * the value has a line break, or memory is out. Framing is this layer's: a Content-Length is
 * accepted and left out, "Transfer-Encoding: chunked" and "Connection: close" count as
 * http_reply_chunked() and http_reply_close(), other values of theirs are left out. */
bool http_reply_header(struct http_request *req, const char *name, const char *value);
bool http_reply_headerf(struct http_request *req, const char *name, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The same without a look and without a copy: both texts outlive the request, the name is a token and
 * not one of framing, the value has no line break. false: memory is out. */
bool http_reply_header_kept(struct http_request *req, const char *name, const char *value);

/* Takes back all headers of an answer that is not stored yet. */
void http_reply_forget_headers(struct http_request *req);

/* The body's bytes move into the reply, and are released if it is refused (a reply is there, the
 * buffer has failed, status is 0); content_type NULL sends none. A status outside of 100 to 999
 * makes an answer that no client understands, and closes the connection. */
bool http_reply(struct http_request *req, unsigned status, const char *content_type,
                struct buf *body);
/* Gives an empty buffer, for http_reply(), the memory of the connection's last small answer. */
void http_reply_room(struct http_request *req, struct buf *body);
/* Bytes that live until finish() has returned: literals, or what the application holds so long. */
bool http_reply_static(struct http_request *req, unsigned status, const char *content_type,
                       struct slice body);
/* A copy is made. */
bool http_reply_copy(struct http_request *req, unsigned status, const char *content_type,
                     struct slice body);

/* Headers and body made ready once, for any number of requests at a time: a reply that is sent
 * often then costs no more than its bytes. */
struct http_ready;
/* The body is borrowed. NULL: memory is out. */
struct http_ready *http_ready_new(struct slice body);
/* As http_reply_header(), but that what is framing is refused. Before the first request has it. */
bool http_ready_header(struct http_ready *ready, const char *name, const char *value);
void http_ready_free(struct http_ready *ready);
/* Its headers stand behind those of the request; it lives until finish() has returned. */
bool http_reply_ready(struct http_request *req, unsigned status, const struct http_ready *ready);

/* Status of the stored reply, 0 if there is none; its body's size. */
unsigned http_reply_status(const struct http_request *req);
size_t http_reply_size(const struct http_request *req);

/* ---- how a stored reply goes out; call before or after storing it, not after http_resume ---- */

/* It waits so long first; a year at most. */
void http_reply_delay(struct http_request *req, uint64_t delay_ms);

/* The body is sent chunked in so many pieces, spread evenly over so long: the n-th leaves when n
 * parts of the time are over. */
void http_reply_dribble(struct http_request *req, unsigned pieces, uint64_t duration_ms);

/* Chunked, without Content-Length. */
void http_reply_chunked(struct http_request *req);

/* A Content-Length other than the body's: where it is larger the client misses bytes. Such an
 * answer is the connection's last. */
void http_reply_length(struct http_request *req, uint64_t length);

/* The connection is closed behind it. */
void http_reply_close(struct http_request *req);

/* A reason phrase other than the standard one; the connection is closed behind the answer. */
void http_reply_reason(struct http_request *req, const char *reason);

enum http_fault {
    HTTP_FAULT_NONE,
    HTTP_FAULT_EMPTY,     /* closed without a byte */
    HTTP_FAULT_RESET,     /* TCP reset */
    HTTP_FAULT_GARBAGE,   /* bytes that are no HTTP, then closed */
    HTTP_FAULT_BAD_CHUNK, /* status 200 and no more headers, then a chunk that is none, then closed */
};
/* Breaks the answer instead of sending it (a delay still counts). */
void http_reply_fault(struct http_request *req, enum http_fault fault);

/* ---- later ---- */

/* The handler returns without a reply, and `go_on` stores one, on a thread aside (aside_bytes) that may
 * wait; it must not defer. Only inside a handler. False: it is there already, or there is none; it goes
 * on itself. */
bool http_aside(struct http_request *req, void (*go_on)(struct http_request *req));

/* The handler returns without a reply; somebody stores one and calls http_resume. Only inside a
 * handler. */
void http_defer(struct http_request *req);
/* From any thread, once; the request must not be touched by that thread afterwards. The client may
 * have gone meanwhile: finish() tells. A client that half-closed its side is taken for gone. */
void http_resume(struct http_request *req);

#endif
