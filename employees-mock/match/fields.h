/* Lists of named values (query, form, cookies) that are read from their encoded form, decoded and
 * kept together. Bounded: what comes behind the last place is left out. */
#ifndef EMPLOYEES_MOCK_FIELDS_H
#define EMPLOYEES_MOCK_FIELDS_H

#include "common/buf.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/mock_request.h"

enum { FIELDS_MAX = 10000 };

/* Zeroed: empty. */
struct fields {
    struct mock_field *items;
    size_t count;
    size_t cap;
    char **kept; /* memory the items point into */
    size_t kept_count;
    size_t kept_cap;
};

void fields_done(struct fields *f);
struct mock_fields fields_view(const struct fields *f);

/* Adds a copy. Silently not, when memory or places are out. */
void fields_add(struct fields *f, struct slice name, struct slice value);

/* "a=1&b=%20": '+' is a blank. iso_dates: a name or value that is an ISO 8601 date-time with
 * offset is taken as it stands ('+' stays), as WireMock does for queries. charset: of the bytes
 * and of what escapes stand for. */
void fields_read_urlencoded(struct slice text, bool iso_dates, enum charset charset,
                            struct fields *ret);

/* ST_BAD_INPUT: a percent sign that begins no code, in the words of WireMock's exception. */
MUST_CHECK enum status fields_check_escapes(struct slice text, enum charset charset,
                                            struct why *why);

/* All Cookie headers, "a=b; c=d", values without their quotes; without what Jetty refuses. */
void fields_read_cookies(struct mock_fields headers, struct fields *ret);

/* ST_BAD_INPUT: a cookie over which Jetty refuses the whole request. */
MUST_CHECK enum status fields_check_cookies(struct mock_fields headers, struct why *why);

/* Standard Base64 (as Java's strict decoder takes it). NULL: it is none, or memory is out. The
 * caller frees; a NUL stands behind. */
char *fields_decode_base64(struct slice text, size_t *ret_len);

#endif
