#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/config.h"

void config_export(struct http_request *req)
{
    auto_policy_items struct policy_items items = {0};

    if (admin_load(req, &items))
        reply_json(req, 200, config_write(&items, master_fingerprint(app_of(req)->master)));
}

static json_t *count_items(const struct policy_items *items)
{
    json_t *counts = json_object();

    for (int kind = 0; kind < POLICY_KINDS; kind++) {
        json_int_t count = 0;

        for (size_t i = 0; i < items->count; i++)
            count += items->items[i].kind == (enum policy_kind)kind;
        json_object_set_new(counts, policy_kind_member((enum policy_kind)kind),
                            json_integer(count));
    }
    return counts;
}

static void import_as(struct http_request *req, enum policy_apply how)
{
    struct app *app = app_of(req);
    auto_policy_items struct policy_items items = {0};
    auto_json json_t *document = NULL;
    struct why why = {0};
    enum status st;

    if (!admin_body(req, &document))
        return;
    st = config_read(document, NULL, NULL, app->master, &items, &why);
    if (st == ST_OK)
        st = policy_apply(app->policy, &items, how, &why);
    admin_reply_change(req, st, &why, false, st == ST_OK ? count_items(&items) : NULL);
}

void config_replace(struct http_request *req)
{
    import_as(req, POLICY_REPLACE);
}

void config_add(struct http_request *req)
{
    import_as(req, POLICY_ADD);
}
