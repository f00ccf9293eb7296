/* Scenarios: named states that stubs ask for and change.
 *
 * A scenario exists as long as a stub names it and begins in "Started". Any thread may call any
 * function; a check and the change that follows it are one step. */
#ifndef EMPLOYEES_MOCK_SCENARIO_H
#define EMPLOYEES_MOCK_SCENARIO_H

#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>

#define SCENARIO_STARTED "Started"

struct scenarios;
struct scenario;

MUST_CHECK enum status scenarios_new(struct scenarios **ret, struct why *why);
void scenarios_free(struct scenarios *all); /* when no stub holds one any more */

/* The scenario of that name, made if need be; the caller holds it. NULL: memory is out. */
struct scenario *scenario_hold(struct scenarios *all, const char *name);
void scenario_drop(struct scenarios *all, struct scenario *s);

/* Whether the state is `required` (NULL: any) and, asked last and once, may(ctx) agrees; if so it
 * becomes `next` (NULL: it stays). Two callers that see the same state come one after the other. */
bool scenario_pass(struct scenarios *all, struct scenario *s, const char *required,
                   const char *next, bool (*may)(void *ctx), void *ctx);
/* The state now, copied for the caller to free; NULL: no such scenario, or memory is out. */
char *scenario_state_of(struct scenarios *all, const char *name);

/* state NULL: back to the start. ST_NOT_FOUND: no stub names this scenario. */
MUST_CHECK enum status scenario_set(struct scenarios *all, const char *name, const char *state,
                                    struct why *why);
void scenarios_reset(struct scenarios *all);

/* Its name and state, one after the other, in the order in which WireMock lists them (that of
 * Java's hash table), as they were when it was called. Stops when `each` returns false. */
void scenarios_each(struct scenarios *all,
                    bool (*each)(void *ctx, const char *name, const char *state), void *ctx);

#endif
