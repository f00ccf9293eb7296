#include "common/http_internal.h"

#include "common/clock.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Its memory and its socket go in the callback CLOSED, which first takes the connection out of the
 * timer and off the server's list. So whoever holds the timer's lock (as its callbacks do) or the
 * server's may use what it finds there. */

enum {
    PHASE_BITS = 3,
    PHASE_MASK = (1 << PHASE_BITS) - 1,
    LEFT_OVER_MAX = 256 * 1024, /* read and thrown away before a socket is closed */
};

static const uint64_t NEVER = UINT64_MAX >> PHASE_BITS;

void http_conn_enter(struct http_conn *conn, enum http_phase phase, uint64_t deadline_ms)
{
    atomic_store_explicit(&conn->deadline, deadline_ms << PHASE_BITS | phase, memory_order_relaxed);
}

enum http_phase http_conn_phase(const struct http_conn *conn)
{
    return atomic_load_explicit(&conn->deadline, memory_order_relaxed) & PHASE_MASK;
}

void http_conn_shut(struct http_conn *conn)
{
    shutdown(conn->fd, SHUT_RDWR);
}

void http_conn_reset(const struct http_conn *conn)
{
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    connect(conn->fd, &nowhere, sizeof nowhere); /* on Linux this drops a connection with RST */
}

/* ---- deadlines, on the timer's thread ---- */

/* A client that takes bytes, however slowly, is alive; so is one that has taken all there is. */
static bool takes_bytes(struct http_conn *conn)
{
    struct tcp_info info = {0};
    socklen_t len = sizeof info;
    bool moved;

    if (getsockopt(conn->fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0)
        return false;
    moved = info.tcpi_bytes_acked != conn->acked;
    conn->acked = info.tcpi_bytes_acked;
    return moved || (info.tcpi_unacked == 0 && info.tcpi_notsent_bytes == 0);
}

static void cut(struct http_conn *conn)
{
    atomic_fetch_add(&conn->server->cut_slow, 1);
    log_write(conn->server->log, LOG_DEBUG, "connection cut for its deadline",
              LOG_TEXT("peer", conn->peer), LOG_NUMBER("phase", http_conn_phase(conn)));
    atomic_store(&conn->gone, true);
    http_conn_shut(conn);
    http_conn_wake(conn, SLEEP_TIMER, NULL);
}

/* `seen` is replaced only if the connection's thread has not gone on meanwhile. */
static void expired(struct http_conn *conn, uint_fast64_t seen)
{
    uint64_t later_ms = NEVER;

    if ((seen & PHASE_MASK) == PHASE_SEND && takes_bytes(conn))
        later_ms = http_ms_from_now(conn->server->limits.send_timeout_ms);
    if (atomic_compare_exchange_strong(&conn->deadline, &seen,
                                       later_ms << PHASE_BITS | (seen & PHASE_MASK)) &&
        later_ms == NEVER)
        cut(conn);
}

/* A client that resets or closes while its answer is delayed needs no answer. One that has only
 * ended its own sending still may. */
static void look_for_client(struct http_conn *conn)
{
    struct pollfd fd = {.fd = conn->fd};

    if (poll(&fd, 1, 0) > 0 && (fd.revents & (POLLHUP | POLLERR))) {
        atomic_store(&conn->gone, true);
        http_conn_wake(conn, SLEEP_TIMER, NULL);
    }
}

/* libmicrohttpd misses the end of a client's sending that comes together with a request, and would
 * wait for another one, or for what is missing. Seen twice with nothing in between, it is nothing
 * on its way. */
static void look_for_end(struct http_conn *conn, uint_fast64_t seen)
{
    struct pollfd fd = {.fd = conn->fd, .events = POLLRDHUP};
    int unread = 0;
    bool ended = poll(&fd, 1, 0) > 0 && ioctl(conn->fd, FIONREAD, &unread) == 0 && unread == 0;

    if (ended && conn->ended == seen)
        http_conn_shut(conn);
    conn->ended = ended ? seen : 0;
}

static uint64_t watch(struct http_timer_entry *entry, uint64_t now_us)
{
    struct http_conn *conn =
        (struct http_conn *)((char *)entry - offsetof(struct http_conn, watch));
    uint_fast64_t seen = atomic_load_explicit(&conn->deadline, memory_order_relaxed);
    uint64_t next_us = now_us + conn->server->watch_us;
    uint64_t due_ms = seen >> PHASE_BITS;

    if ((seen & PHASE_MASK) <= PHASE_BODY)
        look_for_end(conn, seen);
    if ((seen & PHASE_MASK) == PHASE_WORK)
        look_for_client(conn);
    else if (due_ms <= now_us / 1000)
        expired(conn, seen);
    else if (due_ms != NEVER && due_ms < next_us / 1000)
        next_us = due_ms * 1000;
    return next_us;
}

static uint64_t wake_up(struct http_timer_entry *entry, uint64_t now_us)
{
    struct http_conn *conn = (struct http_conn *)((char *)entry - offsetof(struct http_conn, wake));

    (void)now_us;
    http_conn_wake(conn, SLEEP_TIMER, NULL);
    return 0;
}

/* ---- sleep ---- */

bool http_conn_sleep_until(struct http_conn *conn, uint64_t due_us)
{
    struct http_server *server = conn->server;
    bool asleep;

    pthread_mutex_lock(&conn->lock);
    asleep = !atomic_load(&server->hurrying) && !atomic_load(&conn->gone);
    if (asleep) {
        conn->sleep = SLEEP_TIMER;
        MHD_suspend_connection(conn->mhd);
    }
    pthread_mutex_unlock(&conn->lock);
    if (asleep && !http_timer_set(server->timer, &conn->wake, due_us))
        http_conn_wake(conn, SLEEP_TIMER, NULL);
    return asleep;
}

bool http_conn_sleep_for_owner(struct http_conn *conn, const bool *woken)
{
    bool asleep;

    pthread_mutex_lock(&conn->lock);
    asleep = !*woken && !atomic_load(&conn->server->closing);
    if (asleep) {
        conn->sleep = SLEEP_OWNER;
        MHD_suspend_connection(conn->mhd);
    }
    pthread_mutex_unlock(&conn->lock);
    return asleep;
}

void http_conn_wake(struct http_conn *conn, enum http_sleep kind, bool *woken)
{
    pthread_mutex_lock(&conn->lock);
    if (woken)
        *woken = true;
    if (conn->sleep != AWAKE && (kind == AWAKE || kind == conn->sleep)) {
        conn->sleep = AWAKE;
        MHD_resume_connection(conn->mhd);
    }
    pthread_mutex_unlock(&conn->lock);
}

/* ---- begin and end ---- */

static void link_in(struct http_conn *conn)
{
    struct http_server *server = conn->server;

    pthread_mutex_lock(&server->lock);
    conn->next = server->conns;
    if (conn->next)
        conn->next->prev = conn;
    server->conns = conn;
    pthread_mutex_unlock(&server->lock);
    atomic_fetch_add(&server->open, 1);
}

static void link_out(struct http_conn *conn)
{
    struct http_server *server = conn->server;

    atomic_fetch_sub(&server->open, 1);
    pthread_mutex_lock(&server->lock);
    if (conn->next)
        conn->next->prev = conn->prev;
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        server->conns = conn->next;
    if (!server->conns)
        pthread_cond_broadcast(&server->none_left);
    pthread_mutex_unlock(&server->lock);
}

static void name_peer(struct http_conn *conn, const struct sockaddr *address)
{
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)address;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)address;
    struct in_addr inner;

    if (address->sa_family == AF_INET) {
        inner = v4->sin_addr;
    } else if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
        memcpy(&inner, &v6->sin6_addr.s6_addr[12], sizeof inner);
    } else {
        conn->loopback = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
        inet_ntop(AF_INET6, &v6->sin6_addr, conn->peer, sizeof conn->peer);
        return;
    }
    conn->loopback = ntohl(inner.s_addr) >> 24 == 127;
    inet_ntop(AF_INET, &inner, conn->peer, sizeof conn->peer);
}

static bool take_tls(struct http_conn *conn)
{
    const union MHD_ConnectionInfo *info;

    if (!conn->server->tls)
        return true;
    info = MHD_get_connection_info(conn->mhd, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (!info || !info->tls_session)
        return false;
    conn->session = info->tls_session;
    conn->keys = tls_session_begin(conn->server->tls, conn->session);
    gnutls_transport_set_ptr2(conn->session, (gnutls_transport_ptr_t)(intptr_t)conn->fd, conn);
    gnutls_transport_set_vec_push_function(conn->session, http_join_push);
    return conn->keys != NULL;
}

static void conn_free(struct http_conn *conn)
{
    tls_session_end(conn->keys);
    free(conn->spare);
    buf_done(&conn->spare_body);
    buf_done(&conn->spare_answer);
    buf_done(&conn->head);
    pthread_mutex_destroy(&conn->lock);
    free(conn);
}

static struct http_conn *conn_new(struct http_server *server, struct MHD_Connection *mhd)
{
    struct http_conn *conn = calloc(1, sizeof *conn);
    uint64_t now_us = clock_monotonic_us();

    if (!conn)
        return NULL;
    conn->server = server;
    conn->mhd = mhd;
    conn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    conn->watch.fire = watch;
    conn->wake.fire = wake_up;
    pthread_mutex_init(&conn->lock, NULL);
    name_peer(conn, MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    http_conn_enter(conn, PHASE_NEW, http_ms_from_now(server->limits.header_timeout_ms));
    if (take_tls(conn) && http_timer_set(server->timer, &conn->watch, now_us + server->watch_us))
        return conn;
    conn_free(conn);
    return NULL;
}

/* What the client has sent beyond what was read would turn our close into a reset, which may
 * overtake the answer. */
static void read_left_over(int fd)
{
    char bytes[16 * 1024];
    size_t total = 0;
    ssize_t got;

    do {
        got = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        total += got > 0 ? (size_t)got : 0;
    } while (got > 0 && total < LEFT_OVER_MAX);
}

static void conn_end(struct http_conn *conn)
{
    read_left_over(conn->fd);
    http_timer_cancel(conn->server->timer, &conn->watch);
    http_timer_cancel(conn->server->timer, &conn->wake);
    pthread_mutex_lock(&conn->lock); /* whoever has just woken it is through with it */
    pthread_mutex_unlock(&conn->lock);
    link_out(conn);
    conn_free(conn);
}

struct http_conn *http_conn_of(struct MHD_Connection *mhd)
{
    return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

void http_conn_notify(void *cls, struct MHD_Connection *mhd, void **context,
                      enum MHD_ConnectionNotificationCode code)
{
    struct http_conn *conn;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (*context)
            conn_end(*context);
        *context = NULL;
        return;
    }
    conn = conn_new(cls, mhd);
    *context = conn;
    if (conn)
        link_in(conn);
    else
        shutdown(MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
                 SHUT_RDWR);
}
