/* Reads a stub's serveEventListeners and postServeActions: their shape, and that their templates
 * parse. What they do when a request was served is webhook.h's business. Pure. */
#ifndef EMPLOYEES_MOCK_WEBHOOK_CHECK_H
#define EMPLOYEES_MOCK_WEBHOOK_CHECK_H

#include "common/status.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdbool.h>

/* value: an array of {"name","parameters"}; the elder postServeActions may be an object of name ->
 * parameters, too. Anything else counts as none, and *ret is not set. *ret is an array in the first
 * form, without nulls, for the caller to json_decref. */
MUST_CHECK enum status webhook_check(const json_t *value, bool are_actions, const char *pointer,
                                     json_t **ret, struct match_fault *fault);

#endif
