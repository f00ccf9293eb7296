/* Sends a stub's answer: fills in its templates, picks its body, delays, breaks or proxies it. */
#ifndef EMPLOYEES_MOCK_RESPOND_H
#define EMPLOYEES_MOCK_RESPOND_H

#include "employees-mock/exchange.h"

enum responded {
    RESPONDED,       /* the reply is stored */
    RESPONDED_LATER, /* the request is deferred: another server is asked */
    RESPONDED_ERROR, /* the answer can't be made, the reply says so; WireMock keeps no record */
};
enum responded respond(const struct exchange *x);

/* Whether a body of that type goes out in gzip: the client asks for it and no flag forbids. */
bool respond_wants_gzip(const struct app *app, const struct http_request *req,
                        struct slice content_type);

/* The page that WireMock's server answers an exception with: 500, text/html. */
void respond_exception(struct http_request *req, const char *words);

#endif
