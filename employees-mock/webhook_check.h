/* Reads a stub's serveEventListeners and postServeActions: their shape, and that their templates
 * parse. What they do when a request was served is webhook.h's business. Pure. */
#ifndef EMPLOYEES_MOCK_WEBHOOK_CHECK_H
#define EMPLOYEES_MOCK_WEBHOOK_CHECK_H

#include "common/status.h"
#include "employees-mock/match/match.h"

#include <jansson.h>

/* value: an array of {"name","parameters"} or, as of old, an object of name -> parameters; NULL
 * gives NULL. *ret is an array in the first form, for the caller to json_decref. */
MUST_CHECK enum status webhook_check(const json_t *value, const char *pointer, json_t **ret,
                                     struct match_fault *fault);

#endif
