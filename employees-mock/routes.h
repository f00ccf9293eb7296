/* The whole URL map: WireMock's admin API, and the stubs behind it. */
#ifndef EMPLOYEES_MOCK_ROUTES_H
#define EMPLOYEES_MOCK_ROUTES_H

#include "common/router.h"

#include <stddef.h>

const struct route *routes_table(size_t *ret_count);

#endif
