/* dateShift: by how many days the dates of a subject move. */
#ifndef ENGINE_SHIFT_H
#define ENGINE_SHIFT_H

#include "interceptor/engine/date.h"
#include "interceptor/engine/run.h"

/* Appends to run->made the date moved by 1 to 365 days back or forth, as tenant and subject tell.
 * False, nothing appended: that would leave the years 1 to 9999. */
bool shift_put(struct run *run, struct slice subject, const struct date *date);

#endif
