/* How Jetty spells the request headers that it knows: "content-type: TEXT/HTML" reaches stubs,
 * the journal and proxied servers as "Content-Type: text/html".
 *
 * Pure. Its parser looks for the head of each line, in any case of letters, among the names of its
 * HttpHeader and the values of its HttpParser.CACHE, and takes the longest that it has. */
#ifndef EMPLOYEES_MOCK_KNOWN_HEADER_H
#define EMPLOYEES_MOCK_KNOWN_HEADER_H

#include "common/buf.h"

#include <stdbool.h>

struct known_header;

/* NULL: Jetty does not know it; it stays as it came. */
const struct known_header *known_header_find(struct slice name);
struct slice known_header_name(const struct known_header *h);

/* What the value's first bytes become, and what those behind them (a Content-Type's charset); of
 * equal number, empty where they stay. All are literals. h may be NULL. */
struct known_value {
    struct slice head;
    struct slice tail;
};
struct known_value known_header_value(const struct known_header *h, struct slice value);
/* Whether any of it is other than it came. */
bool known_header_respells(const struct known_header *h, struct slice value);

#endif
