/* The text of a 404: why no stub was served, beside the stub that came closest.
 *
 * Pure; the layout is WireMock's two columns ("Closest stub" | "Request"). */
#ifndef EMPLOYEES_MOCK_DIFF_H
#define EMPLOYEES_MOCK_DIFF_H

#include "common/buf.h"
#include "employees-mock/match/match.h"
#include "employees-mock/match/mock_request.h"

/* The closest stub; texts may be NULL. Borrowed for the call. */
struct diff_stub {
    const struct request_pattern *pattern;
    const char *name;
    const char *scenario;       /* scenarioName */
    const char *required_state; /* requiredScenarioState */
    const char *current_state;  /* the scenario's state now */
};

/* Appends the body of the 404 for a request that no stub matched.
 * stub NULL: "No response could be served as there are no stub mappings in this WireMock
 * instance." */
void diff_write(const struct diff_stub *stub, const struct mock_request *r, struct buf *ret);

#endif
