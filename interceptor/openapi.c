#include "interceptor/openapi.h"

#include "common/json.h"
#include "interceptor/asset.h"
#include "interceptor/call.h"
#include "interceptor/routes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

ASSET(openapi_parts, "interceptor/openapi.components.json");

enum { NAME_ROOM = 64 };

json_t *openapi_components(void)
{
    json_t *parts = NULL;

    return json_read(slice_of(asset_text(openapi_parts)), &parts, NULL) == ST_OK ? parts : NULL;
}

/* The next word of a list that blanks separate; false behind the last. */
static bool next_word(const char **list, char ret[NAME_ROOM])
{
    size_t len;

    if (!*list)
        return false;
    *list += strspn(*list, " ");
    len = strcspn(*list, " ");
    if (len == 0 || len >= NAME_ROOM)
        return false;
    memcpy(ret, *list, len);
    ret[len] = '\0';
    *list += len;
    return true;
}

static json_t *schema_reference(const char *name)
{
    return json_pack("{s:s+}", "$ref", "#/components/schemas/", name);
}

/* What a parameter is, where that is more than a text. */
static json_t *parameter_schema(const char *name)
{
    static const struct {
        const char *name, *type, *format;
    } rows[] = {
        {"limit", "integer", "int64"},    {"after", "integer", "int64"},
        {"before", "integer", "int64"},   {"from", "string", "date-time"},
        {"until", "string", "date-time"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return json_pack("{s:s, s:s}", "type", rows[i].type, "format", rows[i].format);
    return json_pack("{s:s}", "type", "string");
}

static json_t *parameter(const char *name, const char *place)
{
    return json_pack("{s:s, s:s, s:b, s:o}", "name", name, "in", place, "required",
                     strcmp(place, "path") == 0, "schema", parameter_schema(name));
}

/* The headers of a dataset call that may be left out. */
static void add_headers(json_t *list)
{
    static const char *const names[] = {"DataSetType", "OnInvalidManifest", "SilentMode",
                                        "ExecutionContext", "ValidationKey"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_array_append_new(list,
                              json_pack("{s:s+}", "$ref", "#/components/parameters/", names[i]));
}

static json_t *write_parameters(const struct route *route)
{
    const struct route_doc *doc = route->doc;
    const char *query = doc->query;
    json_t *list = json_array();
    char name[NAME_ROOM];

    for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{')) {
        size_t len = strcspn(at + 1, "}");

        snprintf(name, sizeof name, "%.*s", (int)len, at + 1);
        json_array_append_new(list, parameter(name, "path"));
    }
    while (next_word(&query, name))
        json_array_append_new(list, parameter(name, "query"));
    if (strcmp(route->path, DATASET_PATH) == 0)
        add_headers(list);
    return list;
}

static json_t *write_answer(const struct route_doc *doc, const char *status)
{
    bool fine = status[0] == '2';
    const char *media = fine ? doc->answer : "application/json";
    const char *name = fine ? doc->result : "Error";

    return json_pack("{s:s, s:{s:{s:o}}}", "description", fine ? "Done" : "Refused", "content",
                     media, "schema", name ? schema_reference(name) : json_object());
}

static json_t *write_answers(const struct route *route)
{
    const struct route_doc *doc = route->doc;
    const char *statuses = doc->statuses;
    json_t *answers = json_object();
    char status[NAME_ROOM];

    while (next_word(&statuses, status))
        json_object_set_new(answers, status, write_answer(doc, status));
    return answers;
}

static json_t *write_security(const struct route_doc *doc)
{
    const char *names = doc->security;
    json_t *together = json_object();
    char name[NAME_ROOM];

    while (next_word(&names, name))
        json_object_set_new(together, name, json_array());
    return doc->security ? json_pack("[o]", together) : (json_decref(together), json_array());
}

static json_t *write_operation(const struct route *route)
{
    const struct route_doc *doc = route->doc;
    json_t *operation =
        json_pack("{s:s, s:[s], s:s, s:o, s:o, s:o}", "operationId", doc->id, "tags", doc->tag,
                  "summary", doc->summary, "parameters", write_parameters(route), "responses",
                  write_answers(route), "security", write_security(doc));

    if (doc->body)
        json_object_set_new(operation, "requestBody",
                            json_pack("{s:b, s:{s:{s:o}}}", "required", 1, "content", doc->body,
                                      "schema",
                                      doc->schema ? schema_reference(doc->schema) : json_object()));
    return operation;
}

static void add_routes(json_t *paths, const struct route *routes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *path = json_object_get(paths, routes[i].path);
        char method[NAME_ROOM];

        snprintf(method, sizeof method, "%s", routes[i].method);
        for (char *c = method; *c; c++)
            *c = (char)tolower((unsigned char)*c);
        if (!path) {
            path = json_object();
            json_object_set_new(paths, routes[i].path, path);
        }
        if (!json_object_get(path, method))
            json_object_set_new(path, method, write_operation(&routes[i]));
    }
}

json_t *openapi_write(void)
{
    json_t *paths = json_object();

    add_routes(paths, service_routes, service_route_count);
    add_routes(paths, admin_routes, admin_route_count);
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:o}", "openapi", "3.0.3", "info", "title",
                     "interceptor", "version", VERSION, "description",
                     "A masking service: the service's port has the two /apigator paths and "
                     "/healthz, the admin port all others.",
                     "paths", paths, "components", openapi_components());
}

void openapi_get(struct http_request *req)
{
    reply_json(req, 200, openapi_write());
}
