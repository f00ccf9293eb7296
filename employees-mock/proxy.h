/* Answers by asking another server: proxyBaseUrl of a stub. */
#ifndef EMPLOYEES_MOCK_PROXY_H
#define EMPLOYEES_MOCK_PROXY_H

#include "employees-mock/exchange.h"

/* Defers the request; the reply is stored when the other server has answered, or could not. */
void proxy_request(const struct exchange *x);

#endif
