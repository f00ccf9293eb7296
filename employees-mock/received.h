/* A request as it came over a connection, turned into what matchers and the journal see. */
#ifndef EMPLOYEES_MOCK_RECEIVED_H
#define EMPLOYEES_MOCK_RECEIVED_H

#include "common/http.h"
#include "employees-mock/match/mock_request.h"

#include <stdbool.h>

enum { RECEIVED_HEADERS_MAX = 512 };

/* Borrows from the request; `unpacked` holds a body that came in gzip, `texts` what is not seen
 * as it came: the method in capitals, header values in UTF-8 (Jetty reads their bytes as
 * ISO-8859-1), and those that it spells in its own way (known_header.h). */
struct received {
    struct mock_source source;
    struct mock_field headers[RECEIVED_HEADERS_MAX];
    struct buf unpacked;
    struct buf texts;
    bool has_respelled;  /* a header whose value Jetty spells in its own way */
    bool has_packed_tag; /* If-Match or If-None-Match of a body that went out in gzip */
};

/* ST_BAD_INPUT: the body says it is gzip and is not; ST_TOO_LARGE: more headers, or a larger body
 * unpacked, than allowed. Release with received_done in any case. */
MUST_CHECK enum status received_read(const struct http_request *req, unsigned port, bool unpack,
                                     struct received *ret, struct why *why);
void received_done(struct received *r);

#endif
