/* Request patterns: the `request` of a stub (or a query to the journal), compiled once and asked
 * of many requests.
 *
 * A compiled pattern is immutable: many threads may match with it at once, each on a request of
 * its own. What WireMock would refuse is refused here in its words. */
#ifndef EMPLOYEES_MOCK_MATCH_H
#define EMPLOYEES_MOCK_MATCH_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "employees-mock/match/mock_request.h"

#include <jansson.h>
#include <stdbool.h>

struct request_pattern;

/* An element of WireMock's {"errors":[...]}; answered with 422. */
enum { MATCH_FAULT_XML = 50 };
struct match_fault {
    int code;          /* 10, or MATCH_FAULT_XML: a text is no XML, wherever it came from */
    char pointer[256]; /* source.pointer: "/request/bogus" */
    bool placeless;    /* it is in no document of the caller's: there is no pointer */
    char title[128];   /* "Error parsing JSON" */
    char detail[2048]; /* cut where it is longer; empty: there is none */
};

/* pointer: where `request` stands in its document ("/request" of a stub, "" of a query).
 * ST_BAD_INPUT, ST_UNSUPPORTED: fault (may be NULL) says why. */
MUST_CHECK enum status request_pattern_compile(const json_t *request, const char *pointer,
                                               struct request_pattern **ret,
                                               struct match_fault *fault);
void request_pattern_free(struct request_pattern *p);
DEFINE_CLEANUP(request_pattern, struct request_pattern *, request_pattern_free)
#define auto_request_pattern __attribute__((cleanup(cleanup_request_pattern)))

/* The fault as {"code":…,"source":{"pointer":…},"title":…,"detail":…}; NULL: memory is out. */
json_t *match_fault_json(const struct match_fault *fault);

/* The request pattern as WireMock writes it back: members in its order, defaults left out or
 * filled in as it does. A new reference. */
json_t *request_pattern_json(const struct request_pattern *p);

/* Whether the request matches: cheap questions first, stops at the first no.
 * ST_TIMEOUT: a regular expression or a path needs more work than is allowed; to be answered as an
 * error (500), not as a no.
 * ST_BAD_INPUT: there is null among the matchers; to be answered so, too. */
MUST_CHECK enum status request_pattern_matches(const struct request_pattern *p,
                                               const struct mock_request *r, bool *ret,
                                               struct why *why);

/* Whether null stands where Java would ask a matcher: anywhere; in a diff for the request; and when
 * it is asked whether the request matches or how near it is, which only goes so far where method
 * and URL match. */
bool request_pattern_has_null(const struct request_pattern *p);
bool request_pattern_breaks_diff(const struct request_pattern *p, const struct mock_request *r);
bool request_pattern_breaks(const struct request_pattern *p, const struct mock_request *r);
/* The failure that this is. */
enum status request_pattern_fail_null(struct why *why);

/* WireMock's distance, 0 (exact) to 1: weighs every part. For near misses. */
double request_pattern_distance(const struct request_pattern *p, const struct mock_request *r);

/* Of nothing from nothing it is NAN, as in Java, which takes that for the largest number. */
bool distance_is_less(double a, double b);

/* The urlPathTemplate; NULL where the pattern has none. Borrowed. */
const char *request_pattern_path_template(const struct request_pattern *p);

/* Whether it has queryParameters. */
bool request_pattern_asks_query(const struct request_pattern *p);

/* ---- what an index of stubs needs ---- */

enum pattern_place {
    PATTERN_URL,    /* only requests with exactly this path?query can match */
    PATTERN_PATH,   /* only those with exactly this path */
    PATTERN_PREFIX, /* only those whose path?query starts so; text ends where a regex or template
                       begins, and may be any length */
    PATTERN_ANYWHERE,
};

struct pattern_key {
    const char *method; /* the only method that can match, upper case; NULL: several or any */
    enum pattern_place place;
    struct slice text;
};
struct pattern_key request_pattern_key(const struct request_pattern *p);

/* ---- single matchers, for whoever has a value and a matcher's JSON (metadata queries) ---- */

struct value_matcher;

/* A matcher such as {"equalTo":"x"}. */
MUST_CHECK enum status value_matcher_compile(const json_t *matcher, const char *pointer,
                                             struct value_matcher **ret, struct match_fault *fault);
void value_matcher_free(struct value_matcher *m);
/* value NULL: there is none. */
MUST_CHECK enum status value_matcher_matches(const struct value_matcher *m,
                                             const struct slice *value, bool *ret, struct why *why);

#endif
