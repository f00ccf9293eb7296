/* Where in a nested document a fault is: each level puts its own name before the place that the
 * level below it reported, so "equals" becomes "rules[2].claims.any[0].equals". */
#ifndef INTERCEPTOR_PLACE_H
#define INTERCEPTOR_PLACE_H

#include "common/status.h"

/* Returns st; on a failure the place becomes empty: the value itself is at fault. */
enum status place_here(struct why *why, enum status st);

/* Returns st; on a failure the words are put before why->place. */
enum status place_before(struct why *why, enum status st, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
