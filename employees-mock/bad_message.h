/* What WireMock's server, Jetty, says of a request that it can't read: its "Bad Message". */
#ifndef EMPLOYEES_MOCK_BAD_MESSAGE_H
#define EMPLOYEES_MOCK_BAD_MESSAGE_H

#include "common/http.h"

/* Stores that page; the connection ends behind it. */
void bad_message(struct http_request *req, unsigned status, const char *reason);

/* For http_app.fault: a header of framing is wrong (ST_BAD_INPUT with its name as the place), or a
 * line of the head. */
void bad_message_framing(struct http_request *req, const struct why *why);

/* For http_app.refuse. */
void bad_message_refuse(struct http_request *req, unsigned status);

#endif
