/* The catch-all route: every request that is no admin call is a stub's to answer. */
#ifndef EMPLOYEES_MOCK_SERVE_H
#define EMPLOYEES_MOCK_SERVE_H

#include "employees-mock/app.h"

void serve_request(struct http_request *req);

/* The reply is made and about to go out: the journal gets the event (NULL: there is none), so
 * that whoever has the answer may look it up at once; webhooks start. */
void serve_done(struct app *app, struct event *event);

#endif
