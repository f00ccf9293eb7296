/* Access and refresh tokens: JSON web tokens, signed with HS256 (RFC 7519), so that every replica
 * with the same key file accepts what another issued. They are bound to a tenant and a client.
 * Whether a refresh token was used before is not known here (store_use_refresh).
 *
 * All functions may be called from any thread. */
#ifndef INTERCEPTOR_TOKEN_H
#define INTERCEPTOR_TOKEN_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/master.h"

#include <stdint.h>

enum { TOKEN_MAX = 4096, TOKEN_ID_SIZE = 37, TOKEN_OWNER_MAX = 103 };

enum token_use { TOKEN_ACCESS, TOKEN_REFRESH };

struct token_signer;

/* The keys are derived of the master key, one for each use. */
MUST_CHECK enum status token_signer_new(const struct master *master, struct token_signer **ret,
                                        struct why *why);
void token_signer_free(struct token_signer *signer);

DEFINE_CLEANUP(token_signer, struct token_signer *, token_signer_free)
#define auto_token_signer __attribute__((cleanup(cleanup_token_signer)))

/* What a token says. */
struct token_claims {
    char tenant[TOKEN_OWNER_MAX + 1];
    char client[TOKEN_OWNER_MAX + 1];
    char id[TOKEN_ID_SIZE]; /* random; made by token_issue */
    int64_t expires_at_s;
};

/* *ret is text without blanks, for the caller to free. tenant, client and expires_at_s of `claims`
 * are read. */
MUST_CHECK enum status token_issue(const struct token_signer *signer, enum token_use use,
                                   const struct token_claims *claims, int64_t now_s, char **ret,
                                   struct why *why);

/* ST_DENIED: no token of ours for this use, altered, or expired at now_s. ST_NO_MEMORY says nothing
 * about the token. */
MUST_CHECK enum status token_check(const struct token_signer *signer, enum token_use use,
                                   struct slice text, int64_t now_s, struct token_claims *ret,
                                   struct why *why);

#endif
