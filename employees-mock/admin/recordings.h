/* /__admin/recordings: start, stop, status, snapshot. */
#ifndef EMPLOYEES_MOCK_ADMIN_RECORDINGS_H
#define EMPLOYEES_MOCK_ADMIN_RECORDINGS_H

#include "common/http.h"

void recordings_start(struct http_request *req);
void recordings_stop(struct http_request *req);
void recordings_status(struct http_request *req);
void recordings_snapshot(struct http_request *req);

#endif
