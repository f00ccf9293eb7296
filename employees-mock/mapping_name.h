/* The name of a file that holds a mapping, or the body of a recorded answer, as WireMock makes it
 * without --filename-template. Pure. */
#ifndef EMPLOYEES_MOCK_MAPPING_NAME_H
#define EMPLOYEES_MOCK_MAPPING_NAME_H

#include "common/buf.h"

/* What a file's name has of a text: in small letters, blanks as dashes, and of other signs only "-",
 * "_" and "."; never a slash. Appends. */
void mapping_name_put_text(struct slice text, struct buf *ret);

/* "<name>-<id>.<extension>", or where the name is empty or NULL "<method>-<url>-<id>.<extension>".
 * Appends. */
void mapping_name_put(const char *name, const char *method, const char *url, const char *id,
                      struct slice extension, struct buf *ret);

#endif
