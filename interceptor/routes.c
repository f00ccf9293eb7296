#include "interceptor/routes.h"

#include "interceptor/admin.h"
#include "interceptor/dataset.h"
#include "interceptor/gate.h"
#include "interceptor/health.h"
#include "interceptor/openapi.h"
#include "interceptor/page.h"
#include "interceptor/token_call.h"

#include <stdlib.h>
#include <string.h>

#define JSON         "application/json"
#define DOC(...)     (&(const struct route_doc){__VA_ARGS__})
#define COUNT(table) (sizeof(table) / sizeof *(table))

#define READ_STATUSES "200 401 403"

/* Rows of the admin API. */
#define READ(path_, handler_, ...)                                                                 \
    {                                                                                              \
        "GET", path_, admin_may_read, 0, handler_,                                                 \
            DOC(.answer = JSON, .security = "adminToken", __VA_ARGS__)                             \
    }
#define WRITE(method_, path_, max_, handler_, ...)                                                 \
    {                                                                                              \
        method_, path_, admin_may_write, max_, handler_,                                           \
            DOC(.answer = JSON, .security = "adminToken", __VA_ARGS__)                             \
    }

enum {
    NO_BODY_MAX = 64 << 10, /* of a change that takes none: many clients send {} all the same */
    TOKEN_BODY_MAX = 16 << 10,
    DATASET_BODY_MAX = 32 << 20,
    ITEM_BODY_MAX = 16 << 20,
    CONFIG_BODY_MAX = 64 << 20,
};

const struct route service_routes[] = {
    {"POST", TOKEN_PATH, gate_token, TOKEN_BODY_MAX, token_post,
     DOC(.id = "token", .tag = "service", .summary = "Issue an access token and a refresh token",
         .body = "application/x-www-form-urlencoded", .schema = "TokenRequest", .answer = JSON,
         .result = "TokenAnswer", .statuses = "200 400 401 413 415 429 500 503",
         .security = "apiKey")},
    {"POST", DATASET_PATH, gate_dataset, DATASET_BODY_MAX, dataset_post,
     DOC(.id = "dataset", .tag = "service", .summary = "Protect a data set, or give it back",
         .body = JSON, .schema = "DatasetRequest", .answer = JSON, .result = "DatasetAnswer",
         .statuses = "200 400 401 413 415 429 500 501 503", .security = "apiKey resourceToken")},
    {"GET", "/healthz", NULL, 0, health_get,
     DOC(.id = "health", .tag = "service", .summary = "Whether the service lives", .answer = JSON,
         .result = "Health", .statuses = "200")},
};
const size_t service_route_count = COUNT(service_routes);

const struct route admin_routes[] = {
    {"GET", "/", NULL, 0, page_get,
     DOC(.id = "page", .tag = "operation", .summary = "The web page", .answer = "text/html",
         .statuses = "200")},
    {"GET", "/app.js", NULL, 0, page_get,
     DOC(.id = "pageScript", .tag = "operation", .summary = "The page's script",
         .answer = "text/javascript", .statuses = "200")},
    {"GET", "/style.css", NULL, 0, page_get,
     DOC(.id = "pageStyle", .tag = "operation", .summary = "The page's style", .answer = "text/css",
         .statuses = "200")},
    {"GET", "/healthz", NULL, 0, health_get,
     DOC(.id = "adminHealth", .tag = "operation", .summary = "Whether the service lives",
         .answer = JSON, .result = "Health", .statuses = "200")},
    {"GET", "/readyz", NULL, 0, ready_get,
     DOC(.id = "ready", .tag = "operation", .summary = "Whether the service can work",
         .answer = JSON, .result = "Health", .statuses = "200 503")},
    {"GET", "/metrics", NULL, 0, metrics_get,
     DOC(.id = "metrics", .tag = "operation", .summary = "Counters for Prometheus",
         .answer = "text/plain", .statuses = "200")},
    {"GET", "/openapi.json", NULL, 0, openapi_get,
     DOC(.id = "openapi", .tag = "operation", .summary = "This description of both APIs",
         .answer = JSON, .statuses = "200")},

    READ("/admin/v1/tenants", policy_list, .id = "tenantList", .tag = "tenants",
         .summary = "All tenants", .result = "TenantList", .statuses = READ_STATUSES " 503"),
    READ("/admin/v1/tenants/{name}", policy_get, .id = "tenantGet", .tag = "tenants",
         .summary = "One tenant", .result = "StoredTenant", .statuses = READ_STATUSES " 404 503"),
    WRITE("PUT", "/admin/v1/tenants/{name}", ITEM_BODY_MAX, policy_put_one, .id = "tenantPut",
          .tag = "tenants", .summary = "Make or replace a tenant", .body = JSON, .schema = "Tenant",
          .result = "StoredTenant", .statuses = "200 201 400 401 403 409 413 503"),
    WRITE("DELETE", "/admin/v1/tenants/{name}", NO_BODY_MAX, policy_delete_one,
          .id = "tenantDelete", .tag = "tenants", .summary = "Remove a tenant", .result = "Deleted",
          .statuses = "200 401 403 404 409 413 503"),

    READ("/admin/v1/tenants/{tenant}/clients", clients_list, .id = "clientList", .tag = "tenants",
         .summary = "The clients of a tenant", .result = "ClientList",
         .statuses = READ_STATUSES " 404 503"),
    READ("/admin/v1/tenants/{tenant}/clients/{client}", client_get, .id = "clientGet",
         .tag = "tenants", .summary = "One client", .result = "StoredClient",
         .statuses = READ_STATUSES " 404 503"),
    WRITE("PUT", "/admin/v1/tenants/{tenant}/clients/{client}", ITEM_BODY_MAX, client_put,
          .id = "clientPut", .tag = "tenants", .summary = "Make or replace a client", .body = JSON,
          .schema = "Client", .result = "StoredClient",
          .statuses = "200 201 400 401 403 404 409 413 503"),
    WRITE("DELETE", "/admin/v1/tenants/{tenant}/clients/{client}", NO_BODY_MAX, client_delete,
          .id = "clientDelete", .tag = "tenants", .summary = "Remove a client", .result = "Deleted",
          .statuses = "200 401 403 404 413 503"),

    READ("/admin/v1/manifests", policy_list, .id = "manifestList", .tag = "manifests",
         .summary = "All manifests", .result = "ManifestList", .statuses = READ_STATUSES " 503"),
    READ("/admin/v1/manifests/{name}", policy_get, .id = "manifestGet", .tag = "manifests",
         .summary = "One manifest", .result = "StoredManifest",
         .statuses = READ_STATUSES " 404 503"),
    WRITE("PUT", "/admin/v1/manifests/{name}", ITEM_BODY_MAX, policy_put_one, .id = "manifestPut",
          .tag = "manifests", .summary = "Make or replace a manifest", .body = JSON,
          .schema = "Manifest", .result = "StoredManifest",
          .statuses = "200 201 400 401 403 409 413 503"),
    WRITE("DELETE", "/admin/v1/manifests/{name}", NO_BODY_MAX, policy_delete_one,
          .id = "manifestDelete", .tag = "manifests", .summary = "Remove a manifest",
          .result = "Deleted", .statuses = "200 401 403 404 409 413 503"),

    READ("/admin/v1/rules", policy_list, .id = "ruleList", .tag = "rules", .summary = "All rules",
         .result = "RuleList", .statuses = READ_STATUSES " 503"),
    READ("/admin/v1/rules/{name}", policy_get, .id = "ruleGet", .tag = "rules",
         .summary = "One rule", .result = "StoredRule", .statuses = READ_STATUSES " 404 503"),
    WRITE("PUT", "/admin/v1/rules/{name}", ITEM_BODY_MAX, policy_put_one, .id = "rulePut",
          .tag = "rules", .summary = "Make or replace a rule", .body = JSON, .schema = "Rule",
          .result = "StoredRule", .statuses = "200 201 400 401 403 409 413 503"),
    WRITE("DELETE", "/admin/v1/rules/{name}", NO_BODY_MAX, policy_delete_one, .id = "ruleDelete",
          .tag = "rules", .summary = "Remove a rule", .result = "Deleted",
          .statuses = "200 401 403 404 409 413 503"),

    READ("/admin/v1/config", config_export, .id = "configExport", .tag = "config",
         .summary = "The whole configuration, credentials as hashes", .result = "Config",
         .statuses = READ_STATUSES " 503"),
    WRITE("PUT", "/admin/v1/config", CONFIG_BODY_MAX, config_replace, .id = "configReplace",
          .tag = "config", .summary = "Replace the whole configuration (data keys stay)",
          .body = JSON, .schema = "Config", .result = "Applied",
          .statuses = "200 400 401 403 409 413 503"),
    WRITE("POST", "/admin/v1/config", CONFIG_BODY_MAX, config_add, .id = "configAdd",
          .tag = "config", .summary = "Add to the configuration", .body = JSON, .schema = "Config",
          .result = "Applied", .statuses = "200 400 401 403 409 413 503"),

    WRITE("POST", "/admin/v1/preview", DATASET_BODY_MAX, preview_post, .id = "preview",
          .tag = "preview", .summary = "A payload before and after a job, and why", .body = JSON,
          .schema = "PreviewRequest", .result = "Preview",
          .statuses = "200 400 401 403 404 413 501 503"),
    WRITE("POST", "/admin/v1/suggest", DATASET_BODY_MAX, suggest_post, .id = "suggest",
          .tag = "preview", .summary = "A manifest proposed from a sample", .body = JSON,
          .schema = "SuggestRequest", .result = "Suggestion",
          .statuses = "200 400 401 403 413 501"),

    READ("/admin/v1/calls", calls_list, .id = "callList", .tag = "calls",
         .summary = "The last calls, newest first", .query = "limit after", .result = "CallList",
         .statuses = READ_STATUSES " 400"),
    WRITE("DELETE", "/admin/v1/calls", NO_BODY_MAX, calls_delete, .id = "callsClear",
          .tag = "calls", .summary = "Forget the last calls", .result = "Deleted",
          .statuses = "200 401 403 413 503"),
    READ("/admin/v1/audit", audit_list, .id = "auditList", .tag = "audit",
         .summary = "The stored trail, newest first",
         .query = "limit after before from until tenant", .result = "AuditList",
         .statuses = READ_STATUSES " 400 503"),
    READ("/admin/v1/audit/verify", audit_check, .id = "auditVerify", .tag = "audit",
         .summary = "Whether the trail is whole", .result = "AuditVerdict",
         .statuses = READ_STATUSES " 503"),

    READ("/admin/v1/envoy", envoy_get, .id = "envoyStats", .tag = "operation",
         .summary = "Statistics of the Envoy at --envoy-admin", .result = "EnvoyStatistics",
         .statuses = READ_STATUSES " 404 503"),
    READ("/admin/v1/faults", faults_get, .id = "faultList", .tag = "faults",
         .summary = "The faults on demand", .result = "FaultList", .statuses = READ_STATUSES),
    WRITE("PUT", "/admin/v1/faults", ITEM_BODY_MAX, faults_put, .id = "faultsPut", .tag = "faults",
          .summary = "Replace the faults on demand", .body = JSON, .schema = "Faults",
          .result = "FaultList", .statuses = "200 400 401 403 413 503"),
    WRITE("DELETE", "/admin/v1/faults", NO_BODY_MAX, faults_delete, .id = "faultsClear",
          .tag = "faults", .summary = "No more faults", .result = "FaultList",
          .statuses = "200 401 403 413 503"),

    READ("/admin/v1/keys", keys_list, .id = "keyList", .tag = "keys",
         .summary = "The data keys, without their material", .result = "KeyList",
         .statuses = READ_STATUSES " 503"),
    WRITE("POST", "/admin/v1/keys/rotate", NO_BODY_MAX, keys_rotate, .id = "keyRotate",
          .tag = "keys", .summary = "Make a fresh data key", .result = "KeyList",
          .statuses = "201 401 403 409 413 503"),
    WRITE("POST", "/admin/v1/keys/{id}/retire", NO_BODY_MAX, keys_retire, .id = "keyRetire",
          .tag = "keys", .summary = "Stop opening what a data key made", .result = "KeyList",
          .statuses = "200 401 403 404 409 413 503"),
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
