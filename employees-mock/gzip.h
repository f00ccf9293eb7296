/* Gzip (RFC 1952) over whole bodies, and when an answer gets it. */
#ifndef EMPLOYEES_MOCK_GZIP_H
#define EMPLOYEES_MOCK_GZIP_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

/* Whether an Accept-Encoding header asks for gzip (a q of 0 does not; nor does "*", as WireMock's
 * server has it). NULL: no. */
bool gzip_is_accepted(const char *accept_encoding);
/* Whether bodies of that type are worth it: not what is compressed already or comes as a stream of
 * events. Empty: yes. */
bool gzip_fits_type(struct slice content_type);

MUST_CHECK enum status gzip_pack(struct slice bytes, struct buf *ret, struct why *why);
/* ST_BAD_INPUT: no gzip; ST_TOO_LARGE: more than ret's ceiling. */
MUST_CHECK enum status gzip_unpack(struct slice bytes, struct buf *ret, struct why *why);

#endif
