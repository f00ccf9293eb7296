/* The file that a path means where no stub takes it. Pure. */
#ifndef EMPLOYEES_MOCK_STATIC_NAME_H
#define EMPLOYEES_MOCK_STATIC_NAME_H

#include "common/buf.h"
#include "common/status.h"

/* Appends its name under __files, and to ret_shown that by whose ending its type is told. WireMock
 * decodes the path and hands it on to a servlet, which decodes it once more, after it has cut off
 * parameters and what it takes for a query.
 * ST_NOT_FOUND: no file is called so; ST_DENIED: it leads out of the folder. */
MUST_CHECK enum status static_name(struct slice path, struct buf *ret, struct buf *ret_shown);

#endif
