/* java.time.ZoneOffset as text. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_ZONE_OFFSET_H
#define EMPLOYEES_MOCK_TEMPLATE_ZONE_OFFSET_H

#include "common/buf.h"
#include "common/status.h"

enum { ZONE_OFFSET_SIZE = 16 };

/* ZoneOffset.of: Z, +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss, as seconds east of Greenwich.
 * ST_BAD_INPUT: why->text is Java's exception. */
MUST_CHECK enum status zone_offset_read(struct slice s, int *ret, struct why *why);

/* "+01:00", "-09:30:15". */
void zone_offset_write(int offset_s, char ret[ZONE_OFFSET_SIZE]);

#endif
