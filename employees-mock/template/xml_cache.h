/* XML documents that a rendering has parsed, and their results, until it ends. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_XML_CACHE_H
#define EMPLOYEES_MOCK_TEMPLATE_XML_CACHE_H

#include "employees-mock/template/render.h"

struct xml_cache;
struct xml_document;
struct xpath_result;

/* The document of a text, parsed at the first question; NULL: it is no XML. */
const struct xml_document *xml_cache_document(struct render *r, struct slice text);

/* Keeps a result (taken over) as long as its document. False: memory is out. */
bool xml_cache_keep(struct render *r, struct xpath_result *result);

void xml_cache_free(struct xml_cache *cache);

#endif
