/* What the files of http.h share; for nobody else.
 *
 *   http_server.c    the daemon: open, quiesce, close          http_listen.c   the port
 *   http_conn.c      a connection: its deadlines, its sleep    http_timer.c    the one timer thread
 *   http_receive.c   libmicrohttpd's calls become a request    http_request.c  what it holds
 *   http_reply.c     storing a reply                           http_send.c     sending it
 *   http_ready.c     replies made ready once, sent often    http_refuse.c    what libmicrohttpd refuses
 *   http_lane.c      threads for handlers that go aside
 *   http_join.c      over TLS, head and body in one segment
 *   http_raw.c       answers that libmicrohttpd can't give: written by us, then closed
 *
 * A request belongs to the thread of its connection, but for the time between http_defer(), or
 * http_lane_add(), and http_resume(). A connection outlives its requests. */
#ifndef COMMON_HTTP_INTERNAL_H
#define COMMON_HTTP_INTERNAL_H

#include "common/http.h"
#include "common/http_arena.h"
#include "common/http_timer.h"
#include "common/tls_session.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* ---- server ---- */

typedef enum MHD_Result http_queue_function(struct MHD_Connection *mhd, unsigned status,
                                            struct MHD_Response *response);

struct http_server {
    const struct http_app *app;
    struct http_limits limits; /* none of them 0 */
    struct log *log;
    struct tls *tls;
    struct MHD_Daemon *daemon;
    http_queue_function *queue; /* MHD_queue_response(): see http_refuse.c */
    struct http_timer *timer;
    struct http_lane *lane;          /* NULL: nothing goes aside */
    struct http_timer_entry tidying; /* gives large blocks back that nobody takes */
    atomic_uint blocks_seen;         /* blocks_left() when that was last put off */
    uint64_t watch_us;               /* how often a connection's deadline is looked at */
    unsigned port;

    atomic_bool quiescing; /* no new connections, no further requests on old ones */
    atomic_bool hurrying;  /* delays are over */
    atomic_bool closing;   /* nothing is answered any more */

    pthread_mutex_t lock; /* for `conns`; taken before that of a connection */
    pthread_cond_t none_left;
    struct http_conn *conns;

    atomic_uint_fast64_t open;
    atomic_uint_fast64_t requests;
    atomic_uint_fast64_t refused_framing;
    atomic_uint_fast64_t cut_slow;
};

/* A socket that listens; what ST_CONFLICT and the others mean is said at http_server_open(). */
MUST_CHECK enum status http_listen(const char *address, int *ret_fd, unsigned *ret_port,
                                   struct why *why);

/* ---- connection ---- */

/* What a connection does, for its deadline. */
enum http_phase {             /* up to PHASE_BODY it waits for bytes */
                  PHASE_NEW,  /* accepted; the first request line has not come */
                  PHASE_IDLE, /* between two requests */
                  PHASE_HEAD, /* the request line is there */
                  PHASE_BODY,
                  PHASE_WORK, /* a handler, or whoever it was handed to, is at work: no deadline */
                  PHASE_SEND,
};

/* Why a connection sleeps; one that does holds no thread. */
enum http_sleep { AWAKE, SLEEP_TIMER, SLEEP_OWNER };

struct http_conn {
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct http_request *request; /* the one that is under way */
    int fd;
    gnutls_session_t session; /* NULL: plain */
    struct tls_keys *keys;
    bool joins;      /* the next record is that of a head, and waits for the one behind it ... */
    struct buf head; /* ... here */
    struct http_conn *next, *prev; /* under the server's lock */

    pthread_mutex_t lock; /* for `sleep`, and for the resumed flag of its request */
    enum http_sleep sleep;

    struct http_timer_entry watch; /* looks at `deadline` */
    struct http_timer_entry wake;  /* ends SLEEP_TIMER */
    atomic_uint_fast64_t deadline; /* ms << 3 | phase */
    atomic_bool gone;              /* the client is */
    uint64_t acked;                /* bytes it had taken; the watch's own */
    uint_fast64_t ended; /* the deadline at which its sending was seen ended; the watch's own */

    /* Of the last request, for the next one; empty while in use. */
    void *spare;             /* its block */
    struct buf spare_body;   /* the memory of its body, unless it was large */
    struct buf spare_answer; /* the memory of its answer, the same */

    bool loopback;
    char peer[INET6_ADDRSTRLEN];
};

/* Callbacks of libmicrohttpd. */
void http_conn_notify(void *cls, struct MHD_Connection *mhd, void **context,
                      enum MHD_ConnectionNotificationCode code);

struct http_conn *http_conn_of(struct MHD_Connection *mhd);

void http_conn_enter(struct http_conn *conn, enum http_phase phase, uint64_t deadline_ms);
enum http_phase http_conn_phase(const struct http_conn *conn);

/* When a time-out that begins now ends. The coarse clock is exact to some milliseconds, and much
 * cheaper. */
static inline uint64_t http_ms_from_now(uint64_t timeout_ms)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + timeout_ms;
}

/* Takes the connection out of its thread's loop until due_us. false: it must go on at once. Only
 * from a callback of libmicrohttpd, which must return directly after. */
bool http_conn_sleep_until(struct http_conn *conn, uint64_t due_us);

/* The same until http_conn_wake(SLEEP_OWNER); *woken under the connection's lock forestalls it. */
bool http_conn_sleep_for_owner(struct http_conn *conn, const bool *woken);

/* Ends a sleep of that kind; AWAKE: of any. Sets *woken, unless NULL, before. From any thread. */
void http_conn_wake(struct http_conn *conn, enum http_sleep kind, bool *woken);

/* Ends the connection from any thread while it can't go away: see http_conn.c. */
void http_conn_shut(struct http_conn *conn);

/* Sends a TCP reset at once. */
void http_conn_reset(const struct http_conn *conn);

/* ---- request ---- */

struct http_header {
    const char *name;
    const char *value;
    size_t name_len, value_len; /* of a request's, which stand in an array */
    struct http_header *next;   /* of a reply's */
};

struct http_ready {
    struct MHD_Response *mhd; /* immutable once a request has it; libmicrohttpd counts its users */
    struct slice body;
};

struct http_reply {
    unsigned status;                /* 0: none stored */
    const struct http_ready *ready; /* body and further headers; or NULL */
    const char *content_type;
    struct slice body;
    struct buf owned; /* the body's memory, if it goes with the request */
    struct http_header *headers, **headers_tail;
    const char *reason;
    uint64_t delay_ms;
    uint64_t due_us; /* when the delay ends, or the next piece is due; 0: not known yet */
    uint64_t duration_ms;
    unsigned pieces; /* 0: no dribble */
    bool chunked;
    bool close;
    bool has_length; /* one that is not the body's */
    uint64_t length;
    enum http_fault fault;
};

enum http_stage {
    STAGE_HEAD,  /* headers are coming */
    STAGE_BODY,  /* the body is, for a handler */
    STAGE_DRAIN, /* the body is, for nobody; a reply is stored */
    STAGE_REPLY, /* the reply is, or will be, stored */
    STAGE_SENT,  /* it was handed to libmicrohttpd */
};

struct http_request {
    struct http_server *server;
    struct http_conn *conn;
    enum http_stage stage;
    bool begun; /* the application knows it */
    bool deferred;
    bool resumed; /* under the connection's lock */
    bool sent;
    void (*aside)(struct http_request *req); /* what the lane is to do; NULL: nothing */
    bool is_aside;
    struct http_request *next_in_lane;

    const char *method;
    const char *version;
    char *target;
    struct slice path;
    struct slice query;
    struct http_header *headers;
    size_t header_count;
    const struct route *route;
    struct slice param_names[ROUTE_PARAMS_MAX];
    const char *param_values[ROUTE_PARAMS_MAX];
    size_t param_count;

    bool chunked; /* the body comes so */
    bool expects_continue;
    uint64_t content_length;
    uint64_t body_deadline_ms; /* if no byte comes */
    uint64_t received;
    struct buf body;

    uint64_t started_us;
    struct http_reply reply;
    struct buf raw;  /* an answer of our own writing ... */
    size_t raw_sent; /* ... and how much of it has gone */
    void *state;
    struct http_arena arena;
};

/* NULL: memory is out. `target` is copied. */
struct http_request *http_request_new(struct http_conn *conn, const char *target);
void http_request_free(struct http_request *req);

/* Memory of the last request for an empty buffer, which keeps its ceiling. */
void http_request_take_spare(struct buf *spare, struct buf *ret);

/* Takes method, headers and framing from libmicrohttpd. ST_BAD_INPUT: ambiguous framing, or
 * broken headers; ST_NO_MEMORY. */
MUST_CHECK enum status http_request_read_head(struct http_request *req, struct MHD_Connection *mhd,
                                              const char *method, const char *version,
                                              struct why *why);

/* The headers that libmicrohttpd took before it refused the head; method and version are empty. */
void http_request_read_broken_head(struct http_request *req);

/* Whether the text may be the name of a header or a method. */
bool http_is_token(const char *text);

/* Finds the route and decodes its parameters. ST_NOT_FOUND, ST_UNSUPPORTED (Allow is set),
 * ST_NO_MEMORY. */
MUST_CHECK enum status http_request_find_route(struct http_request *req, struct why *why);

/* ---- lane ---- */

MUST_CHECK enum status http_lane_open(unsigned threads, struct http_lane **ret, struct why *why);

/* Does what is to be done aside for a request whose connection sleeps for its owner, and wakes that
 * behind it. */
void http_lane_add(struct http_lane *lane, struct http_request *req);

/* Waits for handlers at work. Requests that wait for one, or come later, sleep on. NULL is accepted
 * here and below. */
void http_lane_stop(struct http_lane *lane);
void http_lane_free(struct http_lane *lane);

/* Callbacks of libmicrohttpd. */
void *http_receive_target(void *cls, const char *target, struct MHD_Connection *mhd);
enum MHD_Result http_receive(void *cls, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *size, void **context);
void http_receive_done(void *cls, struct MHD_Connection *mhd, void **context,
                       enum MHD_RequestTerminationCode code);

/* ---- reply ---- */

/* false: memory is out. An empty value is sent as a blank one, which reads the same. */
bool http_add_header(struct MHD_Response *response, const char *name, const char *value);

/* Whether a reply made ready is all there is to say. */
bool http_ready_goes_as_it_is(const struct http_request *req);
/* Makes its headers the request's own. false: memory is out. */
MUST_CHECK bool http_ready_unfold(struct http_request *req);

/* Stores the reply for a handler that has stored none: it ran out of memory, or is wrong. */
void http_reply_or_blame(struct http_request *req);

/* Sends the stored reply, or falls asleep until it can go on; to be called again after that.
 * MHD_NO: the connection is to be closed. */
enum MHD_Result http_send(struct http_request *req);

/* Over TLS: the head of an answer that is queued now goes out together with its body. */
void http_join_head(const struct http_request *req);
void http_join_end(struct http_conn *conn);
/* For GnuTLS, whose context is the connection. */
ssize_t http_join_push(gnutls_transport_ptr_t context, const giovec_t *pieces, int count);

/* Answers that libmicrohttpd can't give are written by http_raw_send(), in the same manner. */
bool http_raw_needed(const struct http_request *req);
enum MHD_Result http_raw_send(struct http_request *req);

/* Writes what goes out without waiting; the connection is to be closed then. */
void http_raw_try(struct http_request *req);

/* Answers what libmicrohttpd refuses with that status; the connection is to be closed then. */
void http_refuse(struct http_request *req, unsigned status);

/* libmicrohttpd's MHD_queue_response(), whose name http_refuse.c has taken; NULL: not found. */
http_queue_function *http_find_queue(void);

#endif
