/* What pg_conn.c and pg_query.c share. */
#ifndef INTERCEPTOR_PG_INSIDE_H
#define INTERCEPTOR_PG_INSIDE_H

#include "interceptor/pg.h"

#include <libpq-fe.h>

struct pg_conn {
    PGconn *handle;
    bool lost; /* no statement may follow */
};

/* In so many milliseconds, on the monotonic clock, in microseconds. */
uint64_t pg_deadline(unsigned ms);

/* The events that the socket is ready for; 0: the deadline has passed; -1: there is none. */
int pg_wait(const struct pg_conn *c, short events, uint64_t deadline_us);

#endif
