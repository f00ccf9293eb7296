/* /__admin/scenarios. */
#ifndef EMPLOYEES_MOCK_ADMIN_SCENARIOS_H
#define EMPLOYEES_MOCK_ADMIN_SCENARIOS_H

#include "common/http.h"

void scenarios_list(struct http_request *req);
void scenarios_reset_all(struct http_request *req);
void scenario_set_state(struct http_request *req);

#endif
