/* A read envelope through manifest, rules and engine: what the protect call, the preview of the
 * admin API and the preview on the command line have in common. No HTTP. */
#ifndef INTERCEPTOR_PROTECT_H
#define INTERCEPTOR_PROTECT_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/engine.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/snapshot.h"

struct protect_call {
    const struct snapshot *snapshot;
    const struct account *account;
    const struct ward *ward; /* NULL: no manifest counts, the data set is only laid out */
    struct engine *engine;
    const struct token_store *tokens;
    const struct envelope *envelope;
    enum data_set_type type;
    bool silent;
    const struct engine_spending *spending; /* NULL: the envelope's data set stays */
    int64_t now_us;                         /* where the envelope names no snapshot date */
};

enum { PROTECT_FEW = 16 };

/* Zeroed before protect(); stays where it is, for `counts` may point into it. */
struct protect_result {
    enum job job;                   /* the manifest's, where Default was asked for */
    struct attribute_count *counts; /* for each attribute, and the unlisted ones: `few`, or heap */
    struct attribute_count few[PROTECT_FEW];
    size_t count;
    uint64_t protected_;
    uint64_t granted;
};

void protect_result_done(struct protect_result *r);
#define auto_protect_result __attribute__((cleanup(protect_result_done)))

/* The manifest's, where the envelope asks for Default. ward: NULL as above. */
enum job protect_job(const struct envelope *envelope, const struct ward *ward);

/* What the rules get to see of an envelope. */
struct rule_request protect_rule_request(const struct envelope *envelope, int64_t now_us);

/* Appends {"dataSet":"..."} to ret. Errors as engine_protect's. */
MUST_CHECK enum status protect(const struct protect_call *call, struct buf *ret,
                               struct protect_result *result, struct why *why);

#endif
