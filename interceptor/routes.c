#include "interceptor/routes.h"

#include "interceptor/dataset.h"
#include "interceptor/gate.h"
#include "interceptor/health.h"
#include "interceptor/token_call.h"

#include <stdlib.h>
#include <string.h>

#define JSON         "application/json"
#define DOC(...)     (&(const struct route_doc){__VA_ARGS__})
#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { TOKEN_BODY_MAX = 16 << 10, DATASET_BODY_MAX = 32 << 20 };

const struct route service_routes[] = {
    {"POST", TOKEN_PATH, gate_token, TOKEN_BODY_MAX, token_post,
     DOC(.id = "token", .tag = "service", .summary = "Issue an access token and a refresh token",
         .body = "application/x-www-form-urlencoded", .schema = "TokenRequest", .answer = JSON,
         .statuses = "200 400 401 413 415 429 500 503", .security = "apiKey")},
    {"POST", DATASET_PATH, gate_dataset, DATASET_BODY_MAX, dataset_post,
     DOC(.id = "dataset", .tag = "service", .summary = "Protect a data set, or give it back",
         .body = JSON, .schema = "DatasetRequest", .answer = JSON,
         .statuses = "200 400 401 413 415 429 500 501 503", .security = "apiKey resourceToken")},
    {"GET", "/healthz", NULL, 0, health_get,
     DOC(.id = "health", .tag = "service", .summary = "Whether the service lives", .answer = JSON,
         .statuses = "200")},
};
const size_t service_route_count = COUNT(service_routes);

const struct route admin_routes[] = {
    {"GET", "/healthz", NULL, 0, health_get,
     DOC(.id = "adminHealth", .tag = "operation", .summary = "Whether the service lives",
         .answer = JSON, .statuses = "200")},
    {"GET", "/readyz", NULL, 0, ready_get,
     DOC(.id = "ready", .tag = "operation", .summary = "Whether the service can work",
         .answer = JSON, .statuses = "200 503")},
    {"GET", "/metrics", NULL, 0, metrics_get,
     DOC(.id = "metrics", .tag = "operation", .summary = "Counters for Prometheus",
         .answer = "text/plain", .statuses = "200")},
};
const size_t admin_route_count = COUNT(admin_routes);

enum status routes_service(size_t body_max_bytes, struct route **ret, struct why *why)
{
    struct route *routes = malloc(sizeof service_routes);

    if (!routes)
        return fail_memory(why);
    memcpy(routes, service_routes, sizeof service_routes);
    for (size_t i = 0; i < service_route_count; i++)
        if (strcmp(routes[i].path, DATASET_PATH) == 0)
            routes[i].body_max_bytes = body_max_bytes;
    *ret = routes;
    return ST_OK;
}
