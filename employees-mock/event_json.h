/* Served requests in WireMock's JSON. All values are new references; NULL: memory is out. */
#ifndef EMPLOYEES_MOCK_EVENT_JSON_H
#define EMPLOYEES_MOCK_EVENT_JSON_H

#include "employees-mock/event.h"

#include <jansson.h>

/* The whole serve event. */
json_t *event_json(struct event *e);
/* Only its request, as in /__admin/requests/find. */
json_t *event_request_json(const struct event *e);

/* A request that was not logged by this server: members that it does not have are left out. */
json_t *request_json(const struct mock_request *r, const json_t *given);

/* Fields as {"A":"b","C":["d","e"]}: names in any case are one. */
json_t *fields_json(const struct mock_field *fields, size_t count, bool any_case);

/* A request that this server sent itself (a webhook's). body.data NULL: it has none. */
json_t *sent_request_json(struct slice method, struct slice url, const struct mock_field *headers,
                          size_t header_count, struct slice body);

/* Bytes as JSON text: what is no UTF-8 becomes U+FFFD. */
json_t *text_json(struct slice bytes);
json_t *base64_json(struct slice bytes);

#endif
