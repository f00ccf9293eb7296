#include "interceptor/engine/token_store.h"

#include "interceptor/engine/base62.h"

#include <openssl/rand.h>
#include <stdlib.h>

enum { DRAWS = 256, ALPHABET = 62, UNBIASED = 62 * 4, POOL = 64 };

/* Bytes from UNBIASED on would favour the first letters. */
enum status token_random(char *ret, size_t len, struct why *why)
{
    unsigned char pool[POOL];
    size_t at = 0;

    while (at < len) {
        if (RAND_bytes(pool, sizeof pool) != 1)
            return fail(why, ST_INTERNAL, "no random bytes");
        for (size_t i = 0; i < sizeof pool && at < len; i++) {
            if (pool[i] < UNBIASED)
                ret[at++] = base62_alphabet[pool[i] % ALPHABET];
        }
    }
    return ST_OK;
}

/* 1: kept for the request; 0: not free; -1: failed. */
static int claim_one(struct token_request *request, size_t len, token_claim *claim, void *context,
                     struct why *why)
{
    struct slice pseudonym = {request->ret, len};

    if (slice_equal(pseudonym, request->avoid))
        return 0;
    request->ret_len = len;
    return claim(context, request, pseudonym, why);
}

static int draw_some(struct token_request *request, size_t len, token_claim *claim, void *context,
                     enum status *st, struct why *why)
{
    int claimed = 0;

    for (int i = 0; i < DRAWS && claimed == 0; i++) {
        *st = token_random(request->ret, len, why);
        if (*st != ST_OK)
            return -1;
        claimed = claim_one(request, len, claim, context, why);
    }
    if (claimed < 0)
        *st = ST_IO;
    return claimed;
}

void token_spell(size_t number, char *ret, size_t len)
{
    for (size_t i = len; i-- > 0; number /= ALPHABET)
        ret[i] = base62_alphabet[number % ALPHABET];
}

size_t token_choices(size_t len)
{
    size_t all = len <= TOKEN_SHORT;

    for (size_t i = 0; i < len && all > 0; i++)
        all *= ALPHABET;
    return all;
}

/* All there are, in turn; draws have failed before, so that this length is nearly used up. */
static int try_all(struct token_request *request, size_t len, token_claim *claim, void *context,
                   struct why *why)
{
    size_t all = token_choices(len);
    int claimed = 0;

    for (size_t i = 0; i < all && claimed == 0; i++) {
        token_spell(i, request->ret, len);
        claimed = claim_one(request, len, claim, context, why);
    }
    return claimed;
}

enum status token_draw(struct token_request *request, token_claim *claim, void *context,
                       struct why *why)
{
    enum status st = ST_OK;
    int claimed = draw_some(request, request->length, claim, context, &st, why);

    if (claimed == 0)
        claimed = try_all(request, request->length, claim, context, why);
    if (claimed == 0)
        claimed = draw_some(request, TOKEN_LONG, claim, context, &st, why);
    if (st == ST_OK && claimed < 0)
        st = ST_IO;
    if (claimed == 0)
        return fail(why, ST_INTERNAL, "no pseudonym could be drawn");
    return st;
}
