/* Multipart bodies (RFC 2046, RFC 7578) taken apart as Commons FileUpload does it; the parts are
 * slices of the body. Bounded in parts and headers. */
#ifndef EMPLOYEES_MOCK_MULTIPART_H
#define EMPLOYEES_MOCK_MULTIPART_H

#include "common/buf.h"
#include "employees-mock/match/mock_request.h"

enum { MULTIPART_PARTS_MAX = 1000, MULTIPART_HEADERS_MAX = 100 };

struct multipart;

/* Borrows both. NULL: memory is out. A body without the boundary has no parts; so has one of
 * multipart/form-data of which no part has a name. */
struct multipart *multipart_read(struct slice content_type, struct slice body);
void multipart_free(struct multipart *m);

/* Why the body can't be taken apart, in the words of WireMock's exception; NULL: it can. */
const char *multipart_failure(const struct multipart *m);

/* NULL m: no parts. */
size_t multipart_parts(const struct multipart *m, const struct mock_part **ret);

#endif
