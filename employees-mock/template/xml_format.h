/* XML laid out as Java's Transformer does it, for formatXml. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_XML_FORMAT_H
#define EMPLOYEES_MOCK_TEMPLATE_XML_FORMAT_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

/* Appends the document without its XML declaration; text of nothing but white space is left out.
 * pretty: two blanks a level, each child element on a line of its own. ST_BAD_INPUT: it is no
 * XML, or has a document type. */
MUST_CHECK enum status xml_format(struct slice text, bool pretty, struct buf *ret, struct why *why);

#endif
