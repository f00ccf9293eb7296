/* How long an answer waits: fixed, or drawn from one of WireMock's distributions.
 *
 * Pure but for the random numbers, which each thread draws for itself. */
#ifndef EMPLOYEES_MOCK_DELAY_H
#define EMPLOYEES_MOCK_DELAY_H

#include "common/status.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdint.h>

enum delay_kind { DELAY_NONE, DELAY_FIXED, DELAY_UNIFORM, DELAY_LOGNORMAL };

struct delay {
    enum delay_kind kind;
    double low;     /* ms; fixed: the delay itself; lognormal: the median */
    double high;    /* uniform: the largest */
    double sigma;   /* lognormal */
    double ceiling; /* lognormal: drawn again above it; 0: none */
};

/* A delayDistribution; `pointer` is its own place in the document. null is DELAY_NONE. */
MUST_CHECK enum status delay_parse(const json_t *value, const char *pointer, struct delay *ret,
                                   struct match_fault *fault);

/* As WireMock writes it back, all members there; NULL for DELAY_NONE. A new reference. */
json_t *delay_json(const struct delay *d);

/* Not where the largest is less than the least: each answer with it fails. */
bool delay_is_possible(const struct delay *d);

/* A delay in ms, at most a day. */
uint64_t delay_draw(const struct delay *d);

#endif
