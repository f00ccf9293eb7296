/* One pass over an XML data set: protected texts are replaced, every other byte stays.
 *
 * expat reads it and tells byte offsets; a document type declaration is refused. */
#ifndef ENGINE_XML_STREAM_H
#define ENGINE_XML_STREAM_H

#include "interceptor/engine/run.h"

MUST_CHECK enum status xml_protect(struct run *run, struct slice data_set, struct why *why);

#endif
