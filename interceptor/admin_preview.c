#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/preview.h"
#include "interceptor/proposal.h"
#include "interceptor/sample_body.h"

enum { ANSWER_MAX = 256 << 20 };

/* An object of the body, or the error. */
static bool read_object(struct http_request *req, json_t **ret)
{
    struct why why = {0};
    enum status st = sample_body_read(http_body(req), ret, &why);

    if (st == ST_BAD_INPUT)
        reply_error(req, ERR_MALFORMED_JSON, why.place, why.text);
    else if (st != ST_OK)
        reply_fault(req, st, &why);
    if (st != ST_OK)
        return false;
    if (json_is_object(*ret))
        return true;
    reply_error(req, ERR_INVALID_REQUEST, NULL, "the body must be an object");
    return false;
}

static void reply_result(struct http_request *req, enum status st, const struct why *why,
                         json_t *value)
{
    if (st == ST_OK)
        reply_json(req, 200, value);
    else
        reply_fault(req, st, why);
}

/* A preview shows what a call would have shown, originals too. */
static bool keep_preview(struct http_request *req, const json_t *result)
{
    auto_json json_t *more =
        json_pack("{s:O, s:O}", "manifest", json_object_get(result, "manifest"), "job",
                  json_object_get(result, "job"));

    return call_keep_change(req, json_string_value(json_object_get(result, "tenant")), more);
}

void preview_post(struct http_request *req)
{
    struct app *app = app_of(req);
    const struct preview_context context = {
        .snapshot = call_of(req)->snapshot,
        .engine = app->engine,
        .tokens = app->tokens,
        .now_us = clock_now_us(&app->clock),
        .answer_max = ANSWER_MAX,
    };
    auto_json json_t *document = NULL;
    json_t *result = NULL;
    struct why why = {0};
    enum status st;

    if (!read_object(req, &document))
        return;
    st = preview_run(&context, document, &result, &why);
    if (st == ST_OK && !keep_preview(req, result)) {
        json_decref(result);
        st = fail(&why, ST_BUSY, "the audit trail can't take the record of the preview");
    }
    reply_result(req, st, &why, result);
}

void suggest_post(struct http_request *req)
{
    auto_json json_t *document = NULL;
    const char *name = "Proposed";
    const char *sample = NULL;
    const char *type_word = "JSON";
    enum data_set_type type = DATA_SET_JSON;
    json_t *result = NULL;
    struct why why = {0};
    enum status st;

    if (!read_object(req, &document))
        return;
    st = json_get_text(document, "name", &name, &why);
    if (st == ST_OK)
        st = json_get_text(document, "dataSetType", &type_word, &why);
    if (st == ST_OK)
        st = json_need_text(document, "dataSet", &sample, &why);
    if (st == ST_OK && !data_set_type_parse(slice_of(type_word), &type))
        st = fail_at(&why, ST_BAD_INPUT, "dataSetType", "must be JSON or XML");
    if (st == ST_OK)
        st = proposal_write(type, slice_of(sample), name, &result, &why);
    reply_result(req, st, &why, result);
}
