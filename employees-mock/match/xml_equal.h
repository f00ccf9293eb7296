/* Equality of XML documents as WireMock's equalToXml has it (XMLUnit): blanks around text and
 * comments count for nothing, children are compared in the order of their names, placeholders and
 * exempted comparisons on demand.
 *
 * A compiled expectation is immutable, for any number of threads. */
#ifndef EMPLOYEES_MOCK_XML_EQUAL_H
#define EMPLOYEES_MOCK_XML_EQUAL_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>

/* The comparisons that count; the names are XMLUnit's. */
enum xml_comparison {
    XML_CMP_NODE_TYPE,
    XML_CMP_NAMESPACE_URI,
    XML_CMP_CHILD_NODELIST_LENGTH,
    XML_CMP_ELEMENT_TAG_NAME,
    XML_CMP_ELEMENT_NUM_ATTRIBUTES,
    XML_CMP_SCHEMA_LOCATION,
    XML_CMP_NO_NAMESPACE_SCHEMA_LOCATION,
    XML_CMP_ATTR_NAME_LOOKUP,
    XML_CMP_ATTR_VALUE,
    XML_CMP_TEXT_VALUE,
    XML_CMP_PROCESSING_INSTRUCTION_TARGET,
    XML_CMP_PROCESSING_INSTRUCTION_DATA,
    XML_CMP_CHILD_LOOKUP,
    XML_CMP_UNCOUNTED, /* a comparison that XMLUnit knows and WireMock does not count */
};

/* False: XMLUnit has no such comparison. */
bool xml_comparison_parse(const char *name, enum xml_comparison *ret);

enum xml_namespaces { XML_NS_STRICT, XML_NS_LEGACY, XML_NS_NONE };

struct xml_equal_options {
    bool placeholders;   /* ${xmlunit.ignore}, isNumber, matchesRegex(…), isDateTime(…) */
    const char *opening; /* of a placeholder, a regex; NULL: \$\{ */
    const char *closing; /* NULL: \} */
    unsigned exempted;   /* bits of 1 << enum xml_comparison */
    bool order_by_text;  /* children of one name in the order of their text */
    enum xml_namespaces namespaces;
};

struct xml_equal;

/* All is copied. ST_BAD_INPUT: not well-formed ("reason; line L; column C"), or a delimiter that
 * is no regex. */
MUST_CHECK enum status xml_equal_compile(struct slice expected,
                                         const struct xml_equal_options *options,
                                         struct xml_equal **ret, struct why *why);
void xml_equal_free(struct xml_equal *x);
DEFINE_CLEANUP(xml_equal, struct xml_equal *, xml_equal_free)
#define auto_xml_equal __attribute__((cleanup(cleanup_xml_equal)))

/* A text that is no XML is not equal. ST_TIMEOUT: more work than allowed. */
MUST_CHECK enum status xml_equal_matches(const struct xml_equal *x, struct slice actual, bool *ret,
                                         struct why *why);
/* The share of comparisons that differ; 1 where the text is no XML. */
double xml_equal_distance(const struct xml_equal *x, struct slice actual);

#endif
