/* The answer to a request that no stub takes: 404 and what came closest. */
#ifndef EMPLOYEES_MOCK_UNMATCHED_H
#define EMPLOYEES_MOCK_UNMATCHED_H

#include "employees-mock/app.h"
#include "employees-mock/respond.h"

/* event may be NULL. */
enum responded unmatched_answer(struct app *app, struct http_request *req,
                                const struct mock_request *r, struct event *event);

#endif
