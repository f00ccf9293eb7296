/* Which attributes of one manifest each rule covers, worked out once; then, for a request, which
 * attributes are granted: each rule is tested once, whatever the number of attributes.
 *
 * Pure, and immutable once the rules are added: any thread. */
#ifndef INTERCEPTOR_GRANTS_H
#define INTERCEPTOR_GRANTS_H

#include "common/status.h"
#include "interceptor/manifest.h"
#include "interceptor/rule.h"

struct grants;

/* Covered by no rule yet. The manifest is borrowed and must outlive it. */
MUST_CHECK enum status grants_new(const struct manifest *manifest, struct grants **ret,
                                  struct why *why);

/* Adds a rule that speaks of the manifest, behind the others; borrowed likewise. The one that was
 * added last is not added again: its list may name the manifest twice. */
MUST_CHECK enum status grants_add(struct grants *g, const struct rule *rule, struct why *why);
void grants_free(struct grants *g);

/* Writes manifest->count outcomes. Returns whether anything is granted at all. */
bool grants_decide(const struct grants *g, const struct rule_request *request, bool *ret_granted);

/* Every rule that covers an attribute, in their order, with what it said to the request; stops when
 * `each` returns false. */
void grants_explain(const struct grants *g, size_t attribute, const struct rule_request *request,
                    bool (*each)(void *ctx, const struct rule *rule, enum rule_outcome outcome),
                    void *ctx);

#endif
