/* /__admin/near-misses and /__admin/requests/unmatched/near-misses: what came closest. */
#ifndef EMPLOYEES_MOCK_ADMIN_NEAR_MISSES_H
#define EMPLOYEES_MOCK_ADMIN_NEAR_MISSES_H

#include "common/http.h"

void near_misses_of_unmatched(struct http_request *req);
void near_misses_of_request(struct http_request *req);
void near_misses_of_pattern(struct http_request *req);

#endif
