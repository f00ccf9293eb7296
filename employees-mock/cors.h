/* Headers that let pages of any origin ask the admin API and, with --enable-stub-cors, the stubs. */
#ifndef EMPLOYEES_MOCK_CORS_H
#define EMPLOYEES_MOCK_CORS_H

#include "employees-mock/app.h"

/* What a browser needs to see of an answer to another site; nothing where it names none. */
void cors_add_headers(struct http_request *req);
/* The same for a stub's answer, or what stands in for one: only with --enable-stub-cors. */
void cors_add_stub_headers(struct http_request *req);

/* Answers a preflight request, before anything else is asked; false: it is none. The admin API
 * always does so, stubs with --enable-stub-cors. */
bool cors_answer_preflight(struct http_request *req);

#endif
