/* Parsed XML from the inside: private to xpath*.c, xml_*.c. */
#ifndef EMPLOYEES_MOCK_XML_NODES_H
#define EMPLOYEES_MOCK_XML_NODES_H

#include "employees-mock/match/xpath.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>

enum { XML_TEXT_MAX = 64 << 20 };

struct xml_document {
    xmlDocPtr doc;
    xmlDocPtr plain; /* the same without namespaces, made at the first question; each node's
                        _private is the node it stands for */
    xmlXPathContextPtr context; /* of the last XPath, for the next one; may be NULL */
};

/* NULL: memory is out. */
xmlDocPtr xml_document_plain(struct xml_document *d);

/* What an expression gave; its nodes are those of the document, also where it was asked for a plain one.
 * NULL: memory is out. */
struct xpath_result *xpath_result_of(xmlXPathObjectPtr object, bool plain);

enum xml_nodes_flags {
    XML_NODES_NAMESPACES = 1,  /* a prefix that is not bound is a fault */
    XML_NODES_PLAIN_CDATA = 2, /* CDATA becomes part of the text around it */
};

/* why->text is "reason; line L; column C". */
MUST_CHECK enum status xml_nodes_parse(struct slice text, unsigned flags, xmlDocPtr *ret,
                                       struct why *why);

/* Why the text is no XML: the reason without the place; false: it is some. */
bool xml_nodes_are_none(struct slice text, unsigned flags, struct why *ret);

/* Appends an element (or document) as Java's Transformer prints it with indentation of two.
 * declare: an element gets the declarations of the namespaces that it has from above. */
void xml_nodes_write(xmlNodePtr node, bool declare, struct buf *ret);

/* The text below a node; appends. */
void xml_nodes_put_text(xmlNodePtr node, struct buf *ret);

#endif
