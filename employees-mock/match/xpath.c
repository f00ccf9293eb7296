#include "employees-mock/match/xpath.h"

#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xml_order.h"
#include "employees-mock/match/xpath_local.h"

#include <libxml/xpathInternals.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EXPRESSION_MAX = 16 * 1024, LOCAL_MAX = 1 << 20, OPERATIONS_MAX = 5000000 };

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memory_alloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

void xpath_watch_memory(void)
{
    xmlMemSetup(free, memory_alloc, memory_resize, copy_text);
}

/* ---- documents ---- */

enum status xml_document_parse(struct slice text, struct xml_document **ret, struct why *why)
{
    struct xml_document *d = calloc(1, sizeof *d);
    enum status st;

    if (!d)
        return fail_memory(why);
    st = xml_nodes_parse(text, 0, &d->doc, why);
    if (st != ST_OK) {
        free(d);
        return st;
    }
    xml_order_attributes(d->doc);
    *ret = d;
    return ST_OK;
}

void xml_document_free(struct xml_document *d)
{
    if (!d)
        return;
    xmlXPathFreeContext(d->context);
    xmlFreeDoc(d->doc);
    xmlFreeDoc(d->plain);
    free(d);
}

enum status xml_document_write_pretty(struct slice text, struct buf *ret, struct why *why)
{
    auto_xml_document struct xml_document *d = NULL;
    enum status st = xml_document_parse(text, &d, why);

    if (st != ST_OK)
        return st;
    xml_nodes_write((xmlNodePtr)d->doc, false, ret);
    return buf_status(ret, why);
}

/* Walks a copy beside what it was copied from: takes the default namespaces off, and notes the
 * original. */
static void strip(xmlNodePtr copy, xmlNodePtr original)
{
    for (; copy && original; copy = copy->next, original = original->next) {
        copy->_private = original;
        if (copy->type != XML_ELEMENT_NODE)
            continue;
        if (copy->ns && !copy->ns->prefix)
            copy->ns = NULL;
        for (xmlAttrPtr a = copy->properties, b = original->properties; a && b;
             a = a->next, b = b->next) {
            a->_private = b;
        }
        strip(copy->children, original->children);
    }
}

static xmlDocPtr plain_of(struct xml_document *d)
{
    if (!d->plain) {
        d->plain = xmlCopyDoc(d->doc, 1);
        if (memory_failed()) { /* nodes may lack their names */
            xmlFreeDoc(d->plain);
            d->plain = NULL;
        }
        if (d->plain) {
            d->plain->_private = d->doc;
            strip(d->plain->children, d->doc->children);
        }
    }
    return d->plain;
}

/* ---- expressions ---- */

struct xpath {
    char *text;
    json_t *namespaces; /* NULL: default namespaces count for nothing, names are local */
};

void xpath_free(struct xpath *x)
{
    if (!x)
        return;
    free(x->text);
    json_decref(x->namespaces);
    free(x);
}

static void ignore_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static void release_context(xmlXPathContextPtr *context)
{
    xmlXPathFreeContext(*context);
}

static xmlXPathContextPtr new_context(xmlDocPtr doc)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);

    if (context) {
        context->error = ignore_error;
        context->opLimit = OPERATIONS_MAX;
    }
    return context;
}

enum status xpath_compile(struct slice text, const json_t *namespaces, struct xpath **ret,
                          struct why *why)
{
    __attribute__((cleanup(release_context))) xmlXPathContextPtr context = new_context(NULL);
    auto_xpath struct xpath *x = calloc(1, sizeof *x);
    auto_buf struct buf local = BUF_INIT(LOCAL_MAX);
    xmlXPathCompExprPtr compiled;

    if (!context || !x)
        return fail_memory(why);
    if (text.len == 0 || text.len > EXPRESSION_MAX)
        return fail(why, ST_BAD_INPUT, "the XPath is empty or too long");
    if (json_object_size(namespaces) > 0)
        x->namespaces = json_deep_copy(namespaces);
    if (x->namespaces)
        buf_put_slice(&local, text);
    else
        xpath_local(text, &local);
    x->text = buf_take(&local, NULL);
    if (!x->text)
        return fail_memory(why);
    compiled = xmlXPathCtxtCompile(context, (const xmlChar *)x->text);
    if (!compiled)
        return fail(why, ST_BAD_INPUT, "no XPath: %.*s", (int)(text.len < 100 ? text.len : 100),
                    text.data);
    xmlXPathFreeCompExpr(compiled);
    *ret = take(x);
    return ST_OK;
}

/* ---- results ---- */

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

static bool register_namespaces(xmlXPathContextPtr context, const json_t *namespaces)
{
    const char *prefix;
    json_t *uri;

    json_object_foreach ((json_t *)namespaces, prefix, uri) {
        if (json_is_string(uri) && xmlXPathRegisterNs(context, (const xmlChar *)prefix,
                                                      (const xmlChar *)json_string_value(uri)) != 0)
            return false;
    }
    return true;
}

enum status xpath_read(const struct xpath *x, const struct xml_document *d,
                       struct xpath_result **ret, struct why *why)
{
    struct xml_document *own = (struct xml_document *)d; /* never const where it was made */
    bool plain = x->namespaces == NULL;
    xmlDocPtr doc = plain ? plain_of(own) : d->doc;
    __attribute__((cleanup(release_context))) xmlXPathContextPtr context = take(own->context);
    auto_xpath_result struct xpath_result *result = NULL;
    xmlXPathObjectPtr object;

    if (!context) /* to make one costs more than most expressions */
        context = new_context(doc);
    if (!doc || !context || !register_namespaces(context, x->namespaces))
        return fail_memory(why);
    context->doc = doc;
    context->opCount = 0;
    context->node = (xmlNodePtr)doc;
    object = xmlXPathEvalExpression((const xmlChar *)x->text, context);
    if (memory_failed()) {
        xmlXPathFreeObject(object);
        return fail_memory(why);
    }
    if (!object) {
        if (context->lastError.code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
            return fail(why, ST_TIMEOUT, "the XPath needs more work than is allowed");
        return fail(why, ST_BAD_INPUT, "the XPath could not be evaluated");
    }
    result = object->type == XPATH_NODESET ? node_result(object, plain) : value_result(object);
    xmlXPathFreeObject(object);
    xmlXPathRegisteredNsCleanup(context);
    own->context = take(context);
    if (!result || memory_failed()) /* its texts may be cut */
        return fail_memory(why);
    *ret = take(result);
    return ST_OK;
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
