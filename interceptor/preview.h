/* A payload, a manifest and a job: what goes in and what would come out, with the reasons. Nothing
 * is counted, audited or kept, but for pseudonyms, which are drawn as by a real call.
 *
 * The document has the members of a protect call's body, of which only manifestName, countryCode and
 * dataSet (text) are mandatory, and "tenant" (the first one if absent),
 * "dataSetType" and "silent". */
#ifndef INTERCEPTOR_PREVIEW_H
#define INTERCEPTOR_PREVIEW_H

#include "common/json.h"
#include "common/status.h"
#include "interceptor/engine/engine.h"
#include "interceptor/snapshot.h"

struct preview_context {
    const struct snapshot *snapshot;
    struct engine *engine;
    const struct token_store *tokens;
    int64_t now_us;
    size_t answer_max; /* bytes */
};

/* {"tenant":..., "manifest":..., "active":bool, "job":..., "before":text, "after":text,
 * "attributes":[explain.h, with counts]}. Calls are refused where the manifest is not active.
 * ST_BAD_INPUT, ST_NOT_FOUND: place is the member. */
MUST_CHECK enum status preview_run(const struct preview_context *context, const json_t *document,
                                   json_t **ret, struct why *why);

#endif
