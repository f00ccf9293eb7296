/* Who a pair of headers stands for: the API key's tenant, the resource token's client.
 *
 * What was found is remembered, for each thread and only as long as the same configuration is in
 * force, since a client sends the same pair thousands of times and checking it costs more than all
 * the rest of a small call. */
#ifndef INTERCEPTOR_CREDENTIALS_H
#define INTERCEPTOR_CREDENTIALS_H

#include "common/status.h"
#include "interceptor/app.h"

/* ST_DENIED: no tenant has this key. Anything else: that could not be found out. api_key may be
 * NULL. */
MUST_CHECK enum status credentials_account(struct app *app, const struct snapshot *snapshot,
                                           const char *api_key, const struct account **ret,
                                           struct why *why);

/* The client of a resource token ("Bearer T") of the account; borrowed from the snapshot.
 * ST_DENIED: missing, malformed, forged, expired, another tenant's, or of a client that is gone. */
MUST_CHECK enum status credentials_client(struct app *app, const struct snapshot *snapshot,
                                          const struct account *account, const char *resource_token,
                                          int64_t now_us, const struct client **ret,
                                          struct why *why);

#endif
