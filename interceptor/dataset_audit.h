/* What the audit trail keeps of a protect call beyond what it keeps of every call: counts for each
 * attribute, names (never values) of the claims, what the informative fields and headers said, and
 * that the answer is not protected. */
#ifndef INTERCEPTOR_DATASET_AUDIT_H
#define INTERCEPTOR_DATASET_AUDIT_H

#include "common/http.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/protect.h"

/* Appends members to the record, each with a comma before it. */
void dataset_audit(struct http_request *req, const struct envelope *e, const struct ward *ward,
                   const struct protect_result *result, struct buf *ret);

#endif
