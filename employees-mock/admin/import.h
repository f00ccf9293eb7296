/* POST /__admin/mappings/import: many mappings in one step. */
#ifndef EMPLOYEES_MOCK_ADMIN_IMPORT_H
#define EMPLOYEES_MOCK_ADMIN_IMPORT_H

#include "common/http.h"

void mappings_import(struct http_request *req);

#endif
