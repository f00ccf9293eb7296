#include "interceptor/pg_inside.h"

#include <poll.h>
#include <string.h>

/* Longer than the server's own limit (the session's statement_timeout). */
enum { STATEMENT_MS = 5000 };
enum { OID_BYTES = 17, OID_TEXT = 25, OID_BYTES_ARRAY = 1001 };
enum { BINARY = 1, ARRAY_COUNT_AT = 12 };

static const Oid oids[] = {
    [PG_TEXT] = OID_TEXT, [PG_BYTES] = OID_BYTES, [PG_BYTES_ARRAY] = OID_BYTES_ARRAY};

/* ---- what went wrong ---- */

/* By the first characters of an SQLSTATE; the first row that fits counts. */
static const struct {
    const char *state;
    enum status st;
    bool lost; /* another connection may do better */
} faults[] = {
    {"57014", ST_TIMEOUT, false}, /* statement_timeout */
    {"57P", ST_BUSY, true},       /* the server stops, or starts */
    {"08", ST_BUSY, true},
    {"25006", ST_BUSY, true}, /* it only reads: a standby, or no longer the primary */
    {"40", ST_CONFLICT, false},
    {"55P03", ST_CONFLICT, false}, /* a lock is not to be had */
};

static enum status fail_lost(struct pg_conn *c, struct why *why)
{
    c->lost = true;
    return fail(why, ST_BUSY, "the connection is lost");
}

/* The primary message and the code; the detail would show values. */
static enum status fail_result(struct pg_conn *c, const PGresult *result, struct why *why)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    enum status st = ST_IO;

    if (!state)
        return fail_lost(c, why);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strncmp(state, faults[i].state, strlen(faults[i].state)) == 0) {
            st = faults[i].st;
            c->lost = c->lost || faults[i].lost;
            break;
        }
    }
    return fail(why, st, "PostgreSQL says: %.180s (%.5s)", text ? text : "nothing", state);
}

/* ---- one statement ---- */

/* Waits until nothing is left to be sent and a result can be had. */
static enum status await_result(struct pg_conn *c, uint64_t deadline, struct why *why)
{
    for (;;) {
        int unsent = PQflush(c->handle);
        int ready;

        if (unsent < 0)
            return fail_lost(c, why);
        if (unsent == 0 && !PQisBusy(c->handle))
            return ST_OK;
        ready = pg_wait(c, unsent ? POLLIN | POLLOUT : POLLIN, deadline);
        if (ready == 0) {
            c->lost = true;
            return fail(why, ST_TIMEOUT, "a statement got no answer within %d ms", STATEMENT_MS);
        }
        if (ready < 0 || ((ready & (POLLIN | POLLERR | POLLHUP)) && !PQconsumeInput(c->handle)))
            return fail_lost(c, why);
    }
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* The last result, or the first bad one. */
static enum status collect(struct pg_conn *c, PGresult **ret, struct why *why)
{
    uint64_t deadline = pg_deadline(STATEMENT_MS);
    PGresult *kept = NULL;

    for (;;) {
        enum status st = await_result(c, deadline, why);
        PGresult *next = st == ST_OK ? PQgetResult(c->handle) : NULL;

        if (st != ST_OK) {
            PQclear(kept);
            return st;
        }
        if (!next)
            break;
        if (kept && !is_good(kept)) {
            PQclear(next);
            continue;
        }
        PQclear(kept);
        kept = next;
    }
    *ret = kept;
    return kept ? ST_OK : fail_lost(c, why);
}

static enum status finish(struct pg_conn *c, int sent, PGresult **ret, struct why *why)
{
    PGresult *result = NULL;
    enum status st = sent ? collect(c, &result, why) : fail_lost(c, why);

    if (st == ST_OK && !is_good(result))
        st = fail_result(c, result, why);
    if (st == ST_OK && ret)
        *ret = take(result);
    PQclear(result);
    return st;
}

enum status pg_query(struct pg_conn *c, const char *sql, const struct pg_param *params,
                     size_t count, struct pg_rows **ret, struct why *why)
{
    Oid types[PG_PARAMS_MAX];
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX];

    if (count > PG_PARAMS_MAX)
        return fail(why, ST_INTERNAL, "a statement has too many parameters");
    for (size_t i = 0; i < count; i++) {
        types[i] = oids[params[i].type];
        values[i] = params[i].value.data ? params[i].value.data : "";
        lengths[i] = (int)params[i].value.len;
        formats[i] = BINARY;
    }
    return finish(
        c, PQsendQueryParams(c->handle, sql, (int)count, types, values, lengths, formats, BINARY),
        (PGresult **)ret, why);
}

enum status pg_script(struct pg_conn *c, const char *sql, struct why *why)
{
    return finish(c, PQsendQuery(c->handle, sql), NULL, why);
}

/* ---- rows: struct pg_rows is libpq's result ---- */

static const PGresult *result_of(const struct pg_rows *r)
{
    return (const PGresult *)r;
}

void pg_rows_free(struct pg_rows *r)
{
    PQclear((PGresult *)r);
}

size_t pg_rows_count(const struct pg_rows *r)
{
    return (size_t)PQntuples(result_of(r));
}

size_t pg_rows_affected(const struct pg_rows *r)
{
    return (size_t)strtoull(PQcmdTuples((PGresult *)(uintptr_t)r), NULL, 10);
}

struct slice pg_bytes(const struct pg_rows *r, size_t row, size_t column)
{
    return (struct slice){PQgetvalue(result_of(r), (int)row, (int)column),
                          (size_t)PQgetlength(result_of(r), (int)row, (int)column)};
}

int64_t pg_int(const struct pg_rows *r, size_t row, size_t column)
{
    struct slice bytes = pg_bytes(r, row, column);
    uint64_t number = 0;

    if (bytes.len != sizeof number)
        return 0;
    for (size_t i = 0; i < bytes.len; i++)
        number = number << 8 | (unsigned char)bytes.data[i];
    return (int64_t)number;
}

/* ---- arrays: dimensions, whether NULLs are there, type, count, first index; then each ---- */

static void encode(uint32_t n, char ret[4])
{
    for (int i = 0; i < 4; i++)
        ret[i] = (char)(n >> (24 - 8 * i));
}

static void put_int(struct buf *b, uint32_t n)
{
    char bytes[4];

    encode(n, bytes);
    buf_put(b, bytes, sizeof bytes);
}

void pg_array_begin(struct buf *array)
{
    put_int(array, 1);
    put_int(array, 0);
    put_int(array, OID_BYTES);
    put_int(array, 0);
    put_int(array, 1);
}

void pg_array_add(struct buf *array, struct slice element)
{
    put_int(array, (uint32_t)element.len);
    buf_put_slice(array, element);
}

void pg_array_end(struct buf *array, size_t count)
{
    if (buf_status(array, NULL) == ST_OK)
        encode((uint32_t)count, array->data + ARRAY_COUNT_AT);
}
