/* What Jetty takes for the value of a Host header: "host", "host:80", "[::1]:80", "::1", nothing.
 * Pure. */
#ifndef EMPLOYEES_MOCK_REQUEST_HOST_H
#define EMPLOYEES_MOCK_REQUEST_HOST_H

#include "common/buf.h"

#include <stdbool.h>

bool request_host_is_sound(struct slice host);

#endif
