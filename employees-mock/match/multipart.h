/* Multipart bodies (RFC 2046, RFC 7578) taken apart; the parts are slices of the body. Bounded in
 * parts and headers. */
#ifndef EMPLOYEES_MOCK_MULTIPART_H
#define EMPLOYEES_MOCK_MULTIPART_H

#include "common/buf.h"
#include "employees-mock/match/mock_request.h"

enum { MULTIPART_PARTS_MAX = 1000, MULTIPART_HEADERS_MAX = 100 };

struct multipart;

/* Borrows both. NULL: no boundary, the body does not keep to it, or memory is out. */
struct multipart *multipart_read(struct slice content_type, struct slice body);
void multipart_free(struct multipart *m);

/* NULL m: no parts. */
size_t multipart_parts(const struct multipart *m, const struct mock_part **ret);

#endif
