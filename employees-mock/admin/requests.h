/* /__admin/requests: the journal of served requests, asked and cleared. */
#ifndef EMPLOYEES_MOCK_ADMIN_REQUESTS_H
#define EMPLOYEES_MOCK_ADMIN_REQUESTS_H

#include "common/http.h"

void requests_list(struct http_request *req);
void requests_delete_all(struct http_request *req);
void requests_count(struct http_request *req);
void requests_find(struct http_request *req);
void requests_unmatched(struct http_request *req);
void requests_remove(struct http_request *req);
void requests_remove_by_metadata(struct http_request *req);
void request_read(struct http_request *req);
void request_delete(struct http_request *req);

#endif
