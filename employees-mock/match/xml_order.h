/* The order of attributes in parsed XML. Private to xpath.c. */
#ifndef EMPLOYEES_MOCK_XML_ORDER_H
#define EMPLOYEES_MOCK_XML_ORDER_H

#include <libxml/tree.h>

/* Puts the attributes of each element in the order of their names, prefixes included, in which
 * Java's tree keeps them: what an XPath finds of them, and how it counts them, goes by it. Where
 * memory is out they stay as they are. */
void xml_order_attributes(xmlDocPtr doc);

#endif
