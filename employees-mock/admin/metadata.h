/* Stubs by their metadata: one value matcher asked of the whole object. */
#ifndef EMPLOYEES_MOCK_ADMIN_METADATA_H
#define EMPLOYEES_MOCK_ADMIN_METADATA_H

#include "common/http.h"
#include "employees-mock/stub.h"

/* The matcher of the request's body, for value_matcher_free; NULL: the refusal is stored.
 * asked: how many it will be asked of, as WireMock minds null at the first of them. */
struct value_matcher *metadata_read(struct http_request *req, const char *variable, size_t asked);

/* Asked of the metadata's text as WireMock writes it, "null" where there is none (s may be NULL). */
bool metadata_matches(const struct value_matcher *matcher, const struct stub *s);

#endif
