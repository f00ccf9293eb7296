#include "employees-mock/routes.h"

#include "employees-mock/admin/admin.h"
#include "employees-mock/admin/files.h"
#include "employees-mock/admin/import.h"
#include "employees-mock/admin/kv.h"
#include "employees-mock/admin/mappings.h"
#include "employees-mock/admin/near_misses.h"
#include "employees-mock/admin/pages.h"
#include "employees-mock/admin/recordings.h"
#include "employees-mock/admin/requests.h"
#include "employees-mock/admin/scenarios.h"
#include "employees-mock/admin/server.h"
#include "employees-mock/request_target.h"
#include "employees-mock/serve.h"

#define MIB(n) ((size_t)(n) << 20)

#define CHECKED(check_, method_, path_, body_, handler_)                                           \
    {                                                                                              \
        .method = (method_), .path = "/__admin" path_, .check = (check_),                          \
        .body_max_bytes = (body_), .handler = (handler_)                                           \
    }
#define ADMIN(method, path, body, handler) CHECKED(admin_check, method, path, body, handler)
/* ... of what the journal tells */
#define ASKED(method, path, body, handler) CHECKED(admin_check_journal, method, path, body, handler)

/* clang-format off */
static const struct route table[] = {
    {.method = "*", .path = "/__admin", .body_max_bytes = MIB(1), .handler = server_root},
    {.method = "*", .path = "/__admin/recorder", .body_max_bytes = MIB(1), .handler = server_root},
    ADMIN("*",      "/recorder/",                        MIB(1),   page_recorder),
    ADMIN("HEAD",   "/{rest...}",                        MIB(1),   server_unknown),
    ADMIN("GET",    "/docs",                             MIB(1),   page_docs),
    ADMIN("GET",    "/",                                 MIB(1),   mappings_list),
    ADMIN("GET",    "/health",                           MIB(1),   server_health),
    ADMIN("GET",    "/version",                          MIB(1),   server_version),
    ADMIN("GET",    "/metrics",                          MIB(1),   server_metrics),
    ADMIN("POST",   "/reset",                            MIB(1),   server_reset),
    ADMIN("POST",   "/shutdown",                         MIB(1),   server_shutdown),

    ADMIN("GET",    "/mappings",                         MIB(1),   mappings_list),
    ADMIN("POST",   "/mappings",                         MIB(256), mappings_create),
    ADMIN("DELETE", "/mappings",                         MIB(1),   mappings_delete_all),
    ADMIN("POST",   "/mappings/import",                  MIB(256), mappings_import),
    ADMIN("POST",   "/mappings/edit",                    MIB(256), mappings_edit),
    ADMIN("POST",   "/mappings/save",                    MIB(1),   mappings_save),
    ADMIN("POST",   "/mappings/reset",                   MIB(1),   mappings_reset),
    ADMIN("POST",   "/mappings/remove",                  MIB(256), mappings_remove),
    ADMIN("POST",   "/mappings/find-by-metadata",        MIB(16),  mappings_find_by_metadata),
    ADMIN("POST",   "/mappings/remove-by-metadata",      MIB(16),  mappings_remove_by_metadata),
    ASKED("GET",    "/mappings/unmatched",               MIB(1),   mappings_unmatched),
    ASKED("DELETE", "/mappings/unmatched",               MIB(1),   mappings_delete_unmatched),
    ADMIN("GET",    "/mappings/{id}",                    MIB(1),   mapping_read),
    ADMIN("PUT",    "/mappings/{id}",                    MIB(256), mapping_edit),
    ADMIN("DELETE", "/mappings/{id}",                    MIB(1),   mapping_delete),

    ASKED("GET",    "/requests",                         MIB(1),   requests_list),
    ADMIN("DELETE", "/requests",                         MIB(1),   requests_delete_all),
    ADMIN("POST",   "/requests/count",                   MIB(16),  requests_count),
    ADMIN("POST",   "/requests/find",                    MIB(16),  requests_find),
    ASKED("POST",   "/requests/remove",                  MIB(16),  requests_remove),
    ASKED("POST",   "/requests/remove-by-metadata",      MIB(16),  requests_remove_by_metadata),
    ADMIN("GET",    "/requests/unmatched",               MIB(1),   requests_unmatched),
    ASKED("GET",    "/requests/unmatched/near-misses",   MIB(1),   near_misses_of_unmatched),
    ASKED("GET",    "/requests/{id}",                    MIB(1),   request_read),
    ADMIN("DELETE", "/requests/{id}",                    MIB(1),   request_delete),
    ADMIN("POST",   "/near-misses/request",              MIB(64),  near_misses_of_request),
    ASKED("POST",   "/near-misses/request-pattern",      MIB(16),  near_misses_of_pattern),

    ADMIN("GET",    "/scenarios",                        MIB(1),   scenarios_list),
    ADMIN("POST",   "/scenarios/reset",                  MIB(1),   scenarios_reset_all),
    ADMIN("PUT",    "/scenarios/{name}/state",           MIB(1),   scenario_set_state),

    ADMIN("POST",   "/recordings/start",                 MIB(1),   recordings_start),
    ADMIN("POST",   "/recordings/stop",                  MIB(1),   recordings_stop),
    ADMIN("GET",    "/recordings/status",                MIB(1),   recordings_status),
    ASKED("POST",   "/recordings/snapshot",              MIB(1),   recordings_snapshot),

    ADMIN("GET",    "/settings",                         MIB(1),   server_settings_read),
    ADMIN("PUT",    "/settings",                         MIB(1),   server_settings_write),
    ADMIN("POST",   "/settings",                         MIB(1),   server_settings_write),
    ADMIN("PATCH",  "/settings/extended",                MIB(1),   server_settings_extend),

    ADMIN("GET",    "/files",                            MIB(1),   body_file_list),
    ADMIN("GET",    "/files/{name...}",                  MIB(1),   body_file_read),
    ADMIN("PUT",    "/files/{name...}",                  MIB(256), body_file_write),
    ADMIN("DELETE", "/files/{name...}",                  MIB(1),   body_file_delete),

    ADMIN("GET",    "/kv",                               MIB(1),   kv_stores_list),
    ADMIN("DELETE", "/kv",                               MIB(1),   kv_stores_clear),
    ADMIN("GET",    "/kv/{store}",                       MIB(1),   kv_store_read),
    ADMIN("DELETE", "/kv/{store}",                       MIB(1),   kv_store_clear),
    ADMIN("GET",    "/kv/{store}/{key}",                 MIB(1),   kv_entry_read),
    ADMIN("PUT",    "/kv/{store}/{key}",                 MIB(2),   kv_entry_write),
    ADMIN("DELETE", "/kv/{store}/{key}",                 MIB(1),   kv_entry_delete),

    ADMIN("*",      "/{rest...}",                        MIB(256), server_unknown),

    {.method = "*", .path = "/{path...}", .check = request_target_is_sound,
     .body_max_bytes = MIB(256), .handler = serve_request},
};
/* clang-format on */

const struct route *routes_table(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof table[0];
    return table;
}
