/* What the audit trail keeps of a protect call beyond what it keeps of every call: what the
 * informative headers and fields said, names (never values) of the claims, and counts for each
 * attribute. A call that is refused leaves as much of it as had been read.
 *
 * Each appends members to the call's record, with a comma before each; none where no trail is
 * kept. */
#ifndef INTERCEPTOR_DATASET_AUDIT_H
#define INTERCEPTOR_DATASET_AUDIT_H

#include "common/http.h"
#include "interceptor/engine/envelope.h"
#include "interceptor/protect.h"

void dataset_audit_headers(struct http_request *req);
void dataset_audit_envelope(struct http_request *req, const struct envelope *e);

/* ward NULL: an unknown manifest that is no error. */
void dataset_audit_result(struct http_request *req, const struct ward *ward,
                          const struct protect_result *result);

#endif
