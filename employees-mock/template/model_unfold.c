/* Beans as maps, in the order in which Jackson writes their properties. */
#include "employees-mock/template/model.h"

static const char *const request_names[] = {
    "id",     "requestLine", "headers",      "cookies",   "body",   "parts", "baseUrl",
    "method", "scheme",      "host",         "port",      "query",  "path",  "pathSegments",
    "url",    "clientIp",    "bodyAsBase64", "multipart", "binary", NULL,
};
static const char *const line_names[] = {
    "method",   "scheme",  "host", "port",         "query", "url",
    "clientIp", "baseUrl", "path", "pathSegments", NULL,
};
static const char *const part_names[] = {"name", "headers", "body", "bodyAsBase64", "binary", NULL};

static struct value bean_member(struct render *r, struct value v, struct slice name)
{
    if (v.kind == V_PART)
        return part_model_member(r, v.part, name);
    return v.kind == V_REQUEST ? request_model_member(r, v.request, name)
                               : request_line_member(r, v.request, name);
}

static struct value unfold_map(struct render *r, struct value v)
{
    struct value_map *map = value_new_map(&r->arena, value_size(v));
    void *cursor = NULL;

    for (size_t i = 0; map && i < map->count; i++) {
        map->entries[i] = value_entry_at(v, i, &cursor);
        map->entries[i].value = model_unfold(r, map->entries[i].value);
    }
    return value_of_map(map, (enum value_style)v.style);
}

struct value model_unfold(struct render *r, struct value v)
{
    const char *const *names = v.kind == V_REQUEST        ? request_names
                               : v.kind == V_REQUEST_LINE ? line_names
                                                          : part_names;
    struct value_map *map;
    size_t count = 0;

    if (v.kind == V_MAP && value_size(v) > 0 && v.map->entries[0].value.kind >= V_REQUEST)
        return unfold_map(r, v);
    if (v.kind < V_REQUEST)
        return v;
    while (names[count])
        count++;
    map = value_new_map(&r->arena, count);
    for (size_t i = 0; map && i < count; i++)
        map->entries[i] = (struct value_entry){
            slice_of(names[i]), model_unfold(r, bean_member(r, v, slice_of(names[i])))};
    return value_of_map(map, STYLE_PLAIN);
}
