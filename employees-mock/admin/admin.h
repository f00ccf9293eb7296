/* What the calls under /__admin have in common: reading their bodies, and answering as WireMock
 * does: JSON, empty answers, and errors in its shape. */
#ifndef EMPLOYEES_MOCK_ADMIN_H
#define EMPLOYEES_MOCK_ADMIN_H

#include "common/uuid.h"
#include "employees-mock/app.h"

#include <jansson.h>

/* The route's check: credentials of --admin-api-basic-auth, --admin-api-require-https. */
bool admin_check(struct http_request *req);
/* The same for what can't be told without a journal: refused where none is kept. */
bool admin_check_journal(struct http_request *req);

/* The call that Java makes first of a body, behind WireMock's package, and the variable that the
 * body is in. */
struct admin_null_use {
    const char *call;
    const char *variable;
};
#define ADMIN_PATTERN_MATCH                                                                        \
    "matching.RequestPattern.match(com.github.tomakehurst.wiremock.http.Request, java.util.Map)"

/* The body as JSON. False: it is none, and the refusal is stored. */
MUST_CHECK bool admin_read(struct http_request *req, json_t **ret);
/* The same where null is no value: WireMock answers it with an exception. */
MUST_CHECK bool admin_read_something(struct http_request *req, struct admin_null_use use,
                                     json_t **ret);
/* The same for a document that `bind` binds, of which `objects` are objects with members of their
 * own (NULL at the end): where the text breaks off behind something that bind refuses, that is
 * told. bind makes nothing that lasts. */
typedef enum status admin_bind_fn(struct app *app, const json_t *document,
                                  struct match_fault *fault);
MUST_CHECK bool admin_read_bound(struct http_request *req, const char *const objects[],
                                 admin_bind_fn *bind, json_t **ret);
/* Answers that null was given where there is no doing without. */
void admin_null(struct http_request *req, struct admin_null_use use);

/* ---- answers; json moves in, NULL is "out of memory" ---- */

void admin_json(struct http_request *req, unsigned status, json_t *json);
/* The same in two steps, for a change that is not to be made where there is no memory to tell of it.
 * False: the refusal is stored. */
MUST_CHECK bool admin_prepare(struct http_request *req, json_t *json, struct buf *ret);
void admin_send(struct http_request *req, unsigned status, struct buf *text);
void admin_empty(struct http_request *req, unsigned status);
/* The empty object, by which WireMock says that something is done. */
void admin_done(struct http_request *req);

/* {"errors":[…]} with 422. */
void admin_fault(struct http_request *req, const struct match_fault *fault);
/* {"errors":[{"code","title","detail"}]}; detail may be NULL. */
void admin_error(struct http_request *req, unsigned status, int code, const char *title,
                 const char *detail);
/* What mapping_files_reset gave: an empty answer, or which file is broken. */
void admin_files_read(struct http_request *req, enum status st, const struct why *why);
/* Whatever else went wrong. */
void admin_failed(struct http_request *req, enum status st, const struct why *why);

/* ---- parameters ---- */

/* A UUID as Java reads it: five hexadecimal numbers, "1-1-1-1-1" too, of which each is cut to its
 * width. False: it is none. */
bool admin_uuid(struct slice text, char ret[UUID_SIZE]);
/* The {id} at the path's end. False: it is no UUID, and the refusal is stored. */
MUST_CHECK bool admin_id(struct http_request *req, char ret[UUID_SIZE]);

struct admin_page {
    bool has_limit;
    size_t limit;
    size_t offset;
};
/* limit and offset of the query, or the limit alone. False: they are no numbers, and the refusal is
 * stored. */
MUST_CHECK bool admin_read_page(struct http_request *req, struct admin_page *ret);
MUST_CHECK bool admin_read_limit(struct http_request *req, struct admin_page *ret);

#endif
