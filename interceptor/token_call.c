#include "interceptor/token_call.h"

#include "interceptor/call.h"
#include "interceptor/token_form.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 3 * TOKEN_MAX };

static bool is_refresh(const struct token_form *form)
{
    return slice_is(form->fields[FORM_GRANT_TYPE], "refresh_token");
}

/* Fields that are there and not empty. */
static bool pass_fields(struct http_request *req, const struct token_form *form)
{
    for (int field = 0; field < FORM_FIELDS; field++) {
        char message[80];

        if (form->fields[field].len > 0 || (field == FORM_REFRESH_TOKEN && !is_refresh(form)))
            continue;
        snprintf(message, sizeof message, "%s is missing or empty",
                 token_field_name((enum token_field)field));
        reply_error(req, ERR_INVALID_REQUEST, token_field_name((enum token_field)field), message);
        return false;
    }
    if (is_refresh(form) || slice_is(form->fields[FORM_GRANT_TYPE], "client_credentials"))
        return true;
    reply_error(req, ERR_UNSUPPORTED_GRANT_TYPE, "grant_type",
                "grant_type must be client_credentials or refresh_token");
    return false;
}

/* An unknown client costs the same time as a wrong secret. *ret: NULL where either is wrong. */
static enum status find_client(struct http_request *req, const struct slice values[],
                               const struct client **ret, struct why *why)
{
    static const struct client nobody = {0};
    const struct client *client =
        tenant_find_client(call_of(req)->account->tenant, values[FORM_CLIENT_ID]);
    uint8_t hash[KEYED_HASH_SIZE];
    enum status st =
        master_hash(app_of(req)->master, "client-secret", values[FORM_CLIENT_SECRET], hash, why);

    *ret = NULL;
    if (st == ST_OK && hash_equal(hash, (client ? client : &nobody)->secret_hash))
        *ret = client;
    return st;
}

/* Who does not encode means what stands there: a '+' by "+", "%41" by "%41". */
static bool is_encoded(const struct token_form *form)
{
    return !slice_equal(form->raw[FORM_CLIENT_ID], form->fields[FORM_CLIENT_ID]) ||
           !slice_equal(form->raw[FORM_CLIENT_SECRET], form->fields[FORM_CLIENT_SECRET]);
}

static bool pass_client(struct http_request *req, const struct token_form *form)
{
    struct call *call = call_of(req);
    const struct client *client;
    struct why why = {0};
    enum status st = find_client(req, form->fields, &client, &why);

    if (st == ST_OK && !client && is_encoded(form))
        st = find_client(req, form->raw, &client, &why);
    if (st != ST_OK) {
        reply_fault(req, st, &why);
        return false;
    }
    if (!client) {
        reply_error(req, ERR_INVALID_CLIENT, NULL, "client_id or client_secret is wrong");
        return false;
    }
    call_name(call->record.client, sizeof call->record.client, slice_of(client->id));
    return true;
}

static enum status use_refresh_token(struct http_request *req, struct slice token, int64_t now_s,
                                     struct why *why)
{
    struct app *app = app_of(req);
    const struct call_record *r = &call_of(req)->record;
    struct token_claims claims;
    enum status st = token_check(app->signer, TOKEN_REFRESH, token, now_s, &claims, why);

    if (st != ST_OK)
        return st;
    if (strcmp(claims.tenant, r->tenant) != 0 || strcmp(claims.client, r->client) != 0)
        return fail(why, ST_DENIED, "is another client's");
    st = store_use_refresh(app->store, claims.id, claims.expires_at_s, now_s, why);
    return st == ST_CONFLICT ? fail(why, ST_DENIED, "was used before") : st;
}

static bool pass_refresh(struct http_request *req, const struct token_form *form, int64_t now_s)
{
    struct why why = {0};
    enum status st;

    if (!is_refresh(form))
        return true;
    st = use_refresh_token(req, form->fields[FORM_REFRESH_TOKEN], now_s, &why);
    if (st == ST_DENIED)
        reply_error(req, ERR_INVALID_GRANT, "refresh_token",
                    "the refresh token is not valid, was used before, or has expired");
    else if (st != ST_OK)
        reply_fault(req, st, &why);
    return st == ST_OK;
}

static enum status issue(struct http_request *req, enum token_use use, long long ttl_s,
                         int64_t now_s, char **ret, struct why *why)
{
    const struct call *call = call_of(req);
    struct token_claims claims = {.expires_at_s = now_s + ttl_s};

    snprintf(claims.tenant, sizeof claims.tenant, "%s", call->account->tenant->name);
    snprintf(claims.client, sizeof claims.client, "%s", call->record.client);
    return token_issue(app_of(req)->signer, use, &claims, now_s, ret, why);
}

struct token_pair {
    char *access, *refresh;
};

static void token_pair_done(struct token_pair *pair)
{
    free(pair->access);
    free(pair->refresh);
}
#define auto_token_pair __attribute__((cleanup(token_pair_done)))

static bool make_tokens(struct http_request *req, int64_t now_s, struct token_pair *ret)
{
    const struct settings *settings = &app_of(req)->settings;
    struct why why = {0};
    enum status st = issue(req, TOKEN_ACCESS, settings->token_ttl_s, now_s, &ret->access, &why);

    if (st == ST_OK)
        st = issue(req, TOKEN_REFRESH, settings->refresh_ttl_s, now_s, &ret->refresh, &why);
    if (st != ST_OK)
        reply_fault(req, st, &why);
    return st == ST_OK;
}

static void reply_tokens(struct http_request *req, const struct token_pair *pair)
{
    auto_buf struct buf body = BUF_INIT(ANSWER_MAX);

    if (!call_admit(req, 200, NULL))
        return;
    buf_printf(&body,
               "{\"access_token\":\"%s\",\"expires_in\":%lld,\"token_type\":\"bearer\","
               "\"scope\":\"dataset\",\"refresh_token\":\"%s\"}",
               pair->access, app_of(req)->settings.token_ttl_s, pair->refresh);
    http_reply_header(req, "Cache-Control", "no-store");
    http_reply_header(req, "Pragma", "no-cache");
    http_reply(req, 200, "application/json", &body);
}

/* A refresh token is spent only once its successors are there. */
void token_post(struct http_request *req)
{
    auto_token_form struct token_form form = {0};
    auto_token_pair struct token_pair pair = {0};
    int64_t now_s = clock_now_us(&app_of(req)->clock) / 1000000;
    struct why why = {0};
    enum status st = token_form_parse(http_body(req), &form, &why);

    call_of(req)->record.bytes_in = (uint32_t)http_body(req).len;
    if (st != ST_OK) {
        reply_fault(req, st, &why);
        return;
    }
    if (is_refresh(&form) && http_aside(req, token_post)) /* to be written down as used */
        return;
    if (pass_fields(req, &form) && pass_client(req, &form) && make_tokens(req, now_s, &pair) &&
        pass_refresh(req, &form, now_s))
        reply_tokens(req, &pair);
}
