#include "employees-mock/match/xml_nodes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item {
    xmlNodePtr node; /* NULL: a text, number or boolean */
    struct buf text; /* filled at the first question, but for values */
    struct buf content;
};

struct xpath_result {
    struct item *items;
    size_t count;
    bool is_value;
    bool plain;
};

void xpath_result_free(struct xpath_result *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++) {
        buf_done(&r->items[i].text);
        buf_done(&r->items[i].content);
    }
    free(r->items);
    free(r);
}

static struct xpath_result *make_result(size_t count)
{
    struct xpath_result *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->items = calloc(count + 1, sizeof *r->items);
    if (!r->items) {
        free(r);
        return NULL;
    }
    r->count = count;
    for (size_t i = 0; i < count; i++) {
        buf_init(&r->items[i].text, XML_TEXT_MAX);
        buf_init(&r->items[i].content, XML_TEXT_MAX);
    }
    return r;
}

/* As Java's NumberFormat of an English locale: grouped, at most three digits of fraction. */
static void put_number(double value, struct buf *ret)
{
    char digits[400];
    char *point;
    size_t whole;

    if (isnan(value) || isinf(value)) {
        buf_put_text(ret, isnan(value) ? "NaN" : value < 0 ? "-\xE2\x88\x9E" : "\xE2\x88\x9E");
        return;
    }
    snprintf(digits, sizeof digits, "%.3f", fabs(value));
    point = strchr(digits, '.');
    for (char *end = point + 3; end >= point && (*end == '0' || *end == '.'); end--) {
        bool was_point = *end == '.';

        *end = '\0';
        if (was_point)
            break;
    }
    whole = strcspn(digits, ".");
    if (value < 0)
        buf_put_char(ret, '-');
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_put_char(ret, ',');
        buf_put_char(ret, digits[i]);
    }
    buf_put_text(ret, digits + whole);
}

static struct xpath_result *value_result(xmlXPathObjectPtr object)
{
    struct xpath_result *r = make_result(1);

    if (!r)
        return NULL;
    r->is_value = true;
    if (object->type == XPATH_NUMBER)
        put_number(object->floatval, &r->items[0].text);
    else if (object->type == XPATH_BOOLEAN)
        buf_put_text(&r->items[0].text, object->boolval ? "true" : "false");
    else
        buf_put_text(&r->items[0].text, object->stringval ? (const char *)object->stringval : "");
    return r;
}

static struct xpath_result *node_result(xmlXPathObjectPtr object, bool plain)
{
    xmlNodeSetPtr nodes = object->nodesetval;
    size_t count = nodes && nodes->nodeNr > 0 ? (size_t)nodes->nodeNr : 0;
    struct xpath_result *r = make_result(count);

    if (r)
        r->plain = plain;
    for (size_t i = 0; r && i < count; i++) {
        xmlNodePtr node = nodes->nodeTab[i];

        /* A namespace node is a copy that goes with the object, and stands for nothing here. */
        if (node->type == XML_NAMESPACE_DECL)
            node = NULL;
        else if (plain && node->_private)
            node = node->_private;
        r->items[i].node = node;
    }
    return r;
}

struct xpath_result *xpath_result_of(xmlXPathObjectPtr object, bool plain)
{
    return object->type == XPATH_NODESET ? node_result(object, plain) : value_result(object);
}

size_t xpath_result_count(const struct xpath_result *r)
{
    return r->count;
}

static bool is_tree(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE;
}

/* What is neither element, attribute nor text is shown as Java's Node.toString() has it. */
static void put_leaf(xmlNodePtr node, struct buf *ret)
{
    const char *content = node->content ? (const char *)node->content : "";

    if (node->type == XML_CDATA_SECTION_NODE)
        buf_printf(ret, "[#cdata-section: %s]", content);
    else if (node->type == XML_COMMENT_NODE)
        buf_printf(ret, "[#comment: %s]", content);
    else if (node->type == XML_PI_NODE)
        buf_printf(ret, "[%s: %s]", (const char *)node->name, content);
    else
        xml_nodes_put_text(node, ret);
}

struct slice xpath_result_text(const struct xpath_result *r, size_t i)
{
    struct item *item = &r->items[i];

    if (item->node && item->text.len == 0 && is_tree(item->node))
        xml_nodes_write(item->node, !r->plain, &item->text);
    else if (item->node && item->text.len == 0)
        put_leaf(item->node, &item->text);
    return buf_text(&item->text) ? buf_slice(&item->text) : (struct slice){"", 0};
}

struct slice xpath_result_content(const struct xpath_result *r, size_t i)
{
    struct item *item = &r->items[i];

    if (!item->node)
        return xpath_result_text(r, i);
    if (item->content.len == 0)
        xml_nodes_put_text(item->node, &item->content);
    return buf_text(&item->content) ? buf_slice(&item->content) : (struct slice){"", 0};
}

static void put_qualified(const xmlNs *ns, const xmlChar *name, struct buf *ret)
{
    if (ns && ns->prefix)
        buf_printf(ret, "%s:", (const char *)ns->prefix);
    buf_put_text(ret, (const char *)name);
}

void xpath_result_put_name(const struct xpath_result *r, size_t i, struct buf *ret)
{
    const xmlNode *node = r->items[i].node;

    if (!node)
        return;
    switch (node->type) {
    case XML_TEXT_NODE:
        buf_put_text(ret, "#text");
        break;
    case XML_CDATA_SECTION_NODE:
        buf_put_text(ret, "#cdata-section");
        break;
    case XML_COMMENT_NODE:
        buf_put_text(ret, "#comment");
        break;
    case XML_DOCUMENT_NODE:
        buf_put_text(ret, "#document");
        break;
    case XML_PI_NODE:
        buf_put_text(ret, (const char *)node->name);
        break;
    case XML_ELEMENT_NODE:
    case XML_ATTRIBUTE_NODE:
        put_qualified(node->ns, node->name, ret);
        break;
    default:
        break;
    }
}

/* Declarations are attributes like others. */
static void set_declarations(json_t *attributes, const xmlNode *element)
{
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next) {
        auto_buf struct buf name = BUF_INIT(XML_TEXT_MAX);

        buf_put_text(&name, ns->prefix ? "xmlns:" : "xmlns");
        if (ns->prefix)
            buf_put_text(&name, (const char *)ns->prefix);
        if (buf_text(&name))
            json_object_set_new(attributes, name.data,
                                json_string(ns->href ? (const char *)ns->href : ""));
    }
}

json_t *xpath_result_attributes(const struct xpath_result *r, size_t i)
{
    const xmlNode *node = r->items[i].node;
    json_t *attributes = NULL;

    if (!node || node->type != XML_ELEMENT_NODE || (!node->properties && !node->nsDef))
        return NULL;
    attributes = json_object();
    set_declarations(attributes, node);
    for (xmlAttrPtr a = node->properties; a; a = a->next) {
        auto_buf struct buf value = BUF_INIT(XML_TEXT_MAX);
        auto_buf struct buf name = BUF_INIT(XML_TEXT_MAX);

        put_qualified(a->ns, a->name, &name);
        xml_nodes_put_text((xmlNodePtr)a, &value);
        if (buf_text(&name) && buf_text(&value))
            json_object_set_new(attributes, name.data, json_string(value.data));
    }
    return attributes;
}
