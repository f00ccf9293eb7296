#include "common/http_internal.h"

#include "common/blocks.h"
#include "common/clock.h"

#include <errno.h>
#include <gnutls/abstract.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

const struct http_limits http_limits_default = {
    .threads = 0,
    .header_timeout_ms = 10 * 1000,
    .idle_timeout_ms = 30 * 1000,
    .body_timeout_ms = 20 * 1000,
    .body_min_rate = 8 * 1024,
    .send_timeout_ms = 30 * 1000,
    .max_connections = 0,
    .memory_per_connection = 28 * 1024,
    .drain_max_bytes = 1024 * 1024,
};

/* ---- limits ---- */

static unsigned processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (unsigned)count : 1;
}

unsigned http_connections_max(void)
{
    enum { CEILING = 100000 };
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 768;
    if (files.rlim_cur < files.rlim_max) {
        const rlim_t given = files.rlim_cur;

        files.rlim_cur = files.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &files) != 0)
            files.rlim_cur = given;
    }
    return files.rlim_cur / 4 * 3 < CEILING ? (unsigned)(files.rlim_cur / 4 * 3) : CEILING;
}

static void set_unless_given(unsigned *value, unsigned fallback)
{
    if (*value == 0)
        *value = fallback;
}

static void complete_limits(struct http_limits *limits)
{
    const struct http_limits *fallback = &http_limits_default;

    set_unless_given(&limits->threads, processors());
    set_unless_given(&limits->header_timeout_ms, fallback->header_timeout_ms);
    set_unless_given(&limits->idle_timeout_ms, fallback->idle_timeout_ms);
    set_unless_given(&limits->body_timeout_ms, fallback->body_timeout_ms);
    set_unless_given(&limits->body_min_rate, fallback->body_min_rate);
    set_unless_given(&limits->send_timeout_ms, fallback->send_timeout_ms);
    set_unless_given(&limits->max_connections, http_connections_max());
    if (limits->max_connections < limits->threads) /* each thread has its share */
        limits->max_connections = limits->threads;
    if (limits->memory_per_connection == 0)
        limits->memory_per_connection = fallback->memory_per_connection;
}

/* Often enough that no deadline is missed by much. */
static uint64_t watch_interval_us(const struct http_limits *limits)
{
    const unsigned all[] = {limits->header_timeout_ms, limits->idle_timeout_ms,
                            limits->body_timeout_ms, limits->send_timeout_ms};
    unsigned shortest_ms = all[0];

    for (size_t i = 1; i < sizeof all / sizeof all[0]; i++)
        shortest_ms = all[i] < shortest_ms ? all[i] : shortest_ms;
    return shortest_ms < 40 ? 10000 : (uint64_t)shortest_ms * 1000 / 4;
}

static uint64_t tidy(struct http_timer_entry *entry, uint64_t now_us)
{
    (void)entry;
    (void)now_us;
    blocks_release();
    return 0;
}

/* ---- open ---- */

static enum MHD_Result accepts(void *cls, const struct sockaddr *address, socklen_t len)
{
    const struct http_server *server = cls;

    (void)address;
    (void)len;
    return atomic_load(&server->quiescing) ? MHD_NO : MHD_YES;
}

/* Targets stay raw: who wants them decoded asks for it. */
static size_t leave_escaped(void *cls, struct MHD_Connection *mhd, char *text)
{
    (void)cls;
    (void)mhd;
    return strlen(text);
}

/* Each session gets its certificate when it begins (http_conn.c), so that it keeps it while it
 * lasts; libmicrohttpd only wants to be told that somebody cares. */
static int give_no_certificate(gnutls_session_t session, const gnutls_datum_t *authorities,
                               int authority_count, const gnutls_pk_algorithm_t *algorithms,
                               int algorithm_count, gnutls_pcert_st **chain, unsigned *chain_len,
                               gnutls_privkey_t *key)
{
    (void)session;
    (void)authorities;
    (void)authority_count;
    (void)algorithms;
    (void)algorithm_count;
    (void)chain;
    (void)chain_len;
    (void)key;
    return -1;
}

static struct MHD_Daemon *start(struct http_server *server, int fd)
{
    const struct http_limits *limits = &server->limits;
    const enum MHD_OPTION if_tls = server->tls ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END;
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, limits->threads, NULL}, /* 1 means none */
        {MHD_OPTION_CONNECTION_LIMIT, limits->max_connections, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)limits->memory_per_connection, NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)http_conn_notify, server},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_receive_done, server},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)http_receive_target, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
        {if_tls, 0, (void *)(uintptr_t)tls_priorities},
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)give_no_certificate},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME |
                     (server->tls ? MHD_USE_TLS : 0) |
                     (limits->no_date ? MHD_USE_SUPPRESS_DATE_NO_CLOCK : 0);

    return MHD_start_daemon(flags, 0, accepts, server, http_receive, server, MHD_OPTION_ARRAY,
                            options, MHD_OPTION_END);
}

/* Signals are the main thread's business. */
static enum status start_threads(struct http_server *server, int fd, struct why *why)
{
    sigset_t all;
    sigset_t before;
    enum status st;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    st = http_timer_open(&server->timer, why);
    if (st == ST_OK && server->limits.aside_bytes > 0)
        st = http_lane_open(server->limits.threads, &server->lane, why);
    if (st == ST_OK) {
        server->daemon = start(server, fd);
        if (!server->daemon)
            st = fail(why, ST_IO, "the HTTP server can't start: %s", strerror(errno));
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return st;
}

static void server_free(struct http_server *server)
{
    http_lane_free(server->lane);
    http_timer_close(server->timer);
    pthread_cond_destroy(&server->none_left);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static struct http_server *server_new(const struct http_app *app, const struct http_limits *limits)
{
    struct http_server *server = calloc(1, sizeof *server);
    pthread_condattr_t attr;

    if (!server)
        return NULL;
    server->app = app;
    server->limits = limits ? *limits : http_limits_default;
    complete_limits(&server->limits);
    server->tidying.fire = tidy;
    server->watch_us = watch_interval_us(&server->limits);
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&server->none_left, &attr);
    pthread_condattr_destroy(&attr);
    return server;
}

DEFINE_CLEANUP(server, struct http_server *, server_free)
#define auto_server __attribute__((cleanup(cleanup_server)))

enum status http_server_open(const struct http_listener *listener, const struct http_app *app,
                             const struct http_limits *limits, struct log *log,
                             struct http_server **ret, struct why *why)
{
    auto_server struct http_server *server = server_new(app, limits);
    auto_fd int fd = -1;
    enum status st;

    if (!server)
        return fail_memory(why);
    server->log = log;
    server->tls = listener->tls;
    server->queue = http_find_queue();
    if (!server->queue)
        return fail(why, ST_INTERNAL, "libmicrohttpd is not there as a shared library");
    st = http_listen(listener->address, &fd, &server->port, why);
    if (st != ST_OK)
        return st;
    st = start_threads(server, fd, why);
    if (st != ST_OK)
        return st;
    fd = -1;          /* libmicrohttpd closes it */
    blocks_release(); /* what the program's start has left */
    *ret = take(server);
    return ST_OK;
}

unsigned http_server_port(const struct http_server *server)
{
    return server->port;
}

struct http_counts http_server_counts(const struct http_server *server)
{
    return (struct http_counts){
        .connections_open = atomic_load(&server->open),
        .requests = atomic_load(&server->requests),
        .refused_framing = atomic_load(&server->refused_framing),
        .cut_slow = atomic_load(&server->cut_slow),
    };
}

/* ---- quiesce, close ---- */

/* MHD_quiesce_daemon() may abort the process when a thread of the pool leaves the port's epoll at
 * the same moment; so the port stays open, and what comes is closed at once. */
void http_server_quiesce(struct http_server *server)
{
    atomic_store(&server->quiescing, true);
    pthread_mutex_lock(&server->lock);
    for (struct http_conn *conn = server->conns; conn; conn = conn->next) {
        enum http_phase phase = http_conn_phase(conn);

        if (phase == PHASE_NEW || phase == PHASE_IDLE)
            http_conn_shut(conn);
    }
    pthread_mutex_unlock(&server->lock);
}

static void wake_all(struct http_server *server, enum http_sleep kind)
{
    pthread_mutex_lock(&server->lock);
    for (struct http_conn *conn = server->conns; conn; conn = conn->next)
        http_conn_wake(conn, kind, NULL);
    pthread_mutex_unlock(&server->lock);
}

static void wait_for_the_last(struct http_server *server, unsigned grace_ms)
{
    uint64_t end_us = clock_monotonic_us() + (uint64_t)grace_ms * 1000;
    struct timespec end = {.tv_sec = (time_t)(end_us / 1000000),
                           .tv_nsec = (long)(end_us % 1000000) * 1000};
    int rc = 0;

    pthread_mutex_lock(&server->lock);
    while (server->conns && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&server->none_left, &server->lock, &end);
    pthread_mutex_unlock(&server->lock);
}

void http_server_close(struct http_server *server, unsigned grace_ms)
{
    if (!server)
        return;
    http_server_quiesce(server);
    atomic_store(&server->hurrying, true);
    wake_all(server, SLEEP_TIMER);
    wait_for_the_last(server, grace_ms);
    atomic_store(&server->closing, true);
    http_lane_stop(server->lane); /* before anything goes that its handlers use */
    wake_all(server, AWAKE);      /* libmicrohttpd can't stop with sleepers */
    MHD_stop_daemon(server->daemon);
    blocks_release();
    server_free(server);
}
