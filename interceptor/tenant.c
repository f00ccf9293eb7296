#include "interceptor/tenant.h"

#include "common/http.h"
#include "interceptor/hex.h"
#include "interceptor/place.h"

#include <string.h>

#define HASH_SCHEME "hmac-sha256:"

enum { SECRET_MAX = 1024 };

/* A credential that may be given in clear or as its hash. */
struct credential {
    const char *clear_member;
    const char *hash_member;
    const char *kind;
};

static const struct credential api_key = {"apiKey", "apiKeyHash", "api-key"};
static const struct credential client_secret = {"secret", "secretHash", "client-secret"};

void tenant_free(struct tenant *tenant)
{
    if (!tenant)
        return;
    for (size_t i = 0; i < tenant->client_count; i++)
        free(tenant->clients[i].id);
    free(tenant->clients);
    free(tenant->name);
    free(tenant);
}

static enum status read_hash(const char *text, const char *member, uint8_t ret[KEYED_HASH_SIZE],
                             struct why *why)
{
    size_t scheme = sizeof HASH_SCHEME - 1;

    if (strncmp(text, HASH_SCHEME, scheme) != 0 || !hex_read(text + scheme, ret, KEYED_HASH_SIZE))
        return fail_at(why, ST_BAD_INPUT, member, "must be %s and %d hex digits", HASH_SCHEME,
                       2 * KEYED_HASH_SIZE);
    return ST_OK;
}

static enum status read_credential(const json_t *object, const struct credential *what,
                                   const struct master *master, uint8_t ret[KEYED_HASH_SIZE],
                                   struct why *why)
{
    const char *clear = NULL;
    const char *hash = NULL;
    enum status st = json_get_text(object, what->clear_member, &clear, why);

    if (st == ST_OK)
        st = json_get_text(object, what->hash_member, &hash, why);
    if (st != ST_OK)
        return st;
    if (!clear == !hash)
        return fail_at(why, ST_BAD_INPUT, what->clear_member, "needs either %s or %s",
                       what->clear_member, what->hash_member);
    if (hash)
        return read_hash(hash, what->hash_member, ret, why);
    if (clear[0] == '\0' || strlen(clear) > SECRET_MAX)
        return fail_at(why, ST_BAD_INPUT, what->clear_member, "must have 1 to %d bytes",
                       SECRET_MAX);
    return master_hash(master, what->kind, slice_of(clear), ret, why);
}

static enum status read_client(const json_t *object, const struct master *master,
                               struct tenant *tenant, struct why *why)
{
    static const char *const known[] = {"id", "secret", "secretHash", NULL};
    struct client *client = &tenant->clients[tenant->client_count];
    const char *id = NULL;
    enum status st = json_only(object, known, why);

    if (st == ST_OK)
        st = json_need_text(object, "id", &id, why);
    if (st == ST_OK && strlen(id) > TENANT_NAME_MAX)
        st = fail_at(why, ST_TOO_LARGE, "id", "is longer than %d bytes", TENANT_NAME_MAX);
    if (st == ST_OK && tenant_find_client(tenant, slice_of(id)))
        st = fail_at(why, ST_CONFLICT, "id", "is given twice");
    if (st == ST_OK)
        st = read_credential(object, &client_secret, master, client->secret_hash, why);
    if (st != ST_OK)
        return st;
    client->id = strdup(id);
    if (!client->id)
        return fail_memory(why);
    tenant->client_count++;
    return ST_OK;
}

static enum status read_clients(const json_t *object, const struct master *master,
                                struct tenant *tenant, struct why *why)
{
    const json_t *list = NULL;
    enum status st = json_get_array(object, "clients", &list, why);

    if (st != ST_OK || !list)
        return st;
    if (json_array_size(list) > TENANT_CLIENTS_MAX)
        return fail_at(why, ST_TOO_LARGE, "clients", "may have %d entries", TENANT_CLIENTS_MAX);
    tenant->clients = calloc(json_array_size(list) + 1, sizeof *tenant->clients);
    if (!tenant->clients)
        return fail_memory(why);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *client = json_array_get(list, i);

        st = json_is_object(client) ? read_client(client, master, tenant, why)
                                    : fail_at(why, ST_BAD_INPUT, "", "must be an object");
        if (st != ST_OK)
            return place_before(why, st, "clients[%zu]", i);
    }
    return ST_OK;
}

static enum status read_head(const json_t *object, struct tenant *tenant, struct why *why)
{
    const char *name = NULL;
    enum status st = json_need_text(object, "name", &name, why);

    if (st == ST_OK && strlen(name) > TENANT_NAME_MAX)
        st = fail_at(why, ST_TOO_LARGE, "name", "is longer than %d bytes", TENANT_NAME_MAX);
    if (st != ST_OK)
        return st;
    tenant->rate_per_minute = 1000000;
    tenant->quota_per_month = 1000000000;
    st = json_get_int(object, "rateLimitPerMinute", 0, INT64_MAX, &tenant->rate_per_minute, why);
    if (st == ST_OK)
        st = json_get_int(object, "quotaPerMonth", 0, INT64_MAX, &tenant->quota_per_month, why);
    if (st != ST_OK)
        return st;
    tenant->name = strdup(name);
    return tenant->name ? ST_OK : fail_memory(why);
}

/* With a key that ends in a line break, as a variable may, nobody could ever call. */
static enum status read_api_key(const json_t *object, const struct master *master,
                                struct tenant *tenant, struct why *why)
{
    const char *clear = json_string_value(json_object_get(object, api_key.clear_member));
    enum status st = read_credential(object, &api_key, master, tenant->key_hash, why);

    return st == ST_OK && clear ? http_check_value(clear, api_key.clear_member, why) : st;
}

enum status tenant_parse(const json_t *object, const struct master *master, struct tenant **ret,
                         struct why *why)
{
    static const char *const known[] = {
        "name", "apiKey", "apiKeyHash", "rateLimitPerMinute", "quotaPerMonth", "clients", NULL};
    auto_tenant struct tenant *tenant = NULL;
    enum status st = json_only(object, known, why);

    if (st != ST_OK)
        return st;
    tenant = calloc(1, sizeof *tenant);
    if (!tenant)
        return fail_memory(why);
    st = read_head(object, tenant, why);
    if (st == ST_OK)
        st = read_api_key(object, master, tenant, why);
    if (st == ST_OK)
        st = read_clients(object, master, tenant, why);
    if (st != ST_OK)
        return st;
    *ret = take(tenant);
    return ST_OK;
}

static json_t *write_hash(const uint8_t hash[KEYED_HASH_SIZE])
{
    char text[sizeof HASH_SCHEME + 2 * KEYED_HASH_SIZE] = HASH_SCHEME;

    hex_write(hash, KEYED_HASH_SIZE, text + sizeof HASH_SCHEME - 1);
    return json_string(text);
}

json_t *tenant_write(const struct tenant *tenant)
{
    json_t *clients = json_array();

    for (size_t i = 0; clients && i < tenant->client_count; i++)
        json_array_append_new(clients,
                              json_pack("{s:s, s:o}", "id", tenant->clients[i].id, "secretHash",
                                        write_hash(tenant->clients[i].secret_hash)));
    return json_pack("{s:s, s:o, s:I, s:I, s:o}", "name", tenant->name, "apiKeyHash",
                     write_hash(tenant->key_hash), "rateLimitPerMinute",
                     (json_int_t)tenant->rate_per_minute, "quotaPerMonth",
                     (json_int_t)tenant->quota_per_month, "clients", clients);
}

const struct client *tenant_find_client(const struct tenant *tenant, struct slice id)
{
    for (size_t i = 0; i < tenant->client_count; i++)
        if (slice_is(id, tenant->clients[i].id))
            return &tenant->clients[i];
    return NULL;
}
