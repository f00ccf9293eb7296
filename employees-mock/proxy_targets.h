/* Which hosts may be proxied to: --allow-proxy-targets, --deny-proxy-targets. Immutable. */
#ifndef EMPLOYEES_MOCK_PROXY_TARGETS_H
#define EMPLOYEES_MOCK_PROXY_TARGETS_H

#include "common/status.h"

#include <stdbool.h>

struct proxy_targets;

/* Comma-separated: "10.1.2.3", "10.1.1.1-10.2.1.1", "*.example.com"; NULL: nothing given.
 * ST_BAD_INPUT: a range, an address or a name that is none. */
MUST_CHECK enum status proxy_targets_parse(const char *allow, const char *deny,
                                           struct proxy_targets **ret, struct why *why);
void proxy_targets_free(struct proxy_targets *t);

/* Names are judged as they stand, and by the addresses they resolve to where ranges are given. */
bool proxy_targets_allow(const struct proxy_targets *t, const char *host);

#endif
