/* The bodies of preview and suggest, whose data set may stand in them as a JSON value.
 *
 * Such a value becomes text before the body is read as JSON: digit for digit, as a data set must
 * never go through a tree that rounds numbers. */
#ifndef INTERCEPTOR_SAMPLE_BODY_H
#define INTERCEPTOR_SAMPLE_BODY_H

#include "common/json.h"
#include "common/status.h"

/* The body with a "dataSet" that is text, null or absent. Refusals are json_read's. */
MUST_CHECK enum status sample_body_read(struct slice body, json_t **ret, struct why *why);

#endif
