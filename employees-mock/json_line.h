/* Where in a text a JSON pointer leads: for messages that name a line. Pure. */
#ifndef EMPLOYEES_MOCK_JSON_LINE_H
#define EMPLOYEES_MOCK_JSON_LINE_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* The line (from 1) of the member or item, or of the deepest part of the way to it that is there.
 * yaml: the text is YAML, and the line is that of the first name like each part of the way. */
size_t json_line_of(struct slice text, const char *pointer, bool yaml);

#endif
