/* Boolean expressions over the claims of a request: name = value, with all, any and not.
 *
 *     {"claim": "ADGroup", "equals": "HR"}   {"all": [...]}   {"any": [...]}   {"not": ...}
 *
 * Names are compared in any case (ASCII), values exactly. Pure; an expression is immutable. */
#ifndef INTERCEPTOR_CLAIMS_H
#define INTERCEPTOR_CLAIMS_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"

#include <stdbool.h>

enum { CLAIMS_DEPTH_MAX = 32, CLAIMS_TERMS_MAX = 1000 };

/* What a request claims of itself; borrowed text. */
struct claim {
    struct slice name;
    struct slice value;
};

struct claims;

/* ST_BAD_INPUT: place is the member at fault, below the expression. ST_TOO_LARGE: nested deeper
 * than CLAIMS_DEPTH_MAX, or a list of none or more than CLAIMS_TERMS_MAX. */
MUST_CHECK enum status claims_parse(const json_t *expression, struct claims **ret, struct why *why);
void claims_free(struct claims *c);

DEFINE_CLEANUP(claims, struct claims *, claims_free)
#define auto_claims __attribute__((cleanup(cleanup_claims)))

/* A name that the request gives twice has both values. */
bool claims_hold(const struct claims *c, const struct claim *given, size_t count);

#endif
