/* What a text that is no JSON says up to where it breaks: WireMock binds as it reads, and so tells
 * what is wrong there before it comes to the break. Pure. */
#ifndef EMPLOYEES_MOCK_PARTIAL_READ_H
#define EMPLOYEES_MOCK_PARTIAL_READ_H

#include "employees-mock/match/match.h"

#include <jansson.h>

struct partial {
    json_t *document; /* the members that are whole, of the object `open` too; NULL: no object */
    const char *open; /* which of `objects` is not whole; NULL: none; "": the document, where there
                         are no objects and Java makes it by its constructor */
};

/* objects: names of members, NULL at the end. Release what it gives with partial_done(). */
void partial_read(struct slice text, const char *const objects[], struct partial *ret);
void partial_done(struct partial *p);
#define auto_partial __attribute__((cleanup(partial_done)))

/* Whether the fault of binding the document is one that comes before the break: not about an object
 * that is not whole, nor a member that only a whole one refuses. */
bool partial_counts(const struct partial *p, const struct match_fault *fault);

#endif
