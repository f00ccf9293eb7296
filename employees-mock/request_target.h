/* What WireMock's server makes of a request's target before any stub or route sees it.
 *
 * Jetty answers 400 to a path that it can't decode or that climbs above the root; exceptions of
 * Java's URLDecoder, which takes the query apart, become a 500. */
#ifndef EMPLOYEES_MOCK_REQUEST_TARGET_H
#define EMPLOYEES_MOCK_REQUEST_TARGET_H

#include "common/buf.h"
#include "common/http.h"
#include "common/status.h"

#include <stdbool.h>

/* target: as it came, raw. host: the Host header's value; NULL: none. ST_BAD_INPUT: it can't
 * be read; ST_UNSUPPORTED: an exception. why has the words in either case. */
MUST_CHECK enum status request_target_check(struct slice target, const char *host, struct why *why);

/* Java's URI takes fewer characters: of what templates see, and of a whole "http://host/path?a=b".
 * ST_BAD_INPUT: why has the words of its IllegalArgumentException, in the second with its name. */
MUST_CHECK enum status request_target_read_uri(struct slice url, struct why *why);
MUST_CHECK enum status request_target_check_uri(struct slice url, struct why *why);

/* A route's check: false where the target is refused; the answer is stored then. */
bool request_target_is_sound(struct http_request *req);

/* Answers a CONNECT, to wherever, as WireMock does when it is no browser proxy: the tunnel leads
 * back to itself, that is, requests go on coming over the same connection. False: it is none. */
bool request_target_is_tunnel(struct http_request *req);

/* What Jetty takes a path for: "/__admin%2Fmappings" and "/__%61dmin/x" lie inside of the admin
 * API, "/__admin;x" is its root, "/__admin/../x" is another path. */
enum admin_place { ADMIN_NOT, ADMIN_ROOT, ADMIN_INSIDE };
enum admin_place request_target_admin_place(struct slice path);

#endif
