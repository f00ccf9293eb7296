/* What the engine asks of the memory behind length-preserving pseudonyms.
 *
 * An interface: interceptor/ keeps it in a database, the unit tests in memory. A store sees no
 * clear data: `scope` names tenant and domain, `lookup` is a keyed digest of the value, `sealed`
 * the value encrypted. Rows: (scope, lookup) is unique, and so is (scope, pseudonym).
 *
 * The engine asks in batches, at most TOKEN_BATCH_MAX entries a time, once at the end of a call for
 * all but very large data sets. Functions may be called from any thread at once. */
#ifndef ENGINE_TOKEN_STORE_H
#define ENGINE_TOKEN_STORE_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/crypt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOKEN_BATCH_MAX = 4096, TOKEN_LONG = 22, TOKEN_SHORT = 3 };

/* A pseudonym wanted for a value. No two entries of a batch have the same scope and lookup. */
struct token_request {
    uint8_t scope[SCOPE_SIZE];
    uint8_t lookup[LOOKUP_SIZE];
    struct slice sealed; /* kept with a new row only */
    size_t length;       /* characters that the pseudonym should have, at least 1 */
    struct slice avoid;  /* what the pseudonym must not be: the clear value; never to be kept */
    char *ret;           /* room for `length` or TOKEN_LONG characters, whichever is more */
    size_t ret_len;      /* `length`, or TOKEN_LONG where that length is exhausted */
};

/* A text that may be a pseudonym. */
struct token_query {
    uint8_t scope[SCOPE_SIZE];
    struct slice pseudonym;
    bool ret_found;
    struct slice ret_sealed; /* the store's memory, see `release` */
};

struct token_store {
    void *context;

    /* For each entry the pseudonym of its value: the one it has, else one drawn by token_draw(),
     * kept from then on. When ST_OK is returned, all of them are on disk, also those that another
     * call drew and had not yet committed. On failure nothing is handed out. */
    enum status (*assign)(void *context, struct token_request *requests, size_t count,
                          struct why *why);

    /* Looks each pseudonym up. */
    enum status (*resolve)(void *context, struct token_query *queries, size_t count,
                           struct why *why);

    /* Called once after each resolve that returned ST_OK, when the sealed texts have been read;
     * may be NULL. */
    void (*release)(void *context, struct token_query *queries, size_t count);
};

/* Whether a drawn pseudonym is free: 1 it was taken and kept for the request, 0 it is in use, -1
 * the store failed (and has filled `why`). */
typedef int token_claim(void *context, const struct token_request *request, struct slice pseudonym,
                        struct why *why);

/* Draws pseudonyms at random until one can be claimed, and puts it into ret and ret_len. Up to
 * TOKEN_SHORT characters all that exist are tried before the length counts as exhausted; above
 * that, 256 draws. What `claim` failed with is ST_IO. */
MUST_CHECK enum status token_draw(struct token_request *request, token_claim *claim, void *context,
                                  struct why *why);

/* ---- the parts of it, for stores that claim many at once ---- */

/* Letters and digits, each as likely. */
MUST_CHECK enum status token_random(char *ret, size_t len, struct why *why);
/* How many pseudonyms of a length there are to be tried in turn: 0 above TOKEN_SHORT. */
size_t token_choices(size_t len);
/* The one with that number, from 0. */
void token_spell(size_t number, char *ret, size_t len);

#endif
