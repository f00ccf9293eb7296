/* XML documents; libxml2 behind, without network, DTD or external entities. A document is for one
 * thread. */
#ifndef EMPLOYEES_MOCK_XML_DOCUMENT_H
#define EMPLOYEES_MOCK_XML_DOCUMENT_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

struct xml_document;

/* Lets libxml2 take its memory from common/memory.h, since it makes documents that lack a part where
 * it is short of it. Before libxml2 is first used. */
void xml_watch_memory(void);

/* ST_BAD_INPUT: not well-formed; why->text is "reason; line L; column C". */
MUST_CHECK enum status xml_document_parse(struct slice text, struct xml_document **ret,
                                          struct why *why);
void xml_document_free(struct xml_document *d);
DEFINE_CLEANUP(xml_document, struct xml_document *, xml_document_free)
#define auto_xml_document __attribute__((cleanup(cleanup_xml_document)))

/* The document pretty-printed as Java's (two blanks a level). Appends. */
MUST_CHECK enum status xml_document_write_pretty(struct slice text, struct buf *ret,
                                                 struct why *why);

#endif
