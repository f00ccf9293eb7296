/* A logged request out of JSON, as /__admin/near-misses/request takes it: checked as WireMock binds
 * it, and made what it binds it to. Pure. */
#ifndef EMPLOYEES_MOCK_LOGGED_REQUEST_H
#define EMPLOYEES_MOCK_LOGGED_REQUEST_H

#include "common/status.h"
#include "employees-mock/match/match.h"

#include <jansson.h>

/* In the document itself: texts become the numbers, truths and moments (milliseconds) that they
 * mean, and what WireMock forgets is left out. ST_BAD_INPUT: fault says which member it refuses. */
MUST_CHECK enum status logged_request_bind(json_t *document, struct match_fault *fault);

#endif
