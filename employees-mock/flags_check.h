/* What the values of flags must be beyond their type, as WireMock checks them when it starts.
 * Pure. */
#ifndef EMPLOYEES_MOCK_FLAGS_CHECK_H
#define EMPLOYEES_MOCK_FLAGS_CHECK_H

#include "common/status.h"

/* Each text may be NULL: not given. ST_BAD_INPUT: why tells the flag and what is wrong. */
struct flags_check {
    const char *admin_auth;        /* "user:password" */
    const char *filename_template; /* parts joined by '-', each with "{{{" and "}}}" */
    const char *permitted_keys;    /* regular expressions joined by ',' */
    const char *proxy_all;         /* a URL */
    const char *proxy_via;         /* "host:port" */
};
MUST_CHECK enum status flags_check(const struct flags_check *texts, struct why *why);

#endif
