#include "plugin/token_cache.h"

#include "plugin/message.h"
#include "plugin/text.h"

#include <stdlib.h>

enum {
    CLAIM_SLACK_MS = 1000, /* a claim outlives the call's time-out by this */
    RENEW_MARGIN_MS = 60000,
    END_MARGIN_MS = 5000,
    MESSAGE_MAX = 65536,
};

/* What all VMs share, laid out as it stands in the shared data, with the token behind it. */
struct record {
    uint64_t claimed_until_ms; /* somebody is fetching; 0: nobody */
    uint64_t renew_at_ms;
    uint64_t good_until_ms; /* 0: no token */
    uint32_t number;        /* counts the tokens */
    uint32_t failures;      /* counts the fetches that failed */
    uint32_t cause;         /* why the last one failed */
    uint32_t token_len;
};

struct token_cache {
    const struct settings *settings;
    struct buf key;
    struct buf form;
    struct record now;
    char token[MESSAGE_TOKEN_MAX];
    uint32_t cas;  /* of the record as it was loaded last */
    uint32_t call; /* ours, under way */
    uint64_t call_began_ms;
    uint32_t failures_seen; /* when watching another VM's call began */
    enum cause cause;
};

static void put_hash(struct buf *key, const struct settings *settings)
{
    uint64_t hash = TEXT_HASH_SEED;

    hash = text_hash(hash, settings->cluster);
    hash = text_hash(hash, settings->authority);
    hash = text_hash(hash, settings->base_path);
    hash = text_hash(hash, settings->api_key);
    hash = text_hash(hash, settings->client_id);
    hash = text_hash(hash, settings->client_secret);
    text_put_hex(key, &hash, sizeof hash);
}

/* Takes over what the VMs share. False: there is nothing of the kind. */
static bool load(struct token_cache *cache)
{
    auto_slice struct slice shared = host_shared_load(buf_slice(&cache->key), &cache->cas);
    struct record record;

    if (shared.len < sizeof record)
        return false;
    memcpy(&record, shared.data, sizeof record);
    if (record.token_len > MESSAGE_TOKEN_MAX || record.token_len != shared.len - sizeof record)
        return false;
    cache->now = record;
    memcpy(cache->token, shared.data + sizeof record, record.token_len);
    return true;
}

/* False: another VM was quicker, or the host has no shared data. */
static bool store(struct token_cache *cache)
{
    auto_buf struct buf value = BUF_INIT(sizeof cache->now + MESSAGE_TOKEN_MAX);

    buf_put(&value, &cache->now, sizeof cache->now);
    buf_put(&value, cache->token, cache->now.token_len);
    return value.failed == ST_OK &&
           host_shared_store(buf_slice(&cache->key), buf_slice(&value), cache->cas);
}

/* Writes what we know better than all others, whatever they have written since. */
static void publish(struct token_cache *cache)
{
    for (int tries = 0; tries < 4 && !store(cache); tries++) {
        auto_slice struct slice other = host_shared_load(buf_slice(&cache->key), &cache->cas);

        (void)other;
    }
}

struct token_cache *token_cache_new(const struct settings *settings)
{
    struct token_cache *cache = calloc(1, sizeof *cache);

    if (!cache)
        return NULL;
    cache->settings = settings;
    buf_init(&cache->key, 64);
    buf_init(&cache->form, MESSAGE_MAX);
    buf_put_slice(&cache->key, SLICE("interception.token."));
    put_hash(&cache->key, settings);
    message_put_token_form(settings, &cache->form);
    if (cache->key.failed != ST_OK || cache->form.failed != ST_OK) {
        token_cache_free(cache);
        return NULL;
    }
    /* The record must exist, as only what exists can be compared and swapped. The host's main
     * thread runs this before any worker does. */
    if (!load(cache) && store(cache))
        load(cache);
    return cache;
}

void token_cache_free(struct token_cache *cache)
{
    if (!cache)
        return;
    if (cache->call != 0 && load(cache)) {
        cache->now.claimed_until_ms = 0; /* its answer will find nobody; others may ask */
        store(cache);
    }
    buf_done(&cache->key);
    buf_done(&cache->form);
    free(cache);
}

/* ---- asking for one ---- */

static bool send_call(struct token_cache *cache, const struct trace *trace)
{
    const struct settings *settings = cache->settings;
    auto_buf struct buf path = BUF_INIT(MESSAGE_MAX);
    char parent[TRACE_PARENT_LEN];
    struct host_header_pair headers[5 + TRACE_HEADERS_MAX] = {
        {SLICE(":method"), SLICE("POST")},
        {SLICE(":path"), {NULL, 0}},
        {SLICE(":authority"), settings->authority},
        {SLICE("x-api-key"), settings->api_key},
        {SLICE("content-type"), SLICE("application/x-www-form-urlencoded")},
    };

    buf_put_slice(&path, settings->base_path);
    buf_put_slice(&path, SLICE("/identity/v1/token"));
    if (path.failed != ST_OK)
        return false;
    headers[1].value = buf_slice(&path);
    return host_call(settings->cluster, headers, 5 + trace_headers(trace, parent, headers + 5),
                     buf_slice(&cache->form), settings->base.timeout_ms, &cache->call);
}

static enum token_state failed(struct token_cache *cache, enum cause cause)
{
    cache->cause = cause;
    cache->now.claimed_until_ms = 0;
    cache->now.failures++;
    cache->now.cause = cause;
    publish(cache);
    return TOKEN_FAILED;
}

/* Another VM's word for a failure, from shared memory. */
static enum cause cause_of(const struct record *record)
{
    return record->cause < CAUSE_COUNT ? (enum cause)record->cause : CAUSE_UNREACHABLE;
}

/* Takes the right to fetch. TOKEN_FETCHING: it is ours. */
static enum token_state claim(struct token_cache *cache, uint64_t now)
{
    for (int tries = 0; tries < 4; tries++) {
        if (cache->now.claimed_until_ms > now)
            return TOKEN_ELSEWHERE;
        cache->now.claimed_until_ms = now + cache->settings->base.timeout_ms + CLAIM_SLACK_MS;
        if (store(cache) || !load(cache))
            return TOKEN_FETCHING; /* without shared data there is nobody to ask */
        if (cache->now.good_until_ms > now)
            return TOKEN_READY;
    }
    return TOKEN_FETCHING;
}

/* Begins a fetch, unless another VM holds the right to it. */
static enum token_state fetch(struct token_cache *cache, const struct trace *trace, uint64_t now)
{
    enum token_state state = claim(cache, now);

    if (state != TOKEN_FETCHING)
        return state;
    cache->call_began_ms = now;
    if (!send_call(cache, trace)) {
        load(cache);
        return failed(cache, CAUSE_UNREACHABLE);
    }
    return TOKEN_FETCHING;
}

enum token_state token_cache_want(struct token_cache *cache, const struct trace *trace)
{
    uint64_t now = host_now_ms();

    if (cache->now.renew_at_ms <= now && cache->call == 0)
        load(cache);
    if (cache->now.good_until_ms <= now)
        return cache->call != 0 ? TOKEN_FETCHING : fetch(cache, trace, now);
    if (cache->now.renew_at_ms <= now && cache->call == 0)
        fetch(cache, trace, now); /* whatever comes of it, this token is still good */
    return TOKEN_READY;
}

void token_cache_watch(struct token_cache *cache)
{
    cache->failures_seen = cache->now.failures;
}

struct slice token_cache_token(const struct token_cache *cache, uint32_t *ret_number)
{
    *ret_number = cache->now.number;
    return (struct slice){cache->token, cache->now.token_len};
}

uint32_t token_cache_call(const struct token_cache *cache)
{
    return cache->call;
}

uint64_t token_cache_call_began_ms(const struct token_cache *cache)
{
    return cache->call_began_ms;
}

enum cause token_cache_cause(const struct token_cache *cache)
{
    return cache->cause;
}

void token_cache_spoil(struct token_cache *cache, uint32_t number)
{
    if (cache->call == 0)
        load(cache);
    if (cache->now.number != number || cache->now.good_until_ms == 0)
        return;
    cache->now.good_until_ms = 0;
    cache->now.renew_at_ms = 0;
    publish(cache);
}

/* ---- what came of it ---- */

/* Good for as long as the answer says, from the moment the call was made, less some margin. */
static void keep(struct token_cache *cache, const struct token_reply *reply)
{
    uint64_t life = reply->expires_in_s * 1000;
    uint64_t renew = life / 4 < RENEW_MARGIN_MS ? life / 4 : RENEW_MARGIN_MS;
    uint64_t end = life / 20 < END_MARGIN_MS ? life / 20 : END_MARGIN_MS;

    memcpy(cache->token, reply->token.data, reply->token.len);
    cache->now.token_len = (uint32_t)reply->token.len;
    cache->now.good_until_ms = cache->call_began_ms + life - end;
    cache->now.renew_at_ms = cache->call_began_ms + life - renew;
    cache->now.number++;
    cache->now.claimed_until_ms = 0;
}

enum token_state token_cache_answered(struct token_cache *cache, enum cause cause, char *body,
                                      size_t len)
{
    struct token_reply reply;

    cache->call = 0;
    load(cache);
    if (cause == CAUSE_NONE && !message_read_token(body, len, &reply))
        cause = CAUSE_NONSENSE;
    if (cause != CAUSE_NONE)
        return failed(cache, cause);
    keep(cache, &reply);
    publish(cache);
    return TOKEN_READY;
}

enum token_state token_cache_poll(struct token_cache *cache)
{
    uint64_t now = host_now_ms();

    if (cache->call != 0)
        return cache->now.good_until_ms > now ? TOKEN_READY : TOKEN_FETCHING;
    load(cache);
    if (cache->now.good_until_ms > now)
        return TOKEN_READY;
    if (cache->now.failures != cache->failures_seen) {
        cache->cause = cause_of(&cache->now);
        return TOKEN_FAILED;
    }
    return fetch(cache, NULL, now);
}
