/* Requests and answers on standard output: --verbose, --print-all-network-traffic. */
#ifndef EMPLOYEES_MOCK_TRAFFIC_H
#define EMPLOYEES_MOCK_TRAFFIC_H

#include "employees-mock/app.h"

/* When a request is over; event may be NULL. */
void traffic_log(const struct app *app, const struct http_request *req, const struct event *event);

#endif
