#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/config.h"

#include <stdio.h>
#include <string.h>

static const struct slice collection = {"/admin/v1/", 10};

/* Members that answers add to a document, and that may come back with it. */
static const char *const added[] = {"version", "origin"};

/* Which kind the path speaks of: the segment behind the collection's beginning. */
static enum policy_kind kind_of(const struct http_request *req)
{
    struct slice path = http_path(req);
    size_t start = collection.len;

    for (int kind = 0; kind < POLICY_KINDS; kind++) {
        const char *member = policy_kind_member((enum policy_kind)kind);
        size_t len = strlen(member);

        if (path.len >= start + len && memcmp(path.data + start, member, len) == 0)
            return (enum policy_kind)kind;
    }
    return POLICY_KINDS; /* not with the routes as they are */
}

/* Hashes are of no use to a reader, and need not leave the house. */
static void hide_hashes(json_t *tenant)
{
    json_t *client;
    size_t i;

    json_object_del(tenant, "apiKeyHash");
    json_array_foreach (json_object_get(tenant, "clients"), i, client) {
        json_object_del(client, "secretHash");
    }
}

static json_t *write_item(const struct policy_item *item)
{
    json_t *document = NULL;

    if (json_read(slice_of(item->document), &document, NULL) != ST_OK)
        return NULL;
    if (item->kind == POLICY_TENANT)
        hide_hashes(document);
    json_object_set_new(document, "version", json_integer(item->version));
    json_object_set_new(document, "origin",
                        json_string(item->origin == FROM_ADMIN ? "admin" : "config"));
    return document;
}

void policy_list(struct http_request *req)
{
    auto_policy_items struct policy_items items = {0};
    enum policy_kind kind = kind_of(req);
    json_t *list = json_array();

    if (!admin_load(req, &items)) {
        json_decref(list);
        return;
    }
    for (size_t i = 0; i < items.count; i++)
        if (items.items[i].kind == kind)
            json_array_append_new(list, write_item(&items.items[i]));
    reply_json(req, 200, json_pack("{s:o}", policy_kind_member(kind), list));
}

static void reply_absent(struct http_request *req, enum policy_kind kind)
{
    char message[80];

    snprintf(message, sizeof message, "there is no %s of this name", policy_kind_word(kind));
    reply_error(req, ERR_NOT_FOUND, NULL, message);
}

void policy_get(struct http_request *req)
{
    auto_policy_items struct policy_items items = {0};
    enum policy_kind kind = kind_of(req);
    const struct policy_item *item;

    if (!admin_load(req, &items))
        return;
    item = policy_items_find(&items, kind, http_path_param(req, "name"));
    if (item)
        reply_json(req, 200, write_item(item));
    else
        reply_absent(req, kind);
}

/* ---- put ---- */

struct put {
    enum policy_kind kind;
    const char *name;
    json_t *object;
    const struct master *master;
};

static bool is_given(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return value && !json_is_null(value);
}

void admin_keep_secret(json_t *client, const json_t *stored)
{
    if (!is_given(client, "secret") && !is_given(client, "secretHash"))
        json_object_set(client, "secretHash", json_object_get(stored, "secretHash"));
}

/* Credentials that a document leaves out stay as they are stored. */
static void keep_credentials(json_t *tenant, const json_t *stored)
{
    json_t *client;
    size_t i;

    if (!is_given(tenant, "apiKey") && !is_given(tenant, "apiKeyHash"))
        json_object_set(tenant, "apiKeyHash", json_object_get(stored, "apiKeyHash"));
    if (!is_given(tenant, "clients"))
        json_object_set(tenant, "clients", json_object_get(stored, "clients"));
    json_array_foreach (json_object_get(tenant, "clients"), i, client) {
        const json_t *id = json_object_get(client, "id");
        json_t *old;
        size_t k;

        json_array_foreach (json_object_get(stored, "clients"), k, old) {
            if (json_equal(json_object_get(old, "id"), id))
                admin_keep_secret(client, old);
        }
    }
}

static enum status edit_put(void *ctx, const struct policy_items *items, char **ret_name,
                            char **ret_document, struct why *why)
{
    const struct put *put = ctx;
    const struct policy_item *stored = policy_items_find(items, put->kind, put->name);
    enum status st;

    if (stored && put->kind == POLICY_TENANT) {
        auto_json json_t *old = NULL;

        st = json_read(slice_of(stored->document), &old, why);
        if (st != ST_OK)
            return st;
        keep_credentials(put->object, old);
    }
    st = config_read_entry(put->kind, put->object, put->master, ret_name, ret_document, why);
    if (st == ST_OK && strcmp(*ret_name, put->name) != 0)
        return fail_at(why, ST_BAD_INPUT, "name", "is not the name in the path");
    return st;
}

/* The document of the body, with the path's name in it if it has none. */
static bool read_document(struct http_request *req, const char *name, json_t **ret)
{
    if (!admin_body(req, ret))
        return false;
    if (!json_is_object(*ret)) {
        reply_error(req, ERR_INVALID_REQUEST, NULL, "the body must be an object");
        return false;
    }
    for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
        json_object_del(*ret, added[i]);
    if (!is_given(*ret, "name") && json_object_set_new(*ret, "name", json_string(name)) != 0) {
        reply_error(req, ERR_INVALID_REQUEST, "name", "the name is no UTF-8 text");
        return false;
    }
    return true;
}

/* What was put, unless another call has taken it away again meanwhile. */
static json_t *stored_item(struct http_request *req, enum policy_kind kind, const char *name)
{
    auto_policy_items struct policy_items items = {0};
    const struct policy_item *item = NULL;

    if (store_load_policy(app_of(req)->store, &items, NULL) == ST_OK)
        item = policy_items_find(&items, kind, name);
    return item ? write_item(item) : json_pack("{s:s}", "name", name);
}

void policy_put_one(struct http_request *req)
{
    struct app *app = app_of(req);
    enum policy_kind kind = kind_of(req);
    const char *name = http_path_param(req, "name");
    auto_json json_t *object = NULL;
    bool created = false;
    struct why why = {0};
    enum status st;

    if (!read_document(req, name, &object))
        return;
    st = policy_change(app->policy, kind, edit_put, &(struct put){kind, name, object, app->master},
                       &created, &why);
    admin_reply_change(req, st, &why, created, st == ST_OK ? stored_item(req, kind, name) : NULL);
}

void policy_delete_one(struct http_request *req)
{
    enum policy_kind kind = kind_of(req);
    const char *name = http_path_param(req, "name");
    struct why why = {0};
    enum status st = policy_delete(app_of(req)->policy, kind, name, &why);

    why.place[0] = '\0'; /* the name came in the path, no field is at fault */
    admin_reply_change(req, st, &why, false,
                       st == ST_OK ? json_pack("{s:s}", "deleted", name) : NULL);
}
