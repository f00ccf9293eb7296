/* What WireMock's server makes of a request's target before any stub or route sees it.
 *
 * Two readers look at it there: Jetty, which answers 400 to a path that it can't decode or that
 * climbs above the root, and Java's URI and URLDecoder, whose exceptions become a 500. */
#ifndef EMPLOYEES_MOCK_REQUEST_TARGET_H
#define EMPLOYEES_MOCK_REQUEST_TARGET_H

#include "common/buf.h"
#include "common/http.h"
#include "common/status.h"

#include <stdbool.h>

/* target: as it came, raw. host: the Host header's value; NULL: none. ST_BAD_INPUT: it can't
 * be read; ST_UNSUPPORTED: an exception. why has the words in either case. */
MUST_CHECK enum status request_target_check(struct slice target, const char *host, struct why *why);

/* A route's check: false where the target is refused; the answer is stored then. */
bool request_target_is_sound(struct http_request *req);

/* Jetty's page for a request that it can't read. */
void request_target_refuse(struct http_request *req, const char *reason);

#endif
