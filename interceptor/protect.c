#include "interceptor/protect.h"

#include <string.h>

/* Room for the outcomes of most manifests without the heap. */
enum { OUTCOMES_INLINE = 256 };

void protect_result_done(struct protect_result *r)
{
    if (r->counts != r->few)
        free(r->counts);
    r->counts = NULL;
}

struct rule_request protect_rule_request(const struct envelope *envelope, int64_t now_us)
{
    struct rule_request request = {
        .has_usage = envelope->has_usage,
        .usage_id = envelope->usage_id,
        .at = envelope->has_snapshot ? envelope->snapshot : (struct instant){.us = now_us},
        .claims = envelope->claims,
        .claim_count = envelope->claim_count,
    };

    memcpy(request.country, envelope->country, sizeof request.country);
    memcpy(request.owner, envelope->owner, sizeof request.owner);
    return request;
}

/* The counts are there even after a failure. */
static enum status run(const struct protect_call *call, const struct plan *plan,
                       const bool *granted, struct buf *ret, struct protect_result *result,
                       struct why *why)
{
    const struct envelope *e = call->envelope;
    const struct engine_call engine_call = {
        .plan = plan,
        .granted = granted,
        .job = result->job,
        .type = call->type,
        .sql_type = e->sql_type,
        .restricted_text = e->restricted_text,
        .protect_null_values = e->protect_null_values,
        .preserve_string_length = e->preserve_string_length,
        .silent = call->silent,
        .tokens = call->tokens,
        .spending = call->spending,
    };
    struct engine_result counted = {result->counts};
    enum status st = engine_protect(call->engine, &engine_call, e->data_set, ret, &counted, why);

    for (size_t i = 0; i < result->count; i++) {
        result->protected_ += result->counts[i].protected;
        result->granted += result->counts[i].granted;
    }
    return st;
}

static enum status run_with_rules(const struct protect_call *call, struct buf *ret,
                                  struct protect_result *result, struct why *why)
{
    const struct manifest *m = call->ward->manifest;
    struct rule_request request = protect_rule_request(call->envelope, call->now_us);
    bool few[OUTCOMES_INLINE];
    auto_free bool *many = NULL;
    bool *granted = few;
    const struct plan *plan = NULL;
    enum status st = snapshot_plan(call->snapshot, call->account, call->ward, &plan, why);

    if (st != ST_OK)
        return st;
    if (m->count > OUTCOMES_INLINE) {
        many = calloc(m->count, sizeof *many);
        if (!many)
            return fail_memory(why);
        granted = many;
    }
    if (!grants_decide(call->ward->grants, &request, granted))
        granted = NULL;
    return run(call, plan, granted, ret, result, why);
}

enum job protect_job(const struct envelope *envelope, const struct ward *ward)
{
    if (envelope->job != JOB_DEFAULT)
        return envelope->job;
    return ward ? ward->manifest->default_job : JOB_RESTRICT;
}

enum status protect(const struct protect_call *call, struct buf *ret, struct protect_result *result,
                    struct why *why)
{
    result->job = protect_job(call->envelope, call->ward);
    result->count = (call->ward ? call->ward->manifest->count : 0) + 1;
    result->counts =
        result->count <= PROTECT_FEW ? result->few : calloc(result->count, sizeof *result->counts);
    if (!result->counts)
        return fail_memory(why);
    return call->ward ? run_with_rules(call, ret, result, why)
                      : run(call, NULL, NULL, ret, result, why);
}
