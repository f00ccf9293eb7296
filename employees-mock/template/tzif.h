/* Rules of one zone from the system's database (TZif, RFC 8536). Immutable once loaded. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_TZIF_H
#define EMPLOYEES_MOCK_TEMPLATE_TZIF_H

#include "employees-mock/template/java_zone.h"

struct tzif;

/* From /usr/share/zoneinfo/NAME (or under $TZDIR); the name may hold letters, digits and "/_+-"
 * only. NULL: none, or it can't be read. */
struct tzif *tzif_load(struct slice name);
void tzif_free(struct tzif *z);

void tzif_at(const struct tzif *z, int64_t utc_s, struct java_zone_time *ret);

#endif
