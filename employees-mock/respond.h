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

/* WireMock's model of the request, made before anything is filled in wherever templates count, has
 * each part by its name and a URL that Java's URI takes. ST_BAD_INPUT: there is none. */
MUST_CHECK enum status respond_check_model(const struct mock_request *r, struct why *why);

/* Whether a body of that status and type goes out in gzip: the client asks for it, the status is
 * a success with a body, and no flag forbids. length: its Content-Length, which must be worth it;
 * -1: none is told. */
bool respond_wants_gzip(const struct app *app, const struct http_request *req, unsigned status,
                        struct slice content_type, long long length);

/* The ETags of an answer, each with a NUL behind, for which it is known now whether its body is
 * packed. */
void respond_etags(struct http_request *req, const struct buf *etags, bool packed);

/* The page that WireMock's server has for what it refuses itself: HTML, plain text or JSON, as the
 * request's Accept prefers. None where it takes none of them, nor for the admin API's methods but
 * for GET, HEAD and POST. */
void respond_page(struct http_request *req, unsigned status, const char *words);
/* The same for an exception: 500. */
void respond_exception(struct http_request *req, const char *words);

#endif
