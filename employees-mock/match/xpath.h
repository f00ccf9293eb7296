/* XPath 1.0 over XML documents, as WireMock evaluates it; libxml2 behind.
 *
 * A compiled expression is immutable, for any number of threads; a document and a result are for one
 * thread. */
#ifndef EMPLOYEES_MOCK_XPATH_H
#define EMPLOYEES_MOCK_XPATH_H

#include "employees-mock/match/xml_document.h"

#include <jansson.h>
#include <stddef.h>

struct xpath;

/* namespaces: prefix -> URI (may be NULL); prefixes that the document itself declares at its root
 * are known too. ST_BAD_INPUT: no XPath. */
MUST_CHECK enum status xpath_compile(struct slice text, const json_t *namespaces,
                                     struct xpath **ret, struct why *why);
void xpath_free(struct xpath *x);
DEFINE_CLEANUP(xpath, struct xpath *, xpath_free)
#define auto_xpath __attribute__((cleanup(cleanup_xpath)))

struct xpath_result; /* a list of items; lives no longer than its document */

MUST_CHECK enum status xpath_read(const struct xpath *x, const struct xml_document *d,
                                  struct xpath_result **ret, struct why *why);
void xpath_result_free(struct xpath_result *r);
DEFINE_CLEANUP(xpath_result, struct xpath_result *, xpath_result_free)
#define auto_xpath_result __attribute__((cleanup(cleanup_xpath_result)))

/* Nodes found; 1 for an expression that gives a string, number or boolean. */
size_t xpath_result_count(const struct xpath_result *r);
/* As WireMock prints the item: the value of an attribute or a text, an element as XML, a number
 * as Java's double or whole. */
struct slice xpath_result_text(const struct xpath_result *r, size_t i);
/* The item's text content; name of an element or attribute (empty for others). */
struct slice xpath_result_content(const struct xpath_result *r, size_t i);
void xpath_result_put_name(const struct xpath_result *r, size_t i, struct buf *ret);
/* An element's attributes as an object name -> value; NULL: none. New reference. */
json_t *xpath_result_attributes(const struct xpath_result *r, size_t i);

#endif
