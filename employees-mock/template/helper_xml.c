/* xPath, soapXPath. */
#include "employees-mock/template/helper.h"

#include "employees-mock/match/xpath.h"
#include "employees-mock/match/xpath_local.h"
#include "employees-mock/template/java_map.h"
#include "employees-mock/template/render.h"
#include "employees-mock/template/xml_cache.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    struct slice left = ((const struct value_entry *)a)->name;
    struct slice right = ((const struct value_entry *)b)->name;
    int order = memcmp(left.data, right.data, left.len < right.len ? left.len : right.len);

    return order ? order : (left.len > right.len) - (left.len < right.len);
}

/* Java's tree has them by their names, before a HashMap takes them. */
static void read_attributes(struct call *c, const struct xpath_result *found, size_t i,
                            struct value_map *ret)
{
    json_t *json = xpath_result_attributes(found, i);
    struct value v = VALUE_NULL;
    void *cursor = NULL;
    struct value_map *map;

    if (!json || !render_keep_json(c->render, json))
        return;
    v = value_json(json, STYLE_PLAIN);
    map = value_new_map(call_arena(c), value_size(v));
    for (size_t j = 0; map && j < map->count; j++)
        map->entries[j] = value_entry_at(v, j, &cursor);
    if (map) {
        qsort(map->entries, map->count, sizeof *map->entries, by_name);
        java_order_hash(map);
        *ret = *map;
    }
}

static struct value node_at(struct call *c, const struct xpath_result *found, size_t i)
{
    struct value_xml *node = arena_new(call_arena(c), struct value_xml);
    auto_buf struct buf name = CALL_BUF_INIT(c);

    if (!node)
        return VALUE_NULL;
    xpath_result_put_name(found, i, &name);
    node->name = arena_copy_buf(call_arena(c), &name);
    node->text = xpath_result_content(found, i);
    node->xml = xpath_result_text(found, i);
    read_attributes(c, found, i, &node->attributes);
    return (struct value){.kind = V_XML, .xml = node};
}

static struct value nodes_of(struct call *c, const struct xpath_result *found)
{
    size_t count = xpath_result_count(found);
    struct value_list *list = value_new_list(call_arena(c), count);

    if (count == 0)
        return value_text(SLICE(""));
    for (size_t i = 0; list && i < count && call_go_on(c); i++)
        list->items[i] = node_at(c, found, i);
    return value_of_list(list, STYLE_SINGLE);
}

static struct value find(struct call *c, enum prepared_kind kind)
{
    struct value path = call_param(c, 0);
    struct slice text = call_text(c, c->context); /* null is the text "null" */
    struct xpath_result *found = NULL;
    const struct prepared *p;
    const struct xml_document *document;

    if (value_is_null(path))
        return call_error(c, "The XPath expression cannot be empty");
    if (path.kind != V_STRING)
        return call_throw_cast(c, path, "java.lang.String");
    document = xml_cache_document(c->render, text);
    if (!document)
        return call_error(c, "%.*s is not valid XML", SHOW(text));
    p = call_prepared(c, kind, 1, NULL, path.text);
    if (!p || p->status != ST_OK)
        return call_error(c, "%.*s is not a valid XPath expression", SHOW(path.text));
    if (xpath_read(p->xpath, document, &found, NULL) != ST_OK)
        return xpath_has_prefix(path.text)
                   ? value_text(SLICE(""))
                   : call_error(c, "%.*s is not a valid XPath expression", SHOW(path.text));
    if (!xml_cache_keep(c->render, found))
        return VALUE_NULL;
    return nodes_of(c, found);
}

static struct value run_xpath(struct call *c)
{
    return find(c, PREPARED_XPATH);
}

static struct value run_soap_xpath(struct call *c)
{
    return find(c, PREPARED_SOAP_XPATH);
}

const struct helper helpers_xml[] = {
    {.name = "xPath", .run = run_xpath, .prepares = {{PREPARED_XPATH, 1, NULL}}},
    {.name = "soapXPath", .run = run_soap_xpath, .prepares = {{PREPARED_SOAP_XPATH, 1, NULL}}},
    {.name = NULL},
};
