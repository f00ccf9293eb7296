/* What a served request was answered, in WireMock's JSON. All values are new references; NULL:
 * memory is out. */
#ifndef EMPLOYEES_MOCK_EVENT_ANSWER_H
#define EMPLOYEES_MOCK_EVENT_ANSWER_H

#include "employees-mock/event.h"

#include <jansson.h>

/* The stub's answer, with what its templates were filled in to. */
json_t *event_definition_json(const struct event *e);
/* What went out. */
json_t *event_response_json(const struct event *e);

/* The body of an answer's bytes, filled in, takes its place in the JSON of the answer. */
void filled_body_json(json_t *made, const struct answer *a, struct slice body);

#endif
