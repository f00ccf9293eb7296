#include "interceptor/token.h"

#include "common/uuid.h"

#include <jwt.h>
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

struct token_signer {
    uint8_t keys[USES][DERIVED_KEY_SIZE];
};

enum status token_signer_new(const struct master *master, struct token_signer **ret,
                             struct why *why)
{
    auto_token_signer struct token_signer *signer = calloc(1, sizeof *signer);
    enum status st = ST_OK;

    if (!signer)
        return fail_memory(why);
    for (size_t use = 0; st == ST_OK && use < USES; use++)
        st = master_derive(master, uses[use].key_label, signer->keys[use], why);
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

DEFINE_CLEANUP(jwt, jwt_t *, jwt_free)
#define auto_jwt __attribute__((cleanup(cleanup_jwt)))

static int fill(jwt_t *jwt, enum token_use use, const struct token_claims *claims, int64_t now_s)
{
    char id[UUID_SIZE];

    uuid_make(id);
    return jwt_add_grant(jwt, "iss", issuer) || jwt_add_grant(jwt, "aud", uses[use].audience) ||
           jwt_add_grant(jwt, "sub", claims->client) ||
           jwt_add_grant(jwt, "tenant", claims->tenant) || jwt_add_grant(jwt, "jti", id) ||
           jwt_add_grant_int(jwt, "iat", (long)now_s) ||
           jwt_add_grant_int(jwt, "exp", (long)claims->expires_at_s);
}

enum status token_issue(const struct token_signer *signer, enum token_use use,
                        const struct token_claims *claims, int64_t now_s, char **ret,
                        struct why *why)
{
    auto_jwt jwt_t *jwt = NULL;

    if (jwt_new(&jwt) != 0 || fill(jwt, use, claims, now_s) != 0 ||
        jwt_set_alg(jwt, JWT_ALG_HS256, signer->keys[use], DERIVED_KEY_SIZE) != 0)
        return fail_memory(why);
    *ret = jwt_encode_str(jwt);
    return *ret ? ST_OK : fail(why, ST_INTERNAL, "the token could not be signed");
}

static bool grant_is(jwt_t *jwt, const char *name, const char *value)
{
    const char *found = jwt_get_grant(jwt, name);

    return found && strcmp(found, value) == 0;
}

static bool copy_grant(jwt_t *jwt, const char *name, char *ret, size_t size)
{
    const char *found = jwt_get_grant(jwt, name);

    return found && (size_t)snprintf(ret, size, "%s", found) < size;
}

static bool read_grants(jwt_t *jwt, enum token_use use, struct token_claims *ret)
{
    ret->expires_at_s = jwt_get_grant_int(jwt, "exp");
    return jwt_get_alg(jwt) == JWT_ALG_HS256 && grant_is(jwt, "iss", issuer) &&
           grant_is(jwt, "aud", uses[use].audience) &&
           copy_grant(jwt, "sub", ret->client, sizeof ret->client) &&
           copy_grant(jwt, "tenant", ret->tenant, sizeof ret->tenant) &&
           copy_grant(jwt, "jti", ret->id, sizeof ret->id);
}

enum status token_check(const struct token_signer *signer, enum token_use use, struct slice text,
                        int64_t now_s, struct token_claims *ret, struct why *why)
{
    auto_jwt jwt_t *jwt = NULL;
    char terminated[TOKEN_MAX + 1];
    struct token_claims claims = {0};

    if (text.len == 0 || text.len > TOKEN_MAX || memchr(text.data, '\0', text.len))
        return fail(why, ST_DENIED, "is no token of this service");
    memcpy(terminated, text.data, text.len);
    terminated[text.len] = '\0';
    if (jwt_decode(&jwt, terminated, signer->keys[use], DERIVED_KEY_SIZE) != 0 ||
        !read_grants(jwt, use, &claims))
        return fail(why, ST_DENIED, "is no token of this service");
    if (claims.expires_at_s <= now_s)
        return fail(why, ST_DENIED, "has expired");
    *ret = claims;
    return ST_OK;
}
