#include "interceptor/pg_inside.h"

#include "common/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum { CONNECT_MS = 3000 };

/* The server gives up before we do, so that nothing goes on there for nobody. A commit counts when
 * it is on disk, whatever the server's default. */
static const char session[] = "SET statement_timeout = 4000;"
                              "SET idle_in_transaction_session_timeout = 10000;"
                              "SET default_transaction_isolation = 'read committed';"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off'";

/* ---- URLs ---- */

/* libpq takes for the host what stands behind the first '@' before a '/', so a bare '@' or '/' in a
 * password would end up in its complaints about that host. */
static bool has_clear_password(const char *rest)
{
    const char *at = strchr(rest, '@');

    return !at || (at == strrchr(rest, '@') && !memchr(rest, '/', (size_t)(at - rest)));
}

static bool is_parsed(const char *url)
{
    PQconninfoOption *parts = PQconninfoParse(url, NULL);
    bool fine = parts != NULL;

    PQconninfoFree(parts);
    return fine;
}

enum status pg_check_url(const char *url, struct why *why)
{
    const char *rest = strstr(url, "://");

    if (strncmp(url, "postgresql://", 13) != 0 && strncmp(url, "postgres://", 11) != 0)
        return fail(why, ST_BAD_INPUT, "must begin with postgresql://");
    if (!has_clear_password(rest + 3))
        return fail(why, ST_BAD_INPUT,
                    "has an '@' or '/' in its password that is not written %%40 or %%2F");
    if (!is_parsed(url))
        return fail(why, ST_BAD_INPUT, "is no URL of a PostgreSQL database");
    return ST_OK;
}

/* ---- waiting ---- */

uint64_t pg_deadline(unsigned ms)
{
    return clock_monotonic_us() + (uint64_t)ms * 1000;
}

int pg_wait(const struct pg_conn *c, short events, uint64_t deadline_us)
{
    struct pollfd fd = {.fd = PQsocket(c->handle), .events = events};
    int ready;

    do {
        uint64_t now = clock_monotonic_us();
        int left_ms = now < deadline_us ? (int)((deadline_us - now) / 1000) + 1 : 0;

        ready = fd.fd < 0 ? -1 : poll(&fd, 1, left_ms);
    } while (ready < 0 && fd.fd >= 0 && errno == EINTR);
    return ready > 0 ? fd.revents : ready;
}

/* ---- life ---- */

/* The first line of what libpq says; it names host and user, never the password. */
static enum status fail_connection(const struct pg_conn *c, struct why *why)
{
    const char *text = PQerrorMessage(c->handle);
    int len = (int)strcspn(text, "\n");

    return fail(why, ST_BUSY, "%.*s", len, text);
}

static enum status finish_connecting(struct pg_conn *c, struct why *why)
{
    uint64_t deadline = pg_deadline(CONNECT_MS);
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;

    while (want != PGRES_POLLING_OK) {
        int ready;

        if (want == PGRES_POLLING_FAILED)
            return fail_connection(c, why);
        ready = pg_wait(c, want == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
        if (ready == 0)
            return fail(why, ST_TIMEOUT, "the server did not answer within %d ms", CONNECT_MS);
        want = PQconnectPoll(c->handle);
    }
    return ST_OK;
}

/* Notices would go to stderr. */
static void ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

enum status pg_connect(const char *url, struct pg_conn **ret, struct why *why)
{
    /* What stands in the URL wins over what stands before it. */
    static const char *const names[] = {
        "fallback_application_name", "keepalives_idle", "keepalives_interval",
        "keepalives_count",          "dbname",          NULL};
    const char *const values[] = {"interceptor", "20", "5", "3", url, NULL};
    auto_pg_conn struct pg_conn *c = calloc(1, sizeof *c);
    enum status st;

    if (c)
        c->handle = PQconnectStartParams(names, values, 1);
    if (!c || !c->handle)
        return fail_memory(why);
    if (PQstatus(c->handle) == CONNECTION_BAD)
        return fail_connection(c, why);
    PQsetNoticeReceiver(c->handle, ignore_notice, NULL);
    st = finish_connecting(c, why);
    if (st == ST_OK && PQsetnonblocking(c->handle, 1) != 0)
        st = fail_connection(c, why);
    if (st == ST_OK)
        st = pg_script(c, session, why);
    if (st != ST_OK)
        return st;
    *ret = take(c);
    return ST_OK;
}

void pg_close(struct pg_conn *c)
{
    if (!c)
        return;
    PQfinish(c->handle);
    free(c);
}

bool pg_is_spent(const struct pg_conn *c)
{
    return c->lost || PQstatus(c->handle) != CONNECTION_OK ||
           PQtransactionStatus(c->handle) != PQTRANS_IDLE;
}
