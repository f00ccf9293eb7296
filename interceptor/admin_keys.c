#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/digits.h"
#include "interceptor/key_change.h"

void keys_list(struct http_request *req)
{
    auto_policy_items struct policy_items items = {0};

    if (admin_load(req, &items))
        reply_json(req, 200, keyring_list(&items));
}

static void reply_keys(struct http_request *req, enum status st, const struct why *why,
                       bool created)
{
    auto_policy_items struct policy_items items = {0};

    if (st != ST_OK)
        reply_fault(req, st, why);
    else if (admin_load(req, &items))
        admin_reply_change(req, ST_OK, NULL, created, keyring_list(&items));
}

void keys_rotate(struct http_request *req)
{
    struct app *app = app_of(req);
    struct why why = {0};
    enum status st = key_rotate(app->policy, app->master, clock_now_us(&app->clock), &why);

    reply_keys(req, st, &why, true);
}

void keys_retire(struct http_request *req)
{
    struct why why = {0};
    int64_t id = 0;

    if (!read_digits(http_path_param(req, "id"), KEYRING_MAX, &id))
        reply_error(req, ERR_NOT_FOUND, NULL, "there is no such key");
    else
        reply_keys(req, key_retire(app_of(req)->policy, (uint32_t)id, &why), &why, false);
}
