/* One GET to somebody else's HTTP server, with a deadline and a ceiling. Blocks: not for the
 * service's own port. */
#ifndef INTERCEPTOR_FETCH_H
#define INTERCEPTOR_FETCH_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

/* Appends the body to `body` (its ceiling counts; NULL throws it away); *ret_status is the answer's
 * HTTP status. `trust_any`: the server's certificate is not looked at. ST_IO: it can't be reached or
 * broke off; ST_TIMEOUT. */
MUST_CHECK enum status fetch_get(const char *url, unsigned timeout_ms, bool trust_any,
                                 struct buf *body, long *ret_status, struct why *why);

#endif
