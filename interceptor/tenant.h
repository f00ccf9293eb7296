/* A tenant: its API key, its clients, its limits. Credentials are kept as keyed hashes only.
 *
 *     {"name": "demo", "apiKey": "...", "rateLimitPerMinute": 100, "quotaPerMonth": 10000,
 *      "clients": [{"id": "postman", "secret": "..."}]}
 *
 * In place of "apiKey" and "secret" stand "apiKeyHash" and "secretHash" in what is stored and
 * exported ("hmac-sha256:" and 64 hex digits); both forms are read. Immutable once parsed. */
#ifndef INTERCEPTOR_TENANT_H
#define INTERCEPTOR_TENANT_H

#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"
#include "interceptor/master.h"

#include <stdint.h>

enum { TENANT_CLIENTS_MAX = 10000, TENANT_NAME_MAX = 100 };

struct client {
    char *id;
    uint8_t secret_hash[KEYED_HASH_SIZE];
};

struct tenant {
    char *name;
    uint8_t key_hash[KEYED_HASH_SIZE];
    long long rate_per_minute;
    long long quota_per_month;
    struct client *clients;
    size_t client_count;
};

/* ST_BAD_INPUT: place is the member. */
MUST_CHECK enum status tenant_parse(const json_t *object, const struct master *master,
                                    struct tenant **ret, struct why *why);
void tenant_free(struct tenant *tenant);

DEFINE_CLEANUP(tenant, struct tenant *, tenant_free)
#define auto_tenant __attribute__((cleanup(cleanup_tenant)))

/* The document with hashes in the place of credentials; NULL when memory is out. */
json_t *tenant_write(const struct tenant *tenant);

/* NULL if there is none. */
const struct client *tenant_find_client(const struct tenant *tenant, struct slice id);

#endif
