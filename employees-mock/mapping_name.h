/* The name of a file that holds a mapping, or the body of a recorded answer, as WireMock makes it.
 * Pure. */
#ifndef EMPLOYEES_MOCK_MAPPING_NAME_H
#define EMPLOYEES_MOCK_MAPPING_NAME_H

#include "common/buf.h"
#include "employees-mock/stub.h"

/* What a file's name has of a text: in small letters, blanks as dashes, and of other signs only "-",
 * "_" and "."; never a slash. Appends. */
void mapping_name_put_text(struct slice text, struct buf *ret);

/* "<name>-<id>.<extension>", or where the name is empty or NULL "<method>-<url>-<id>.<extension>".
 * Appends. */
void mapping_name_put(const char *name, const char *method, const char *url, const char *id,
                      struct slice extension, struct buf *ret);

/* The name of a stub's file: as above, or by --filename-template (NULL: none), which sees the
 * mapping's members, and `method` and `url` of its request. Appends. ST_BAD_INPUT and whatever
 * template_render has: the template fails. */
MUST_CHECK enum status mapping_name_of(const struct stub *s, const char *filename_template,
                                       struct buf *ret, struct why *why);

#endif
