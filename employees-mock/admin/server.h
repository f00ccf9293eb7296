/* The calls about the server itself: health, version, settings, reset, shutdown, metrics. */
#ifndef EMPLOYEES_MOCK_ADMIN_SERVER_H
#define EMPLOYEES_MOCK_ADMIN_SERVER_H

#include "common/http.h"

void server_root(struct http_request *req); /* redirects to the list of mappings */
void server_health(struct http_request *req);
void server_version(struct http_request *req);
void server_metrics(struct http_request *req);
void server_settings_read(struct http_request *req);
void server_settings_write(struct http_request *req);
void server_settings_extend(struct http_request *req);
void server_reset(struct http_request *req);
void server_shutdown(struct http_request *req);
void server_unknown(struct http_request *req); /* no such call */

#endif
