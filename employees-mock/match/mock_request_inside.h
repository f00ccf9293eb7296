/* What a request consists of. Private to mock_request*.c. */
#ifndef EMPLOYEES_MOCK_MOCK_REQUEST_INSIDE_H
#define EMPLOYEES_MOCK_MOCK_REQUEST_INSIDE_H

#include "employees-mock/match/mock_cache.h"
#include "employees-mock/match/mock_request.h"

struct mock_request {
    struct mock_source source;
    struct slice path;
    struct slice query;
    struct slice content_type; /* data NULL: none */
    struct mock_cache cache;   /* filled through const requests, hence made on the heap only */
    json_t *logged;            /* what the source borrows from, when it came from JSON */
    struct mock_lacks lacks;
    struct mock_field *own_headers;
    char *own_body;
};

/* Derives what is asked for often, once the source is complete. */
void mock_request_settle(struct mock_request *r);

#endif
