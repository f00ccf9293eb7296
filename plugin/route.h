/* Which policy a request's path falls under. Pure.
 *
 * A path is compared as the backend will understand it: percent-decoded, runs of slashes as one,
 * without its query. One that a backend may understand in another way (dot segments, encoded
 * slashes, backslashes) could slip past a route, so it is refused where there are routes. */
#ifndef PLUGIN_ROUTE_H
#define PLUGIN_ROUTE_H

#include "plugin/settings.h"

/* Writes the path as prefixes are compared with it. False: it is ambiguous, or no memory to tell. */
bool route_put_plain(struct slice path, struct buf *plain);

/* NULL: ambiguous, or no memory to tell. */
const struct policy *route_find(const struct settings *settings, struct slice path);

#endif
