#include "interceptor/token.h"

#include "common/json.h"
#include "common/uuid.h"
#include "interceptor/engine/base62.h"
#include "interceptor/engine/hmac.h"

#include <openssl/crypto.h>
#include <stdio.h>

enum { USES = TOKEN_REFRESH + 1 };

/* The audience keeps the two uses apart a second time, beside their keys. */
static const struct {
    const char *key_label;
    const char *audience;
} uses[USES] = {
    [TOKEN_ACCESS] = {"access-token", "dataset"},
    [TOKEN_REFRESH] = {"refresh-token", "token"},
};

static const char issuer[] = "interceptor";

/* {"alg":"HS256","typ":"JWT"} and a dot: the one header there is, so no token chooses how it is
 * checked. */
#define HEADER SLICE("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.")

struct token_signer {
    struct hmac_key keys[USES];
};

enum status token_signer_new(const struct master *master, struct token_signer **ret,
                             struct why *why)
{
    auto_token_signer struct token_signer *signer = calloc(1, sizeof *signer);
    enum status st = ST_OK;

    if (!signer)
        return fail_memory(why);
    for (size_t use = 0; st == ST_OK && use < USES; use++) {
        uint8_t key[DERIVED_KEY_SIZE];

        st = master_derive(master, uses[use].key_label, key, why);
        if (st == ST_OK)
            hmac_key_init(&signer->keys[use], key);
        OPENSSL_cleanse(key, sizeof key);
    }
    if (st != ST_OK)
        return st;
    *ret = take(signer);
    return ST_OK;
}

void token_signer_free(struct token_signer *signer)
{
    if (signer)
        OPENSSL_cleanse(signer, sizeof *signer);
    free(signer);
}

/* ---- writing ---- */

static void put_text(struct buf *b, const char *name, const char *text)
{
    buf_printf(b, "%s\"%s\":", b->len > 0 ? "," : "{", name);
    buf_put_json_string(b, slice_of(text));
}

static void write_claims(enum token_use use, const struct token_claims *claims, int64_t now_s,
                         struct buf *ret)
{
    char id[UUID_SIZE];

    uuid_make(id);
    put_text(ret, "aud", uses[use].audience);
    buf_printf(ret, ",\"exp\":%lld,\"iat\":%lld", (long long)claims->expires_at_s,
               (long long)now_s);
    put_text(ret, "iss", issuer);
    put_text(ret, "jti", id);
    put_text(ret, "sub", claims->client);
    put_text(ret, "tenant", claims->tenant);
    buf_put_char(ret, '}');
}

static void put_signature(const struct token_signer *signer, enum token_use use,
                          struct slice signed_text, struct buf *ret)
{
    uint8_t signature[HMAC_SIZE];

    hmac(&signer->keys[use], &signed_text, 1, signature);
    base64url_write(signature, sizeof signature, ret);
}

enum status token_issue(const struct token_signer *signer, enum token_use use,
                        const struct token_claims *claims, int64_t now_s, char **ret,
                        struct why *why)
{
    auto_buf struct buf payload = BUF_INIT(TOKEN_MAX);
    auto_buf struct buf text = BUF_INIT(TOKEN_MAX);
    auto_buf struct buf signature = BUF_INIT(TOKEN_MAX);
    enum status st;

    write_claims(use, claims, now_s, &payload);
    st = buf_status(&payload, why);
    if (st != ST_OK)
        return st;
    buf_put_slice(&text, HEADER);
    base64url_write((const uint8_t *)payload.data, payload.len, &text);
    put_signature(signer, use, buf_slice(&text), &signature);
    buf_put_char(&text, '.');
    buf_put_slice(&text, buf_slice(&signature));
    st = buf_status(&signature, why);
    if (st == ST_OK)
        st = buf_status(&text, why);
    if (st == ST_OK)
        *ret = buf_take(&text, NULL);
    return st;
}

/* ---- reading ---- */

static enum status deny(struct why *why)
{
    return fail(why, ST_DENIED, "is no token of this service");
}

/* *ret_payload: what stands between the dots of a token whose signature is ours. */
static enum status check_signature(const struct token_signer *signer, enum token_use use,
                                   struct slice text, struct slice *ret_payload, struct why *why)
{
    auto_buf struct buf expected = BUF_INIT(TOKEN_MAX);
    const char *dot = text.len > 0 ? memrchr(text.data, '.', text.len) : NULL;
    struct slice head, signature;

    if (!dot || text.len > TOKEN_MAX)
        return deny(why);
    head = (struct slice){text.data, (size_t)(dot - text.data)};
    signature = slice_from(text, head.len + 1);
    if (!slice_starts(head, HEADER))
        return deny(why);
    put_signature(signer, use, head, &expected);
    if (expected.failed != ST_OK)
        return buf_status(&expected, why);
    if (signature.len != expected.len ||
        CRYPTO_memcmp(signature.data, expected.data, expected.len) != 0)
        return deny(why);
    *ret_payload = slice_from(head, HEADER.len);
    return ST_OK;
}

static bool claim_is(const json_t *claims, const char *name, const char *value)
{
    const char *found = json_text(json_object_get(claims, name));

    return found && strcmp(found, value) == 0;
}

static bool copy_claim(const json_t *claims, const char *name, char *ret, size_t size)
{
    const char *found = json_text(json_object_get(claims, name));

    return found && (size_t)snprintf(ret, size, "%s", found) < size;
}

static bool read_claims(const json_t *claims, enum token_use use, struct token_claims *ret)
{
    ret->expires_at_s = json_integer_value(json_object_get(claims, "exp"));
    return claim_is(claims, "iss", issuer) && claim_is(claims, "aud", uses[use].audience) &&
           copy_claim(claims, "sub", ret->client, sizeof ret->client) &&
           copy_claim(claims, "tenant", ret->tenant, sizeof ret->tenant) &&
           copy_claim(claims, "jti", ret->id, sizeof ret->id);
}

/* We have signed it, so if it can't be read it is for want of memory. */
static enum status parse(struct slice payload, json_t **ret, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(TOKEN_MAX);

    if (!base64url_read(payload, &text) || text.failed != ST_OK ||
        json_read_object(buf_slice(&text), ret, NULL) != ST_OK)
        return fail_memory(why);
    return ST_OK;
}

enum status token_check(const struct token_signer *signer, enum token_use use, struct slice text,
                        int64_t now_s, struct token_claims *ret, struct why *why)
{
    auto_json json_t *read = NULL;
    struct token_claims claims = {0};
    struct slice payload;
    enum status st = check_signature(signer, use, text, &payload, why);

    if (st == ST_OK)
        st = parse(payload, &read, why);
    if (st != ST_OK)
        return st;
    if (!read_claims(read, use, &claims))
        return deny(why);
    if (claims.expires_at_s <= now_s)
        return fail(why, ST_DENIED, "has expired");
    *ret = claims;
    return ST_OK;
}
