#include "interceptor/admin.h"

#include "common/memory.h"
#include "interceptor/call.h"
#include "interceptor/digits.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

static bool token_matches(const struct http_request *req, const char *token)
{
    const char *header = http_header(req, "Authorization");
    struct slice given = slice_of(header ? header : "");
    const struct slice scheme = SLICE("Bearer ");
    size_t len = strlen(token);

    if (given.len <= scheme.len ||
        !slice_equal_nocase((struct slice){given.data, scheme.len}, scheme))
        return false;
    given = slice_trim(slice_from(given, scheme.len));
    return given.len == len && CRYPTO_memcmp(given.data, token, len) == 0;
}

static bool may(struct http_request *req, bool write)
{
    const char *token = app_of(req)->settings.admin_token;

    if (token) {
        if (token_matches(req, token))
            return true;
        reply_error(req, ERR_UNAUTHORIZED, "Authorization", "the admin token is missing or wrong");
        return false;
    }
    if (!write && http_peer_is_loopback(req))
        return true;
    reply_error(req, ERR_FORBIDDEN, NULL,
                "only reads are allowed, and only from loopback: no admin token is set "
                "(INTERCEPTOR_ADMIN_TOKEN)");
    return false;
}

bool admin_may_read(struct http_request *req)
{
    return may(req, false);
}

bool admin_may_write(struct http_request *req)
{
    call_of(req)->change = may(req, true);
    return call_of(req)->change;
}

bool admin_body(struct http_request *req, json_t **ret)
{
    struct why why = {0};

    if (json_read(http_body(req), ret, &why) == ST_OK)
        return true;
    reply_error(req, ERR_MALFORMED_JSON, why.place, why.text);
    return false;
}

bool admin_query_number(struct http_request *req, const char *name, int64_t *ret)
{
    const char *text = http_query_param(req, name);

    if (!text || read_digits(text, INT64_MAX, ret))
        return true;
    reply_error(req, ERR_INVALID_REQUEST, name, "must be an integer from 0");
    return false;
}

bool admin_load(struct http_request *req, struct policy_items *ret)
{
    struct why why = {0};
    enum status st = store_load_policy(app_of(req)->store, ret, &why);

    if (st != ST_OK)
        reply_fault(req, st, &why);
    return st == ST_OK;
}

void admin_reply_change(struct http_request *req, enum status st, const struct why *why,
                        bool created, json_t *value)
{
    if (st != ST_OK) {
        json_decref(value);
        reply_fault(req, st, why);
        return;
    }
    if (!call_keep_change(req, "", NULL)) {
        json_decref(value);
        reply_error(req, ERR_UNAVAILABLE, NULL,
                    "the change is made, but the audit trail can't take its record");
    } else if (!value || memory_failed()) {
        json_decref(value);
        reply_error(req, ERR_UNAVAILABLE, NULL,
                    "the change is made, but there is no memory to show it");
    } else {
        reply_json(req, created ? 201 : 200, value);
    }
}
