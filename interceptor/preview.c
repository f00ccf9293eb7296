#include "interceptor/preview.h"

#include "interceptor/explain.h"
#include "interceptor/protect.h"

#include <stdio.h>
#include <string.h>

/* What is read of the document beside the envelope. */
struct request {
    const struct account *account;
    const struct ward *ward;
    enum data_set_type type;
    bool silent;
    struct envelope envelope;
};

static enum status find_account(const struct preview_context *context, const json_t *document,
                                const struct account **ret, struct why *why)
{
    const char *name = NULL;
    enum status st = json_get_text(document, "tenant", &name, why);

    if (st != ST_OK)
        return st;
    *ret = name ? snapshot_account(context->snapshot, slice_of(name))
                : snapshot_account_at(context->snapshot, 0);
    return *ret ? ST_OK : fail_at(why, ST_NOT_FOUND, "tenant", "there is no such tenant");
}

static enum status read_type(const json_t *document, enum data_set_type *ret, struct why *why)
{
    const char *type = "JSON";
    enum status st = json_get_text(document, "dataSetType", &type, why);

    if (st == ST_OK && !data_set_type_parse(slice_of(type), ret))
        return fail_at(why, ST_BAD_INPUT, "dataSetType", "must be JSON, XML or SQL");
    return st;
}

static void set_default(json_t *object, const char *name, json_t *value)
{
    const json_t *given = json_object_get(object, name);

    if (given && !json_is_null(given))
        json_decref(value);
    else
        json_object_set_new(object, name, value);
}

/* The body of the call that the document stands for. */
static char *make_body(const json_t *document)
{
    auto_json json_t *body = json_deep_copy(document);

    json_object_del(body, "tenant");
    json_object_del(body, "dataSetType");
    json_object_del(body, "silent");
    set_default(body, "jobType", json_string("Default"));
    set_default(body, "protectNullValues", json_false());
    set_default(body, "preserveStringLength", json_false());
    return json_dumps(body, JSON_COMPACT);
}

static enum status read_envelope(char *body, enum data_set_type type, struct envelope *ret,
                                 struct why *why)
{
    enum envelope_fault fault = envelope_read(body, strlen(body), type == DATA_SET_SQL, ret, why);

    if (fault == ENVELOPE_FINE)
        return ST_OK;
    return fault == ENVELOPE_NO_MEMORY ? fail_memory(why) : ST_BAD_INPUT;
}

static struct protect_call make_call(const struct preview_context *context,
                                     const struct request *request)
{
    return (struct protect_call){
        .snapshot = context->snapshot,
        .account = request->account,
        .ward = request->ward,
        .engine = context->engine,
        .tokens = context->tokens,
        .envelope = &request->envelope,
        .type = request->type,
        .silent = request->silent,
        .now_us = context->now_us,
    };
}

/* The data set that the call answers with, as text. */
static enum status run(const struct preview_context *context, const struct protect_call *call,
                       struct protect_result *result, json_t **ret, struct why *why)
{
    auto_buf struct buf answer = BUF_INIT(context->answer_max);
    auto_json json_t *object = NULL;
    enum status st = protect(call, &answer, result, why);

    if (st == ST_OK)
        st = json_read_object(buf_slice(&answer), &object, why);
    if (st == ST_BAD_INPUT && why)
        snprintf(why->place, sizeof why->place, "dataSet");
    if (st != ST_OK)
        return st;
    *ret = json_incref(json_object_get(object, "dataSet"));
    return ST_OK;
}

static void add_counts(json_t *attributes, const struct protect_result *result)
{
    json_t *attribute;
    size_t i;

    json_array_foreach (attributes, i, attribute) {
        const struct attribute_count *c = &result->counts[i];

        json_object_set_new(attribute, "counts",
                            json_pack("{s:I, s:I, s:I}", "protected", (json_int_t)c->protected,
                                      "granted", (json_int_t)c->granted, "kept",
                                      (json_int_t)c->kept));
    }
}

static enum status run_both(const struct preview_context *context, const struct request *request,
                            json_t **ret, struct why *why)
{
    auto_protect_result struct protect_result result = {0};
    auto_protect_result struct protect_result ignored = {0};
    struct protect_call call = make_call(context, request);
    struct rule_request asked = protect_rule_request(&request->envelope, context->now_us);
    auto_json json_t *before = NULL;
    auto_json json_t *after = NULL;
    json_t *attributes;
    enum status st = run(context, &call, &result, &after, why);

    call.ward = NULL;
    if (st == ST_OK)
        st = run(context, &call, &ignored, &before, why);
    if (st != ST_OK)
        return st;
    attributes = explain_write(request->ward, &asked);
    add_counts(attributes, &result);
    *ret = json_pack("{s:s, s:s, s:b, s:s, s:O, s:O, s:o}", "tenant",
                     request->account->tenant->name, "manifest", request->ward->manifest->name,
                     "active", request->ward->manifest->active, "job", job_name(result.job),
                     "before", before, "after", after, "attributes", attributes);
    return *ret ? ST_OK : fail_memory(why);
}

static void request_done(struct request *request)
{
    envelope_done(&request->envelope);
}

enum status preview_run(const struct preview_context *context, const json_t *document, json_t **ret,
                        struct why *why)
{
    __attribute__((cleanup(request_done))) struct request request = {0};
    auto_free char *body = NULL;
    enum status st;

    if (!json_is_object(document))
        return fail(why, ST_BAD_INPUT, "the body must be an object");
    st = find_account(context, document, &request.account, why);
    if (st == ST_OK)
        st = read_type(document, &request.type, why);
    if (st == ST_OK)
        st = json_get_bool(document, "silent", &request.silent, why);
    if (st != ST_OK)
        return st;
    body = make_body(document);
    if (!body)
        return fail_memory(why);
    st = read_envelope(body, request.type, &request.envelope, why);
    if (st != ST_OK)
        return st;
    request.ward = snapshot_ward(context->snapshot, request.envelope.manifest_name);
    if (!request.ward)
        return fail_at(why, ST_NOT_FOUND, "manifestName", "there is no such manifest");
    return run_both(context, &request, ret, why);
}
