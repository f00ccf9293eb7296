/* The headers that a proxied request carries on. */
#ifndef EMPLOYEES_MOCK_PROXY_HEADERS_H
#define EMPLOYEES_MOCK_PROXY_HEADERS_H

#include "employees-mock/exchange.h"

enum { PROXY_FIELDS_MAX = 300 };

/* names: ends with NULL; compared in any case. */
bool proxy_header_is_one_of(struct slice name, const char *const names[]);

/* Those of the request but its connection's and what the stub or a flag takes off; behind them what
 * the stub adds. Values of added ones may be templates: they are kept in `texts`, an empty buffer.
 * Appends to `fields`; ret_added, which is to be empty, is the end of them that the stub added.
 * ST_TOO_LARGE, ST_NO_MEMORY, or as exchange_fill. */
MUST_CHECK enum status proxy_headers_make(const struct exchange *x, struct buf *texts,
                                          struct mock_field fields[PROXY_FIELDS_MAX], size_t *count,
                                          struct mock_fields *ret_added, struct why *why);

#endif
