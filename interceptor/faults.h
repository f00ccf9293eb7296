/* Faults on demand, for integration tests: what the next calls get instead of, or before, their
 * answer. Off (and one atomic read a call) unless an operator sets some. Any thread.
 *
 *     {"path": "dataset", "tenant": "demo", "probability": 1, "times": 2,
 *      "status": 503, "delayMs": 800, "reset": true, "malformed": true} */
#ifndef INTERCEPTOR_FAULTS_H
#define INTERCEPTOR_FAULTS_H

#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { FAULTS_MAX = 100, FAULT_DELAY_MAX_MS = 600000 };

struct fault_effect {
    unsigned status; /* 0: the true answer */
    uint64_t delay_ms;
    bool reset;
    bool malformed;
};

struct faults;

MUST_CHECK enum status faults_new(struct faults **ret, struct why *why);
void faults_free(struct faults *faults);

DEFINE_CLEANUP(faults, struct faults *, faults_free)
#define auto_faults __attribute__((cleanup(cleanup_faults)))

/* Replaces all. `document`: one fault, a list of them, or {"faults": [...]}. ST_BAD_INPUT: nothing
 * is changed. */
MUST_CHECK enum status faults_set(struct faults *faults, const json_t *document, struct why *why);
void faults_clear(struct faults *faults);
/* {"faults": [...]}, each with "hits" and, if it is limited, "left". */
json_t *faults_write(struct faults *faults);

/* The first fault that meets the call, counted as used. False: none. `path` is "token" or
 * "dataset"; `tenant` NULL: not known. */
bool faults_pick(struct faults *faults, const char *path, const char *tenant,
                 struct fault_effect *ret);

#endif
