#include "interceptor/token_store_pg.h"

#include "interceptor/pg_pool.h"
#include "interceptor/pg_schema.h"
#include "interceptor/token_store_rows.h"

#include <string.h>

enum { CONFLICTS_MAX = 5 };

struct token_store_pg {
    const struct master *master;
    struct pg_pool *pool;
    struct token_store interface;
};

/* What failed, as the engine's caller may hear it: the pool has logged what it is about. */
static enum status fail_store(enum status st, struct why *why)
{
    switch (st) {
    case ST_OK:
    case ST_NO_MEMORY:
    case ST_INTERNAL:
    case ST_IO:
        return st;
    case ST_BUSY:
    case ST_TIMEOUT:
    case ST_CONFLICT:
        return fail(why, ST_BUSY, "the token store does not answer");
    default:
        return ST_IO;
    }
}

/* ---- pseudonyms for values ---- */

struct assignment {
    struct token_store_pg *t;
    struct token_wants wants;
};

static enum status find_known(struct pg_conn *c, struct token_wants *w, struct why *why)
{
    static const char sql[] =
        "SELECT r.n, p.pseudonym"
        " FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS r (scope, lookup, n)"
        " JOIN interceptor_pseudonym AS p ON p.scope = r.scope AND p.lookup = r.lookup";
    auto_token_rows struct token_rows rows = {0};
    auto_pg_rows struct pg_rows *found = NULL;
    struct pg_param params[2];
    enum status st = token_wants_ask(w, &rows, why);

    if (st != ST_OK)
        return st;
    params[0] = token_rows_param(&rows, TOKEN_SCOPE);
    params[1] = token_rows_param(&rows, TOKEN_LOOKUP);
    st = pg_query(c, sql, params, 2, &found, why);
    for (size_t i = 0; st == ST_OK && i < pg_rows_count(found); i++)
        st = token_wants_known(w, (size_t)pg_int(found, i, 0), pg_bytes(found, i, 1), why);
    return st;
}

/* Rows of one statement lock one another out in the order of their keys, so two statements can't
 * block each other there; but over short pseudonyms, drawn by both in any order, they can. */
static enum status keep_rows(struct pg_conn *c, const struct token_rows *rows, size_t *ret_kept,
                             struct why *why)
{
    static const char sql[] =
        "INSERT INTO interceptor_pseudonym (scope, lookup, pseudonym, digest, sealed)"
        " SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[])"
        " AS r (scope, lookup, pseudonym, digest, sealed) ORDER BY r.scope, r.lookup"
        " ON CONFLICT DO NOTHING";
    auto_pg_rows struct pg_rows *result = NULL;
    struct pg_param params[TOKEN_COLUMNS];
    enum status st = rows->has_short ? pg_script(c, PG_BEGIN_ALONE, why) : ST_OK;

    for (size_t i = 0; i < TOKEN_COLUMNS; i++)
        params[i] = token_rows_param(rows, (enum token_column)i);
    if (st == ST_OK)
        st = pg_query(c, sql, params, TOKEN_COLUMNS, &result, why);
    if (st == ST_OK && rows->has_short)
        st = pg_script(c, "COMMIT", why);
    if (st == ST_OK)
        *ret_kept = pg_rows_affected(result);
    return st;
}

/* What another service, or another call, kept in between is read at the next turn. */
static enum status assign_on(struct pg_conn *c, void *context, struct why *why)
{
    struct assignment *a = context;
    struct token_wants *w = &a->wants;
    enum status st = find_known(c, w, why);

    while (st == ST_OK && w->left > 0) {
        auto_token_rows struct token_rows rows = {0};
        size_t kept = 0;

        st = token_wants_draw(w, a->t->master, &rows, why);
        if (st == ST_OK && rows.count > 0)
            st = keep_rows(c, &rows, &kept, why);
        if (st == ST_OK && !token_wants_kept(w, &rows, kept))
            st = find_known(c, w, why);
    }
    return st;
}

static enum status assign(void *context, struct token_request *requests, size_t count,
                          struct why *why)
{
    struct token_store_pg *t = context;
    struct assignment a = {.t = t};
    int tries = 0;
    enum status st = token_wants_init(&a.wants, requests, count, why);

    if (st != ST_OK)
        return st;
    do {
        st = pg_pool_run(t->pool, assign_on, &a, why);
    } while (st == ST_CONFLICT && ++tries < CONFLICTS_MAX);
    token_wants_done(&a.wants);
    return fail_store(st, why);
}

/* ---- and back ---- */

struct resolution {
    struct token_store_pg *t;
    struct token_query *queries;
    size_t count;
};

static void release(void *context, struct token_query *queries, size_t count)
{
    (void)context;
    for (size_t i = 0; i < count; i++) {
        if (queries[i].ret_found)
            free((char *)(uintptr_t)queries[i].ret_sealed.data);
        queries[i].ret_found = false;
        queries[i].ret_sealed = (struct slice){0};
    }
}

static enum status take_sealed(struct resolution *r, size_t number, struct slice sealed,
                               struct why *why)
{
    struct token_query *q;
    char *copy;

    if (number < 1 || number > r->count || r->queries[number - 1].ret_found)
        return fail(why, ST_IO, "the token store answers with rows that nobody asked for");
    q = &r->queries[number - 1];
    copy = slice_dup(sealed);
    if (!copy)
        return fail_memory(why);
    q->ret_found = true;
    q->ret_sealed = (struct slice){copy, sealed.len};
    return ST_OK;
}

static enum status resolve_on(struct pg_conn *c, void *context, struct why *why)
{
    static const char sql[] =
        "SELECT r.n, p.sealed"
        " FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS r (scope, digest, n)"
        " JOIN interceptor_pseudonym AS p ON p.scope = r.scope AND p.digest = r.digest";
    struct resolution *r = context;
    auto_token_rows struct token_rows rows = {0};
    auto_pg_rows struct pg_rows *found = NULL;
    struct pg_param params[2];
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < r->count; i++)
        st = token_rows_add_query(&rows, r->t->master, &r->queries[i], why);
    if (st == ST_OK)
        st = token_rows_end(&rows, why);
    if (st != ST_OK)
        return st;
    params[0] = token_rows_param(&rows, TOKEN_SCOPE);
    params[1] = token_rows_param(&rows, TOKEN_DIGEST);
    st = pg_query(c, sql, params, 2, &found, why);
    for (size_t i = 0; st == ST_OK && i < pg_rows_count(found); i++)
        st = take_sealed(r, (size_t)pg_int(found, i, 0), pg_bytes(found, i, 1), why);
    return st;
}

static enum status resolve(void *context, struct token_query *queries, size_t count,
                           struct why *why)
{
    struct token_store_pg *t = context;
    struct resolution r = {t, queries, count};
    enum status st;

    for (size_t i = 0; i < count; i++)
        queries[i].ret_found = false;
    st = pg_pool_run(t->pool, resolve_on, &r, why);
    if (st != ST_OK)
        release(t, queries, count);
    return fail_store(st, why);
}

/* ---- its life ---- */

static enum status prepare(struct pg_conn *c, void *context, struct why *why)
{
    const struct token_store_pg *t = context;

    return pg_schema_prepare(c, master_fingerprint(t->master), why);
}

static enum status ping_on(struct pg_conn *c, void *context, struct why *why)
{
    (void)context;
    return pg_query(c, "SELECT 1", NULL, 0, NULL, why);
}

enum status token_store_pg_ping(struct token_store_pg *t, struct why *why)
{
    return pg_pool_run(t->pool, ping_on, NULL, why);
}

enum status token_store_pg_open(const char *url, const struct master *master, const struct log *log,
                                struct token_store_pg **ret, struct why *why)
{
    auto_token_store_pg struct token_store_pg *t = calloc(1, sizeof *t);
    struct why own = {0};
    enum status st = t ? pg_check_url(url, why) : fail_memory(why);

    if (st == ST_OK) {
        t->master = master;
        t->interface = (struct token_store){
            .context = t, .assign = assign, .resolve = resolve, .release = release};
        st = pg_pool_new(url, prepare, t, log, &t->pool, why);
    }
    if (st != ST_OK)
        return st;
    st = token_store_pg_ping(t, &own);
    if (st == ST_BAD_INPUT || st == ST_CONFLICT || st == ST_NO_MEMORY)
        return fail(why, st, "%s", own.text);
    *ret = take(t);
    return ST_OK;
}

void token_store_pg_close(struct token_store_pg *t)
{
    if (!t)
        return;
    pg_pool_free(t->pool);
    free(t);
}

const struct token_store *token_store_pg_interface(const struct token_store_pg *t)
{
    return &t->interface;
}
