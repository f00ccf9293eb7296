/* Whether the service lives, whether it can work, and its counters. */
#ifndef INTERCEPTOR_HEALTH_H
#define INTERCEPTOR_HEALTH_H

#include "common/http.h"

void health_get(struct http_request *req);  /* it answers at all */
void ready_get(struct http_request *req);   /* it has tenants, its databases answer */
void metrics_get(struct http_request *req); /* Prometheus text */

#endif
