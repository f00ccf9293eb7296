/* What the Range headers of a request ask for, as Jetty reads them. Pure. */
#ifndef EMPLOYEES_MOCK_BYTE_RANGES_H
#define EMPLOYEES_MOCK_BYTE_RANGES_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { BYTE_RANGES_MAX = 64 }; /* what is asked for beyond is left out */

struct byte_range {
    size_t first;
    size_t last; /* inclusive */
};

struct byte_ranges {
    bool asked; /* there was a header; with a count of 0: none can be satisfied */
    struct byte_range items[BYTE_RANGES_MAX];
    size_t count;
};

/* Adds one header's value, for content of that size: "bytes=0-3,-5". Those that overlap become one;
 * what makes no sense or lies behind the end is left out. */
void byte_ranges_add(struct byte_ranges *r, struct slice value, size_t size);

#endif
