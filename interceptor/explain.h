/* Why the rules decide as they do: for each attribute of a manifest, which rule grants it to a
 * request, or why none does. For the command line and the admin API. */
#ifndef INTERCEPTOR_EXPLAIN_H
#define INTERCEPTOR_EXPLAIN_H

#include "common/json.h"
#include "interceptor/snapshot.h"

/* [{"path":..., "type":..., "granted":true, "rule":"own data",
 *   "rules":[{"rule":"own data","outcome":"granted"}, ...]}]; "rule" is null where none grants.
 * NULL when memory is out. */
json_t *explain_write(const struct ward *ward, const struct rule_request *request);

#endif
