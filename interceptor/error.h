/* The error bodies of the wire contract, section 5: one table of codes and their HTTP status.
 *
 *     {"error":code,"message":text,"http_status_code":status,"request_id":id}
 *
 * with "field" where one is at fault, and "error_description" on the token endpoint. */
#ifndef INTERCEPTOR_ERROR_H
#define INTERCEPTOR_ERROR_H

#include "common/http.h"
#include "common/status.h"

enum error_code {
    ERR_INVALID_REQUEST,
    ERR_UNSUPPORTED_GRANT_TYPE,
    ERR_INVALID_GRANT,
    ERR_MALFORMED_JSON,
    ERR_MISSING_FIELD,
    ERR_INVALID_FIELD,
    ERR_UNKNOWN_MANIFEST,
    ERR_INVALID_DATASET,
    ERR_INVALID_API_KEY,
    ERR_INVALID_CLIENT,
    ERR_INVALID_TOKEN,
    ERR_UNAUTHORIZED, /* admin API: no or wrong bearer token */
    ERR_FORBIDDEN,    /* admin API: writing without a token set */
    ERR_NOT_FOUND,
    ERR_METHOD_NOT_ALLOWED,
    ERR_CONFLICT,
    ERR_PAYLOAD_TOO_LARGE,
    ERR_URI_TOO_LONG,
    ERR_UNSUPPORTED_MEDIA_TYPE,
    ERR_RATE_LIMITED,
    ERR_QUOTA_EXCEEDED,
    ERR_HEADERS_TOO_LARGE,
    ERR_INTERNAL,
    ERR_NOT_IMPLEMENTED,
    ERR_UNAVAILABLE,
    ERR_HTTP_VERSION,
    ERR_CODES
};

const char *error_word(enum error_code code);     /* "invalid_request" */
unsigned error_http_status(enum error_code code); /* 400 */

/* The code that stands for a status when nothing more is known. */
enum error_code error_of_status(enum status st);

/* Stores the reply. field NULL: none is at fault. The message must hold nothing of the data. */
void reply_error(struct http_request *req, enum error_code code, const char *field,
                 const char *message);

/* The same for a failed call: status to code; why->place becomes "field" unless it is empty. The
 * words of our own faults (ST_IO and the like) go to the log, not to the client. */
void reply_fault(struct http_request *req, enum status st, const struct why *why);

/* The answer of a fault on demand, "injected_fault". */
void reply_injected(struct http_request *req, unsigned status);

#endif
