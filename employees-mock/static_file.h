/* Files under __files served by their path, where no stub takes a GET, as WireMock does. */
#ifndef EMPLOYEES_MOCK_STATIC_FILE_H
#define EMPLOYEES_MOCK_STATIC_FILE_H

#include "employees-mock/app.h"

/* False: it is no GET, or there is nothing at its path; no reply is stored. A folder is its
 * index.html, or else forbidden. */
bool static_file_answer(struct app *app, struct http_request *req);

#endif
