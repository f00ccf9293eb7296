#include "interceptor/credentials.h"

#include <openssl/crypto.h>
#include <string.h>

enum { CACHE_SLOTS = 16, CACHED_KEY_MAX = 128, CACHED_TOKEN_MAX = 700 };

/* Thread-local, the one exception to "no mutable globals": a cache that any other home would have
 * to lock. A wrong hit is impossible: the whole text is compared, and a snapshot's revision is
 * never used again. */
struct cached_key {
    int64_t revision; /* 0: free */
    size_t len;
    char text[CACHED_KEY_MAX];
    const struct account *account;
};

struct cached_token {
    int64_t revision;
    size_t len;
    char text[CACHED_TOKEN_MAX];
    const struct account *account;
    const struct client *client;
    int64_t expires_at_s;
};

static _Thread_local struct cached_key cached_keys[CACHE_SLOTS];
static _Thread_local struct cached_token cached_tokens[CACHE_SLOTS];

/* The end of a token is its signature, so any part of it is as good as a hash. */
static size_t slot_of(struct slice text)
{
    size_t sum = text.len;

    for (size_t i = 1; i <= 8 && i <= text.len; i++)
        sum = sum * 31 + (unsigned char)text.data[text.len - i];
    return sum % CACHE_SLOTS;
}

/* Takes as long wherever they differ; CRYPTO_memcmp does too, but byte by byte. */
static bool same(const char *cached, size_t cached_len, struct slice text)
{
    uint64_t differ = 0, a, b;
    size_t i = 0;

    if (cached_len != text.len)
        return false;
    for (; text.len - i >= sizeof a; i += sizeof a) {
        memcpy(&a, cached + i, sizeof a);
        memcpy(&b, text.data + i, sizeof b);
        differ |= a ^ b;
        __asm__("" : "+r"(differ)); /* keeps the compiler from leaving early */
    }
    return (differ | (uint64_t)CRYPTO_memcmp(cached + i, text.data + i, text.len - i)) == 0;
}

enum status credentials_account(struct app *app, const struct snapshot *snapshot,
                                const char *api_key, const struct account **ret, struct why *why)
{
    struct slice text = slice_of(api_key ? api_key : "");
    struct cached_key *cached = &cached_keys[slot_of(text)];
    int64_t revision = snapshot_revision(snapshot);
    uint8_t hash[KEYED_HASH_SIZE];
    const struct account *account;
    enum status st;

    if (text.len == 0)
        return fail(why, ST_DENIED, "is missing");
    if (cached->revision == revision && same(cached->text, cached->len, text)) {
        *ret = cached->account;
        return ST_OK;
    }
    st = master_hash(app->master, "api-key", text, hash, why);
    if (st != ST_OK)
        return st;
    account = snapshot_account_by_key(snapshot, hash);
    if (!account)
        return fail(why, ST_DENIED, "is unknown");
    if (text.len <= sizeof cached->text) {
        cached->revision = revision;
        cached->len = text.len;
        cached->account = account;
        memcpy(cached->text, text.data, text.len);
    }
    *ret = account;
    return ST_OK;
}

/* The token behind the scheme; empty if the header is something else. */
static struct slice bearer(const char *header)
{
    struct slice text = slice_trim(slice_of(header ? header : ""));
    const size_t scheme = 6;

    if (text.len <= scheme ||
        !slice_equal_nocase((struct slice){text.data, scheme}, SLICE("bearer")) ||
        text.data[scheme] != ' ')
        return (struct slice){0};
    return slice_trim(slice_from(text, scheme));
}

static enum status check(struct app *app, const struct account *account, struct slice token,
                         int64_t now_s, const struct client **ret, int64_t *ret_expires_at_s,
                         struct why *why)
{
    struct token_claims claims;
    const struct client *client = NULL;
    enum status st = token_check(app->signer, TOKEN_ACCESS, token, now_s, &claims, why);

    if (st != ST_OK)
        return st;
    if (strcmp(claims.tenant, account->tenant->name) == 0)
        client = tenant_find_client(account->tenant, slice_of(claims.client));
    if (!client)
        return fail(why, ST_DENIED, "is another tenant's, or of a client that is gone");
    *ret = client;
    *ret_expires_at_s = claims.expires_at_s;
    return ST_OK;
}

static void remember(struct cached_token *cached, int64_t revision, struct slice token,
                     const struct account *account, const struct client *client,
                     int64_t expires_at_s)
{
    if (token.len > sizeof cached->text)
        return;
    cached->revision = revision;
    cached->len = token.len;
    cached->account = account;
    cached->client = client;
    cached->expires_at_s = expires_at_s;
    memcpy(cached->text, token.data, token.len);
}

enum status credentials_client(struct app *app, const struct snapshot *snapshot,
                               const struct account *account, const char *resource_token,
                               int64_t now_us, const struct client **ret, struct why *why)
{
    struct slice token = bearer(resource_token);
    struct cached_token *cached = &cached_tokens[slot_of(token)];
    int64_t now_s = now_us / 1000000;
    int64_t expires_at_s = 0;
    enum status st;

    if (token.len == 0)
        return fail(why, ST_DENIED, "is missing");
    if (cached->revision == snapshot_revision(snapshot) && cached->account == account &&
        cached->expires_at_s > now_s && same(cached->text, cached->len, token)) {
        *ret = cached->client;
        return ST_OK;
    }
    st = check(app, account, token, now_s, ret, &expires_at_s, why);
    if (st == ST_OK)
        remember(cached, snapshot_revision(snapshot), token, account, *ret, expires_at_s);
    return st;
}
