#include "interceptor/audit.h"

#include "interceptor/hex.h"

#include <assert.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

/* Where the chain ends, and where it begins since older rows were taken away: "number hash mac". */
#define HEAD_NAME   "audit-head"
#define ANCHOR_NAME "audit-anchor"

enum { MARK_SIZE = 24 + 4 * AUDIT_HASH_SIZE, PARTS_MAX = 5 };

static void put_number(uint8_t ret[8], int64_t number)
{
    for (int i = 0; i < 8; i++)
        ret[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
}

void audit_chain_done(struct audit_chain *chain)
{
    OPENSSL_cleanse(chain, sizeof *chain);
}

static enum status set_key(struct audit_chain *chain, const struct master *master, struct why *why)
{
    uint8_t key[DERIVED_KEY_SIZE];
    enum status st = master_derive(master, "audit", key, why);

    if (st == ST_OK)
        hmac_key_init(&chain->key, key);
    OPENSSL_cleanse(key, sizeof key);
    return st;
}

/* HMAC-SHA256 over parts, each with its length before it. */
static void keyed_hash(const struct audit_chain *chain, const struct slice parts[], size_t count,
                       uint8_t ret[AUDIT_HASH_SIZE])
{
    uint8_t sizes[PARTS_MAX][8];
    struct slice all[2 * PARTS_MAX];

    assert(count <= PARTS_MAX);
    for (size_t i = 0; i < count; i++) {
        put_number(sizes[i], (int64_t)parts[i].len);
        all[2 * i] = (struct slice){(const char *)sizes[i], sizeof sizes[i]};
        all[2 * i + 1] = parts[i];
    }
    hmac(&chain->key, all, 2 * count, ret);
}

void audit_chain_next(struct audit_chain *chain, struct audit_row *row)
{
    uint8_t number[8];
    uint8_t at[8];
    const struct slice parts[] = {
        {(const char *)chain->end.hash, sizeof chain->end.hash},
        {(const char *)number, sizeof number},
        {(const char *)at, sizeof at},
        slice_of(row->tenant),
        slice_of(row->record),
    };

    row->number = chain->end.number + 1;
    put_number(number, row->number);
    put_number(at, row->at_us);
    keyed_hash(chain, parts, sizeof parts / sizeof parts[0], row->hash);
    chain->end.number = row->number;
    memcpy(chain->end.hash, row->hash, sizeof chain->end.hash);
}

/* ---- marks: a place of the chain, which only the key's owner can write ---- */

static void mark_mac(const struct audit_chain *chain, const char *name,
                     const struct audit_link *link, uint8_t ret[AUDIT_HASH_SIZE])
{
    uint8_t number[8];
    const struct slice parts[] = {
        slice_of(name),
        {(const char *)number, sizeof number},
        {(const char *)link->hash, sizeof link->hash},
    };

    put_number(number, link->number);
    keyed_hash(chain, parts, sizeof parts / sizeof parts[0], ret);
}

static enum status mark_save(const struct audit_chain *chain, const char *name,
                             const struct audit_link *link, struct store *store, struct why *why)
{
    uint8_t mac[AUDIT_HASH_SIZE];
    char hash_text[2 * AUDIT_HASH_SIZE + 1];
    char mac_text[2 * AUDIT_HASH_SIZE + 1];
    char mark[MARK_SIZE];

    mark_mac(chain, name, link, mac);
    hex_write(link->hash, AUDIT_HASH_SIZE, hash_text);
    hex_write(mac, AUDIT_HASH_SIZE, mac_text);
    snprintf(mark, sizeof mark, "%" PRId64 " %s %s", link->number, hash_text, mac_text);
    return store_save_meta(store, name, mark, why);
}

/* False: it is not as the key's owner wrote it. */
static bool mark_read(const struct audit_chain *chain, const char *name, const char *mark,
                      struct audit_link *ret)
{
    char hash_text[2 * AUDIT_HASH_SIZE + 1];
    char mac_text[2 * AUDIT_HASH_SIZE + 1];
    uint8_t stored[AUDIT_HASH_SIZE];
    uint8_t mac[AUDIT_HASH_SIZE];

    if (sscanf(mark, "%" SCNd64 " %64s %64s", &ret->number, hash_text, mac_text) != 3 ||
        !hex_read(hash_text, ret->hash, AUDIT_HASH_SIZE) ||
        !hex_read(mac_text, stored, AUDIT_HASH_SIZE))
        return false;
    mark_mac(chain, name, ret, mac);
    return hash_equal(mac, stored);
}

/* A mark that is not there is the place before the first row. */
static enum status mark_load(const struct audit_chain *chain, const char *name, struct store *store,
                             struct audit_link *ret, struct why *why)
{
    auto_free char *mark = NULL;
    enum status st = store_load_meta(store, name, &mark, why);

    *ret = (struct audit_link){0};
    if (st != ST_OK || !mark)
        return st;
    if (!mark_read(chain, name, mark, ret))
        return fail(why, ST_CONFLICT, "the mark \"%s\" of the audit trail was changed", name);
    return ST_OK;
}

enum status audit_chain_load(struct audit_chain *chain, struct store *store,
                             const struct master *master, struct why *why)
{
    enum status st;

    *chain = (struct audit_chain){0};
    st = set_key(chain, master, why);
    return st == ST_OK ? mark_load(chain, HEAD_NAME, store, &chain->end, why) : st;
}

enum status audit_chain_refresh(struct audit_chain *chain, struct store *store, struct why *why)
{
    return mark_load(chain, HEAD_NAME, store, &chain->end, why);
}

enum status audit_chain_save(struct audit_chain *chain, struct store *store, struct why *why)
{
    return mark_save(chain, HEAD_NAME, &chain->end, store, why);
}

/* ---- rows that are too old or too many ---- */

struct cut {
    int64_t before_us;      /* older rows go, */
    int64_t up_to;          /* and those up to this number; */
    struct audit_link last; /* the last one that goes, number 0: none */
};

/* The rows that go stand in front of one that stays: the chain has no holes. */
static bool goes(void *ctx, const struct audit_row *row)
{
    struct cut *cut = ctx;

    if (row->number > cut->up_to && row->at_us >= cut->before_us)
        return false;
    cut->last.number = row->number;
    memcpy(cut->last.hash, row->hash, sizeof cut->last.hash);
    return true;
}

enum status audit_chain_trim(struct audit_chain *chain, struct store *store, int64_t before_us,
                             int64_t keep, int64_t *ret_removed, struct why *why)
{
    const struct audit_query oldest = {.first = 1,
                                       .last = INT64_MAX,
                                       .from_us = INT64_MIN,
                                       .to_us = INT64_MAX,
                                       .limit = AUDIT_TRIM_MAX};
    struct cut cut = {.before_us = before_us, .up_to = keep > 0 ? chain->end.number - keep : 0};
    enum status st = store_each_audit(store, &oldest, goes, &cut, why);

    *ret_removed = 0;
    if (st != ST_OK || cut.last.number == 0)
        return st;
    st = mark_save(chain, ANCHOR_NAME, &cut.last, store, why);
    return st == ST_OK ? store_trim_audit(store, cut.last.number, ret_removed, why) : st;
}

/* ---- the walk ---- */

struct walk {
    struct audit_chain *chain;
    int64_t rows;
    int64_t wrong; /* number of the first row that is not as it was written; 0: none */
};

static bool check_row(void *ctx, const struct audit_row *row)
{
    struct walk *walk = ctx;
    struct audit_row expected = *row;

    walk->rows++;
    audit_chain_next(walk->chain, &expected);
    if (expected.number == row->number && hash_equal(expected.hash, row->hash))
        return true;
    walk->wrong = expected.number;
    return false;
}

static enum status walk_all(struct store *store, const struct master *master, int64_t *ret_rows,
                            struct why *why)
{
    const struct audit_query all = {AUDIT_QUERY_ALL, .limit = INT64_MAX};
    auto_audit_chain struct audit_chain chain = {0};
    struct walk walk = {.chain = &chain};
    struct audit_link head;
    enum status st = audit_chain_load(&chain, store, master, why);

    if (st != ST_OK)
        return st;
    head = chain.end;
    st = mark_load(&chain, ANCHOR_NAME, store, &chain.end, why);
    if (st == ST_OK)
        st = store_each_audit(store, &all, check_row, &walk, why);
    if (st != ST_OK)
        return st;
    if (walk.wrong != 0)
        return fail(why, ST_CONFLICT, "row %" PRId64 " is missing or was changed", walk.wrong);
    if (chain.end.number > head.number)
        return fail(why, ST_CONFLICT, "the mark \"%s\" of the audit trail is older than its rows",
                    HEAD_NAME);
    if (chain.end.number != head.number || !hash_equal(chain.end.hash, head.hash))
        return fail(why, ST_CONFLICT, "rows after %" PRId64 " are missing", chain.end.number);
    *ret_rows = walk.rows;
    return ST_OK;
}

/* Marks and rows of one moment: a service may be writing. */
enum status audit_verify(struct store *store, const struct master *master, int64_t *ret_rows,
                         struct why *why)
{
    enum status st = store_begin_read(store, why);

    if (st != ST_OK)
        return st;
    st = walk_all(store, master, ret_rows, why);
    store_rollback(store);
    return st;
}
