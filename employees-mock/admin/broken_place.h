/* Where a document that breaks off or is malformed is said to be at fault: WireMock points at the
 * innermost of its own objects that was being read, not into what it reads as plain JSON. Pure. */
#ifndef EMPLOYEES_MOCK_BROKEN_PLACE_H
#define EMPLOYEES_MOCK_BROKEN_PLACE_H

#include "common/buf.h"

/* place: the pointer of the innermost value that had begun, in a stub, an import or a request
 * pattern. items: how many were read of the list there. */
void broken_place_shorten(struct buf *place, size_t items);

#endif
