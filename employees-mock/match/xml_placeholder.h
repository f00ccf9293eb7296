/* XMLUnit's placeholders in the expected text of equalToXml. Private to xml_equal.c. */
#ifndef EMPLOYEES_MOCK_XML_PLACEHOLDER_H
#define EMPLOYEES_MOCK_XML_PLACEHOLDER_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

struct xml_placeholder;

/* The delimiters are regular expressions; NULL or empty: "${" and "}". */
MUST_CHECK enum status xml_placeholder_compile(const char *opening, const char *closing,
                                               struct xml_placeholder **ret, struct why *why);
void xml_placeholder_free(struct xml_placeholder *p);

enum xml_placeholder_verdict {
    XML_PLACEHOLDER_NONE, /* the expected text has none that is known */
    XML_PLACEHOLDER_EQUAL,
    XML_PLACEHOLDER_DIFFERENT,
    XML_PLACEHOLDER_BROKEN, /* it stands beside other text, or its regex is none */
};

/* actual.data NULL: there is no such text. */
enum xml_placeholder_verdict xml_placeholder_check(const struct xml_placeholder *p,
                                                   struct slice expected, struct slice actual);

#endif
