/* What kind of body a recorded answer has: text or bytes, and how its file is called. By WireMock's
 * rules (its ContentTypes). Pure. */
#ifndef EMPLOYEES_MOCK_BODY_TYPE_H
#define EMPLOYEES_MOCK_BODY_TYPE_H

#include "common/buf.h"

#include <stdbool.h>

/* The media type is one of text; false for an empty one. */
bool body_type_is_text(struct slice content_type);

/* By the media type, else as the path's last part ends, else by what the body is: "json", "xml" or
 * "txt". Borrowed from the path, or a constant. */
struct slice body_type_extension(struct slice content_type, struct slice path, struct slice body);

#endif
