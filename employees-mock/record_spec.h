/* What a recording is told: which requests become stubs, and how. Immutable once read. */
#ifndef EMPLOYEES_MOCK_RECORD_SPEC_H
#define EMPLOYEES_MOCK_RECORD_SPEC_H

#include "common/status.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct record_spec {
    json_t *json;                   /* the whole; texts below are borrowed from it */
    const char *target;             /* targetBaseUrl; NULL: none */
    struct request_pattern *filter; /* NULL: all */
    const json_t *ids;              /* of requests; NULL: all */
    bool allow_non_proxied;
    const json_t *capture;    /* header name -> {"caseInsensitive":…}; or NULL */
    const char *body_matcher; /* "auto", "equalTo", "equalToJson", "equalToXml"; NULL: bodies do
                               * not count */
    json_t *text_flags;       /* members beside equalTo, */
    json_t *json_flags;       /* and beside equalToJson; owned */
    size_t text_threshold, binary_threshold; /* larger bodies become files; SIZE_MAX: never */
    bool only_ids;                           /* outputFormat IDS */
    bool persist;
    bool repeats_as_scenarios;
};

/* spec NULL: all defaults. Names of transformers, which are Java
 * code, are passed over. */
MUST_CHECK enum status record_spec_read(const json_t *spec, struct record_spec *ret,
                                        struct match_fault *fault);
void record_spec_done(struct record_spec *spec);

#endif
