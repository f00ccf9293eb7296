/* What is tested of a call before its body is read: API key, resource token, content type, limits,
 * in the order of the wire contract, section 5. Each function is a route's check. */
#ifndef INTERCEPTOR_GATE_H
#define INTERCEPTOR_GATE_H

#include "common/http.h"

#include <stdbool.h>

bool gate_token(struct http_request *req);
bool gate_dataset(struct http_request *req);

#endif
