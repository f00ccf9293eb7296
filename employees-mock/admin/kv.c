#include "employees-mock/admin/kv.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/match/json_loose.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

enum { VALUE_MAX = 2 << 20 };

static struct slice param(struct http_request *req, const char *name)
{
    const char *text = http_path_param(req, name);

    return slice_of(text ? text : "");
}

static void refuse(struct http_request *req, enum status st, const struct why *why)
{
    static const struct {
        enum status st;
        unsigned code;
    } codes[] = {{ST_NOT_FOUND, 404}, {ST_BAD_INPUT, 422}, {ST_TOO_LARGE, 413}};
    unsigned code = 500;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        code = codes[i].st == st ? codes[i].code : code;
    admin_error(req, code, (int)code, why->text, NULL);
}

void kv_stores_list(struct http_request *req)
{
    struct app *app = http_app(req);
    json_t *stores = NULL;
    struct why why = {0};
    enum status st = kv_list_stores(app->kv, &stores, &why);

    if (st == ST_OK)
        admin_json(req, 200, json_pack("{s:o}", "stores", stores));
    else
        refuse(req, st, &why);
}

void kv_stores_clear(struct http_request *req)
{
    struct app *app = http_app(req);

    kv_clear(app->kv, (struct slice){"", 0});
    admin_done(req);
}

void kv_store_read(struct http_request *req)
{
    struct app *app = http_app(req);
    json_t *entries = NULL;
    struct why why = {0};
    enum status st = kv_list(app->kv, param(req, "store"), &entries, &why);

    if (st == ST_OK)
        admin_json(req, 200, entries);
    else
        refuse(req, st, &why);
}

void kv_store_clear(struct http_request *req)
{
    struct app *app = http_app(req);

    kv_clear(app->kv, param(req, "store"));
    admin_done(req);
}

void kv_entry_read(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_buf struct buf value = BUF_INIT(VALUE_MAX);
    struct why why = {0};
    enum status st = kv_get(app->kv, param(req, "store"), param(req, "key"), &value, &why);

    if (st == ST_OK)
        http_reply(req, 200, "application/json", &value);
    else
        refuse(req, st, &why);
}

/* ?ttlSeconds=N; 0: for ever. */
static enum status read_ttl(struct http_request *req, int64_t *ret_ms, struct why *why)
{
    const char *text = http_query_param(req, "ttlSeconds");
    long long seconds = 0;
    char *end;

    *ret_ms = 0;
    if (!text)
        return ST_OK;
    seconds = strtoll(text, &end, 10);
    if (end == text || *end || seconds < 0 || seconds > INT_MAX)
        return fail(why, ST_BAD_INPUT, "ttlSeconds is a number from 0 to %d", INT_MAX);
    *ret_ms = seconds * 1000;
    return ST_OK;
}

/* The body is the value: any JSON. */
void kv_entry_write(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_buf struct buf text = BUF_INIT(VALUE_MAX);
    auto_json json_t *value = NULL;
    int64_t ttl_ms;
    struct why why = {0};
    enum status st = read_ttl(req, &ttl_ms, &why);

    if (st != ST_OK) {
        refuse(req, st, &why);
        return;
    }
    if (!admin_read(req, &value))
        return;
    json_loose_write(value, JSON_LOOSE_COMPACT, &text);
    st = kv_put(app->kv, param(req, "store"), param(req, "key"), buf_slice(&text), ttl_ms, &why);
    if (st == ST_OK)
        admin_done(req);
    else
        refuse(req, st, &why);
}

void kv_entry_delete(struct http_request *req)
{
    struct app *app = http_app(req);
    struct why why = {0};
    enum status st = kv_delete(app->kv, param(req, "store"), param(req, "key"), &why);

    if (st == ST_OK)
        admin_done(req);
    else
        refuse(req, st, &why);
}
