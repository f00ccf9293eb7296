#include "interceptor/audit.h"

#include "interceptor/hex.h"

#include <inttypes.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* Where the chain ends, and where it begins since older rows were taken away: "number hash mac". */
#define HEAD_NAME   "audit-head"
#define ANCHOR_NAME "audit-anchor"

enum { MARK_SIZE = 24 + 4 * AUDIT_HASH_SIZE };

static void put_number(uint8_t ret[8], int64_t number)
{
    for (int i = 0; i < 8; i++)
        ret[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

/* HMAC-SHA256 over parts, each with its length before it. */
static bool keyed_hash(const uint8_t key[DERIVED_KEY_SIZE], const struct slice parts[],
                       size_t count, uint8_t ret[AUDIT_HASH_SIZE])
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_end(),
    };
    size_t len;
    bool done = ctx && EVP_MAC_init(ctx, key, DERIVED_KEY_SIZE, params) == 1;

    for (size_t i = 0; done && i < count; i++) {
        uint8_t size[8];

        put_number(size, (int64_t)parts[i].len);
        done = EVP_MAC_update(ctx, size, sizeof size) == 1 &&
               EVP_MAC_update(ctx, (const uint8_t *)parts[i].data, parts[i].len) == 1;
    }
    done = done && EVP_MAC_final(ctx, ret, &len, AUDIT_HASH_SIZE) == 1;
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    return done;
}

enum status audit_chain_next(struct audit_chain *chain, struct audit_row *row, struct why *why)
{
    uint8_t number[8];
    uint8_t at[8];
    const struct slice parts[] = {
        {(const char *)chain->hash, sizeof chain->hash},
        {(const char *)number, sizeof number},
        {(const char *)at, sizeof at},
        slice_of(row->tenant),
        slice_of(row->record),
    };

    row->number = chain->number + 1;
    put_number(number, row->number);
    put_number(at, row->at_us);
    if (!keyed_hash(chain->key, parts, sizeof parts / sizeof parts[0], row->hash))
        return fail(why, ST_INTERNAL, "an audit row could not be hashed");
    chain->number = row->number;
    memcpy(chain->hash, row->hash, sizeof chain->hash);
    return ST_OK;
}

/* ---- marks: a place of the chain, which only the key's owner can write ---- */

static bool mark_mac(const struct audit_chain *chain, const char *name,
                     uint8_t ret[AUDIT_HASH_SIZE])
{
    uint8_t number[8];
    const struct slice parts[] = {
        slice_of(name),
        {(const char *)number, sizeof number},
        {(const char *)chain->hash, sizeof chain->hash},
    };

    put_number(number, chain->number);
    return keyed_hash(chain->key, parts, sizeof parts / sizeof parts[0], ret);
}

static enum status mark_save(const struct audit_chain *chain, const char *name, struct store *store,
                             struct why *why)
{
    uint8_t mac[AUDIT_HASH_SIZE];
    char hash_text[2 * AUDIT_HASH_SIZE + 1];
    char mac_text[2 * AUDIT_HASH_SIZE + 1];
    char mark[MARK_SIZE];

    if (!mark_mac(chain, name, mac))
        return fail(why, ST_INTERNAL, "the end of the audit chain could not be hashed");
    hex_write(chain->hash, AUDIT_HASH_SIZE, hash_text);
    hex_write(mac, AUDIT_HASH_SIZE, mac_text);
    snprintf(mark, sizeof mark, "%" PRId64 " %s %s", chain->number, hash_text, mac_text);
    return store_save_meta(store, name, mark, why);
}

/* chain->key is set; number and hash are read. A mark that is not there is number 0. */
static enum status mark_load(struct audit_chain *chain, const char *name, struct store *store,
                             struct why *why)
{
    auto_free char *mark = NULL;
    char hash_text[2 * AUDIT_HASH_SIZE + 1];
    char mac_text[2 * AUDIT_HASH_SIZE + 1];
    uint8_t stored[AUDIT_HASH_SIZE];
    uint8_t mac[AUDIT_HASH_SIZE];
    enum status st = store_load_meta(store, name, &mark, why);

    chain->number = 0;
    memset(chain->hash, 0, sizeof chain->hash);
    if (st != ST_OK || !mark)
        return st;
    if (sscanf(mark, "%" SCNd64 " %64s %64s", &chain->number, hash_text, mac_text) != 3 ||
        !hex_read(hash_text, chain->hash, AUDIT_HASH_SIZE) ||
        !hex_read(mac_text, stored, AUDIT_HASH_SIZE) || !mark_mac(chain, name, mac) ||
        !hash_equal(mac, stored))
        return fail(why, ST_CONFLICT, "the mark \"%s\" of the audit trail was changed", name);
    return ST_OK;
}

enum status audit_chain_load(struct audit_chain *chain, struct store *store,
                             const struct master *master, struct why *why)
{
    enum status st = master_derive(master, "audit", chain->key, why);

    return st == ST_OK ? mark_load(chain, HEAD_NAME, store, why) : st;
}

enum status audit_chain_save(const struct audit_chain *chain, struct store *store, struct why *why)
{
    return mark_save(chain, HEAD_NAME, store, why);
}

/* ---- rows that are too old or too many ---- */

/* The last row that goes. */
struct cut {
    int64_t number;
    uint8_t hash[AUDIT_HASH_SIZE];
};

static bool take_cut(void *ctx, const struct audit_row *row)
{
    struct cut *cut = ctx;

    cut->number = row->number;
    memcpy(cut->hash, row->hash, sizeof cut->hash);
    return false;
}

static enum status find_cut(const struct audit_chain *chain, struct store *store, int64_t before_us,
                            int64_t keep, struct cut *ret, struct why *why)
{
    struct audit_query too_old = {.until_us = before_us, .newest_first = true, .limit = 1};
    struct audit_query too_many = {.after = chain->number - keep - 1, .limit = 1};
    enum status st = ST_OK;

    *ret = (struct cut){0};
    if (before_us > 0)
        st = store_each_audit(store, &too_old, take_cut, ret, why);
    if (st == ST_OK && keep > 0 && chain->number - keep > ret->number)
        st = store_each_audit(store, &too_many, take_cut, ret, why);
    return st;
}

enum status audit_chain_trim(const struct audit_chain *chain, struct store *store,
                             int64_t before_us, int64_t keep, int64_t *ret_removed, struct why *why)
{
    struct audit_chain anchor = *chain;
    struct cut cut;
    enum status st = find_cut(chain, store, before_us, keep, &cut, why);

    *ret_removed = 0;
    if (st != ST_OK || cut.number == 0)
        return st;
    anchor.number = cut.number;
    memcpy(anchor.hash, cut.hash, sizeof anchor.hash);
    st = mark_save(&anchor, ANCHOR_NAME, store, why);
    if (st == ST_OK)
        st = store_trim_audit(store, cut.number, ret_removed, why);
    return st;
}

/* ---- the walk ---- */

struct walk {
    struct audit_chain chain;
    int64_t rows;
    int64_t wrong; /* number of the first row that is not as it was written; 0: none */
};

static bool check_row(void *ctx, const struct audit_row *row)
{
    struct walk *walk = ctx;
    struct audit_row expected = *row;

    walk->rows++;
    if (audit_chain_next(&walk->chain, &expected, NULL) == ST_OK &&
        expected.number == row->number && hash_equal(expected.hash, row->hash))
        return true;
    walk->wrong = expected.number;
    return false;
}

enum status audit_verify(struct store *store, const struct master *master, int64_t *ret_rows,
                         struct why *why)
{
    const struct audit_query all = {.limit = INT64_MAX, .from_us = INT64_MIN};
    struct audit_chain head;
    struct walk walk = {0};
    enum status st = audit_chain_load(&head, store, master, why);

    if (st != ST_OK)
        return st;
    memcpy(walk.chain.key, head.key, sizeof head.key);
    st = mark_load(&walk.chain, ANCHOR_NAME, store, why);
    if (st == ST_OK)
        st = store_each_audit(store, &all, check_row, &walk, why);
    if (st != ST_OK)
        return st;
    if (walk.wrong != 0)
        return fail(why, ST_CONFLICT, "row %" PRId64 " is missing or was changed", walk.wrong);
    if (walk.chain.number != head.number || !hash_equal(walk.chain.hash, head.hash))
        return fail(why, ST_CONFLICT, "rows after %" PRId64 " are missing", walk.chain.number);
    *ret_rows = walk.rows;
    return ST_OK;
}
