/* What a batch for the shared token store still lacks, and the rows by which it asks: a step of
 * token_draw() for many values at once. Knows the shape of the rows, and no connection. */
#ifndef INTERCEPTOR_TOKEN_STORE_ROWS_H
#define INTERCEPTOR_TOKEN_STORE_ROWS_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/token_store.h"
#include "interceptor/master.h"
#include "interceptor/pg.h"

/* ---- rows: one array a column ---- */

enum token_column {
    TOKEN_SCOPE,
    TOKEN_LOOKUP,
    TOKEN_PSEUDONYM,
    TOKEN_DIGEST, /* keyed, of scope and pseudonym */
    TOKEN_SEALED,
    TOKEN_COLUMNS
};

struct token_rows { /* all zero: empty */
    struct buf columns[TOKEN_COLUMNS];
    size_t count;
    bool has_short; /* a pseudonym of at most TOKEN_SHORT characters is among them */
    bool single;    /* one for each request that lacks its pseudonym */
};

void token_rows_done(struct token_rows *rows);
#define auto_token_rows __attribute__((cleanup(token_rows_done)))

/* Scope and digest of a text that may be a pseudonym. */
MUST_CHECK enum status token_rows_add_query(struct token_rows *rows, const struct master *master,
                                            const struct token_query *query, struct why *why);
/* After the last one. */
MUST_CHECK enum status token_rows_end(struct token_rows *rows, struct why *why);
struct pg_param token_rows_param(const struct token_rows *rows, enum token_column column);

/* ---- wants ---- */

struct token_want;

struct token_wants {
    struct token_request *requests; /* borrowed */
    size_t count;
    struct token_want *wants; /* one a request */
    size_t left;              /* how many have no pseudonym yet */
    /* Of this scope and length all pseudonyms were tried; length 0: none were. */
    uint8_t full_scope[SCOPE_SIZE];
    size_t full_length;
};

MUST_CHECK enum status token_wants_init(struct token_wants *w, struct token_request *requests,
                                        size_t count, struct why *why);
void token_wants_done(struct token_wants *w);

/* Scope and lookup of each request that lacks its pseudonym; there is one. */
MUST_CHECK enum status token_wants_ask(struct token_wants *w, struct token_rows *ret,
                                       struct why *why);
/* The pseudonym of the number-th (from 1) of those rows is known. ST_IO: it can't be. */
MUST_CHECK enum status token_wants_known(struct token_wants *w, size_t number,
                                         struct slice pseudonym, struct why *why);

/* Rows with pseudonyms that may be free: at first one for each request that lacks its own, then
 * more of them for as many as a statement takes; in the order that token_draw() keeps. ST_INTERNAL:
 * for one of them nothing is left to try. */
MUST_CHECK enum status token_wants_draw(struct token_wants *w, const struct master *master,
                                        struct token_rows *ret, struct why *why);
/* So many of those rows were kept; false: which ones has to be asked. */
bool token_wants_kept(struct token_wants *w, const struct token_rows *rows, size_t kept);

#endif
