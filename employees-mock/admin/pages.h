/* The pages for browsers under /__admin. */
#ifndef EMPLOYEES_MOCK_PAGES_H
#define EMPLOYEES_MOCK_PAGES_H

#include "common/http.h"

void page_docs(struct http_request *req);     /* where to read on */
void page_recorder(struct http_request *req); /* starts and stops recordings */

#endif
