/* One request of either API, from its headers to its end: identifiers, the configuration it began
 * with, who asks, and what there is to tell of it afterwards. */
#ifndef INTERCEPTOR_CALL_H
#define INTERCEPTOR_CALL_H

#include "common/http.h"
#include "common/json.h"
#include "interceptor/app.h"
#include "interceptor/calls.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/error.h"
#include "interceptor/routes.h"

enum { LIMIT_HEADERS = 6 };

struct call {
    struct snapshot *snapshot;     /* held; NULL on the admin port unless a handler took it */
    const struct account *account; /* NULL: the API key is not known */
    bool counted;                  /* `limits` are filled in */
    bool audited;
    bool change; /* a change over the admin API, by one who may make it */
    bool noted;  /* it is listed and counted */
    struct quota_view limits;
    struct envelope envelope; /* of a data set */
    enum data_set_type data_set_type;
    const struct ward *ward; /* what it is protected by; NULL: nothing */
    char limit_texts[LIMIT_HEADERS][INT_TEXT_SIZE];
    struct call_record record;
    struct buf audit; /* members of the audit record, beyond the common ones */
};

static inline struct call *call_of(struct http_request *req)
{
    return http_state(req);
}

static inline struct app *app_of(const struct http_request *req)
{
    return http_app(req);
}

/* The hooks of struct http_app. */
void call_begin(struct http_request *req);
void call_decorate(struct http_request *req);
void call_finish(struct http_request *req, bool sent);
void call_fault(struct http_request *req, enum status st, const struct why *why);
void call_refuse(struct http_request *req, unsigned status);

/* Remembers what the answer will be, and has it audited if the trail is kept and the tenant is
 * known. False: the trail can't take it, and 503 has been answered instead. A refused change leaves
 * a record too, if the trail can take it. */
bool call_admit(struct http_request *req, unsigned status, const char *error);

/* What was done over the admin API stands in the trail beside the calls: method, path, and the
 * members of `more` (may be NULL). False: the trail could not take it, which is logged. */
bool call_keep_change(struct http_request *req, const char *tenant, const json_t *more);

/* Stores the value, which it takes over, as pretty JSON; NULL answers 500. */
void reply_json(struct http_request *req, unsigned status, json_t *value);

#endif
