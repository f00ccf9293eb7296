/* Clients are members of their tenant's document: each change is one of the tenant. */
#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/config.h"

#include <stdio.h>
#include <string.h>

/* The tenant of the path and its clients, in one parsed document. */
static json_t *find_tenant(const struct policy_items *items, const char *name)
{
    const struct policy_item *item = policy_items_find(items, POLICY_TENANT, name);

    json_t *tenant = NULL;

    return item && json_read(slice_of(item->document), &tenant, NULL) == ST_OK ? tenant : NULL;
}

/* Its place among the tenant's clients, or their number. */
static size_t find_client(const json_t *tenant, const char *id)
{
    const json_t *clients = json_object_get(tenant, "clients");
    size_t i;

    for (i = 0; i < json_array_size(clients); i++) {
        const char *other = json_string_value(json_object_get(json_array_get(clients, i), "id"));

        if (other && strcmp(other, id) == 0)
            break;
    }
    return i;
}

static bool load_tenant(struct http_request *req, json_t **ret)
{
    auto_policy_items struct policy_items items = {0};

    if (!admin_load(req, &items))
        return false;
    *ret = find_tenant(&items, http_path_param(req, "tenant"));
    if (!*ret)
        reply_error(req, ERR_NOT_FOUND, NULL, "there is no tenant of this name");
    return *ret != NULL;
}

void clients_list(struct http_request *req)
{
    auto_json json_t *tenant = NULL;
    json_t *client;
    json_t *list;
    size_t i;

    if (!load_tenant(req, &tenant))
        return;
    list = json_array();
    json_array_foreach (json_object_get(tenant, "clients"), i, client) {
        json_array_append_new(list, json_pack("{s:O}", "id", json_object_get(client, "id")));
    }
    reply_json(req, 200, json_pack("{s:o}", "clients", list));
}

void client_get(struct http_request *req)
{
    const char *id = http_path_param(req, "client");
    auto_json json_t *tenant = NULL;

    if (!load_tenant(req, &tenant))
        return;
    if (find_client(tenant, id) < json_array_size(json_object_get(tenant, "clients")))
        reply_json(req, 200, json_pack("{s:s}", "id", id));
    else
        reply_error(req, ERR_NOT_FOUND, NULL, "the tenant has no such client");
}

/* ---- changes ---- */

struct change {
    const char *tenant;
    const char *id;
    json_t *client; /* NULL: it goes */
    const struct master *master;
    bool created;
};

static enum status set_client(json_t *clients, size_t at, struct change *c, struct why *why)
{
    int failed;

    c->created = at == json_array_size(clients);
    if (!c->created)
        admin_keep_secret(c->client, json_array_get(clients, at));
    failed =
        c->created ? json_array_append(clients, c->client) : json_array_set(clients, at, c->client);
    return failed ? fail_memory(why) : ST_OK;
}

static enum status remove_client(json_t *clients, size_t at, struct why *why)
{
    if (at == json_array_size(clients))
        return fail(why, ST_NOT_FOUND, "the tenant has no such client");
    json_array_remove(clients, at);
    return ST_OK;
}

/* The body is the client alone: its members are told without the tenant's around them. */
static enum status place_inside(struct why *why, enum status st, size_t at)
{
    char around[40];
    int len = snprintf(around, sizeof around, "clients[%zu].", at);

    if (st != ST_OK && strncmp(why->place, around, (size_t)len) == 0)
        memmove(why->place, why->place + len, strlen(why->place + len) + 1);
    return st;
}

static enum status edit_client(void *ctx, const struct policy_items *items, char **ret_name,
                               char **ret_document, struct why *why)
{
    struct change *c = ctx;
    auto_json json_t *tenant = find_tenant(items, c->tenant);
    json_t *clients;
    size_t at;
    enum status st;

    if (!tenant)
        return fail(why, ST_NOT_FOUND, "there is no tenant of this name");
    clients = json_object_get(tenant, "clients");
    at = find_client(tenant, c->id);
    st = c->client ? set_client(clients, at, c, why) : remove_client(clients, at, why);
    if (st != ST_OK)
        return st;
    st = config_read_entry(POLICY_TENANT, tenant, c->master, ret_name, ret_document, why);
    return place_inside(why, st, at);
}

static void change_client(struct http_request *req, json_t *client)
{
    struct app *app = app_of(req);
    struct change c = {
        .tenant = http_path_param(req, "tenant"),
        .id = http_path_param(req, "client"),
        .client = client,
        .master = app->master,
    };
    struct why why = {0};
    enum status st = policy_change(app->policy, POLICY_TENANT, edit_client, &c, NULL, &why);

    admin_reply_change(req, st, &why, c.created,
                       st == ST_OK ? json_pack("{s:s}", client ? "id" : "deleted", c.id) : NULL);
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

void client_put(struct http_request *req)
{
    const char *id = http_path_param(req, "client");
    auto_json json_t *client = NULL;
    const json_t *own;
    bool named;

    if (!admin_body(req, &client))
        return;
    own = json_object_get(client, "id");
    named = own && !json_is_null(own);
    if (!json_is_object(client) || (named && !is_text(own, id))) {
        reply_error(req, ERR_INVALID_REQUEST, json_is_object(client) ? "id" : NULL,
                    "the body must be an object with the id of the path, or none");
        return;
    }
    if (!named && json_object_set_new(client, "id", json_string(id)) != 0) {
        reply_error(req, ERR_INVALID_REQUEST, "id", "the id is no UTF-8 text");
        return;
    }
    change_client(req, client);
}

void client_delete(struct http_request *req)
{
    change_client(req, NULL);
}
