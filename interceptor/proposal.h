/* The engine's proposals for a manifest as a document that can be put into a configuration. */
#ifndef INTERCEPTOR_PROPOSAL_H
#define INTERCEPTOR_PROPOSAL_H

#include "common/json.h"
#include "common/status.h"
#include "interceptor/engine/suggest.h"

/* {"manifest":{"name":..., "attributes":[...]}, "reasons":[{"path":..., "reason":..., "values":n}]}.
 * Errors as suggest_manifest's; place is "dataSet", or "name" where that can't be a manifest's. */
MUST_CHECK enum status proposal_write(enum data_set_type type, struct slice sample,
                                      const char *name, json_t **ret, struct why *why);

#endif
