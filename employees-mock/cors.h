/* --enable-stub-cors: headers that let pages of any origin ask the stubs. */
#ifndef EMPLOYEES_MOCK_CORS_H
#define EMPLOYEES_MOCK_CORS_H

#include "employees-mock/app.h"

void cors_add_headers(struct http_request *req);

/* Answers a preflight request, before any stub is asked; false: it is none, or CORS is off. */
bool cors_answer_preflight(const struct app *app, struct http_request *req);

#endif
