/* The whole URL map: one table for the service's port and one for the admin port, with what the
 * API's description says of each route. */
#ifndef INTERCEPTOR_ROUTES_H
#define INTERCEPTOR_ROUTES_H

#include "common/http.h"
#include "common/status.h"

#define TOKEN_PATH   "/apigator/identity/v1/token"
#define DATASET_PATH "/apigator/protect/v1/dataset"

/* What the documentation says of a route; openapi.c writes it. */
struct route_doc {
    const char *id; /* operationId; "token" and "dataset" name the endpoints elsewhere too */
    const char *tag;
    const char *summary;
    const char *body;     /* media type of the request's body; NULL: none */
    const char *schema;   /* of the body: a name under components/schemas, or NULL */
    const char *answer;   /* media type of the 2xx answer; NULL: no body */
    const char *result;   /* its schema: a name under components/schemas, or NULL */
    const char *statuses; /* "200 400 401" */
    const char *query;    /* names of query parameters: "limit after"; NULL: none */
    const char *security; /* "apiKey", "apiKey resourceToken", "adminToken"; NULL: none */
};

extern const struct route admin_routes[];
extern const size_t admin_route_count;
extern const struct route service_routes[];
extern const size_t service_route_count;

/* A copy of service_routes with the body ceiling in the data set's row; for the caller to free. */
MUST_CHECK enum status routes_service(size_t body_max_bytes, struct route **ret, struct why *why);

#endif
