#include "employees-mock/match/xml_nodes.h"

#include "employees-mock/match/xml_fault.h"

#include "common/memory.h"
#include "common/utf8.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- parsing ---- */

/* Entities that stand in the document itself are replaced; one that would bring in something from
 * outside is empty. libxml2 bounds how far the document may grow by them. */
static void declare_entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                           const xmlChar *system_id, xmlChar *content)
{
    static xmlChar nothing[] = "";

    if (type == XML_INTERNAL_GENERAL_ENTITY || type == XML_INTERNAL_PARAMETER_ENTITY)
        xmlSAX2EntityDecl(context, name, type, public_id, system_id, content);
    else if (type == XML_EXTERNAL_GENERAL_PARSED_ENTITY)
        xmlSAX2EntityDecl(context, name, XML_INTERNAL_GENERAL_ENTITY, NULL, NULL, nothing);
}

enum status xml_nodes_parse(struct slice text, unsigned flags, xmlDocPtr *ret, struct why *why)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_COMPACT | XML_PARSE_NODICT |
                        XML_PARSE_IGNORE_ENC |
                        (flags & XML_NODES_PLAIN_CDATA ? XML_PARSE_NOCDATA : 0);
    bool namespaces = flags & XML_NODES_NAMESPACES;
    struct xml_fault fault = {.namespaces = namespaces};
    xmlParserCtxtPtr parser;
    xmlDocPtr doc;
    enum status st = ST_OK;

    if (text.len > XML_TEXT_MAX)
        return fail(why, ST_TOO_LARGE, "the document is longer than %d bytes", XML_TEXT_MAX);
    if (!utf8_valid(text))
        return fail(why, ST_BAD_INPUT, "the document is not UTF-8");
    /* Java parses a text, where a byte order mark has no place */
    if (slice_starts(text, SLICE("\xef\xbb\xbf")))
        return fail(why, ST_BAD_INPUT, "Content is not allowed in prolog.; line 1; column 1");
    parser = xmlNewParserCtxt();
    if (!parser)
        return fail_memory(why);
    xml_fault_watch(parser, &fault);
    parser->sax->entityDecl = declare_entity;
    doc = xmlCtxtReadMemory(parser, text.data ? text.data : "", (int)text.len, NULL, "UTF-8",
                            options);
    if (memory_failed()) { /* nodes may lack their names */
        st = fail_memory(why);
        xmlFreeDoc(doc);
    } else if (!doc || !parser->wellFormed || (namespaces && !parser->nsWellFormed)) {
        st = fail(why, ST_BAD_INPUT, "%s; line %d; column %d",
                  fault.found ? fault.words : "Premature end of file.",
                  fault.found ? fault.line : 1, fault.found ? fault.column : 1);
        xmlFreeDoc(doc);
    } else {
        *ret = doc;
    }
    xmlFreeParserCtxt(parser);
    return st;
}

bool xml_nodes_are_none(struct slice text, unsigned flags, struct why *ret)
{
    xmlDocPtr document = NULL;
    enum status st = xml_nodes_parse(text, flags, &document, ret);
    char *place = st == ST_BAD_INPUT ? strstr(ret->text, "; line ") : NULL;

    xmlFreeDoc(document);
    if (place)
        *place = '\0';
    return st == ST_BAD_INPUT;
}

void xml_nodes_put_text(xmlNodePtr node, struct buf *ret)
{
    xmlChar *text = xmlNodeGetContent(node);

    if (text)
        buf_put_text(ret, (const char *)text);
    xmlFree(text);
}

/* ---- printing ---- */

static void indent(struct buf *ret, unsigned level)
{
    while (level-- > 0)
        buf_put_text(ret, "  ");
}

static void put_escaped(struct slice text, bool attribute, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == '<')
            buf_put_text(ret, "&lt;");
        else if (c == '>')
            buf_put_text(ret, "&gt;");
        else if (c == '&')
            buf_put_text(ret, "&amp;");
        else if (c == '"' && attribute)
            buf_put_text(ret, "&quot;");
        else if (c == '\n' && attribute)
            buf_put_text(ret, "&#10;");
        else if (c == '\t' && attribute)
            buf_put_text(ret, "&#9;");
        else if (c == '\r')
            buf_put_text(ret, "&#13;");
        else
            buf_put_char(ret, c);
    }
}

static void put_name(const xmlNs *ns, const xmlChar *name, struct buf *ret)
{
    if (ns && ns->prefix)
        buf_printf(ret, "%s:", (const char *)ns->prefix);
    buf_put_text(ret, (const char *)name);
}

struct printed {
    char *name; /* with its prefix */
    bool is_declaration;
    struct slice value;
    struct buf own_value;
};

struct printed_list {
    struct printed *items;
    size_t count;
};

static void printed_done(struct printed_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        buf_done(&list->items[i].own_value);
    }
    free(list->items);
}

static struct printed *add_printed(struct printed_list *list, const char *prefix, const char *name)
{
    struct printed *items = memory_resize(list->items, (list->count + 1) * sizeof *items);
    auto_buf struct buf whole = BUF_INIT(XML_TEXT_MAX);

    if (!items)
        return NULL;
    list->items = items;
    buf_printf(&whole, "%s%s%s", prefix, *prefix && *name ? ":" : "", name);
    items[list->count] = (struct printed){.name = buf_take(&whole, NULL)};
    if (!items[list->count].name)
        return NULL;
    buf_init(&items[list->count].own_value, XML_TEXT_MAX);
    return &items[list->count++];
}

static void add_namespace(struct printed_list *list, const xmlNs *ns)
{
    struct printed *p = add_printed(list, "xmlns", ns->prefix ? (const char *)ns->prefix : "");

    if (!p)
        return;
    p->is_declaration = true;
    p->value = slice_of(ns->href ? (const char *)ns->href : "");
}

static bool uses(const xmlNode *element, const xmlNs *ns)
{
    bool found = element->ns == ns;

    for (const xmlAttr *a = element->properties; a && !found; a = a->next)
        found = a->ns == ns;
    return found;
}

/* Whether what is printed already declares it, at the element or above. */
static bool is_declared(const xmlNode *element, const xmlNode *root, const xmlNs *wanted)
{
    for (const xmlNode *node = element; node; node = node->parent) {
        for (const xmlNs *ns = node->nsDef; ns; ns = ns->next) {
            if (ns == wanted)
                return true;
        }
        if (node != element && uses(node, wanted))
            return true;
        if (node == root)
            break;
    }
    return false;
}

static void add_missing_namespaces(struct printed_list *list, const xmlNode *element,
                                   const xmlNode *root)
{
    if (element->ns && !is_declared(element, root, element->ns))
        add_namespace(list, element->ns);
    for (const xmlAttr *a = element->properties; a; a = a->next) {
        if (a->ns && a->ns != element->ns && !is_declared(element, root, a->ns) &&
            !xmlStrEqual(a->ns->prefix, (const xmlChar *)"xml"))
            add_namespace(list, a->ns);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct printed *x = a;
    const struct printed *y = b;

    if (x->is_declaration != y->is_declaration)
        return x->is_declaration ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Declarations, then attributes, both in the order of their names, as Java's tree keeps them. root: the
 * element that is printed, where it stands inside of a document; NULL: the document itself. */
static void put_attributes(xmlNodePtr element, const xmlNode *root, struct buf *ret)
{
    struct printed_list list = {0};

    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next)
        add_namespace(&list, ns);
    if (root)
        add_missing_namespaces(&list, element, root);
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        struct printed *p =
            add_printed(&list, a->ns && a->ns->prefix ? (const char *)a->ns->prefix : "",
                        (const char *)a->name);

        if (!p)
            break;
        xml_nodes_put_text((xmlNodePtr)a, &p->own_value);
        p->value = buf_slice(&p->own_value);
    }
    if (list.count > 1)
        qsort(list.items, list.count, sizeof *list.items, by_name);
    for (size_t i = 0; i < list.count; i++) {
        buf_printf(ret, " %s=\"", list.items[i].name);
        put_escaped(list.items[i].value, true, ret);
        buf_put_char(ret, '"');
    }
    printed_done(&list);
}

static bool is_text(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static struct slice text_of(const xmlNode *node)
{
    return slice_of((const char *)node->content);
}

/* Java's printer drops the line breaks that a text beside elements begins with. */
static struct slice behind_newlines(struct slice text)
{
    while (text.len > 0 && (text.data[0] == '\n' || text.data[0] == '\r')) {
        text.data++;
        text.len--;
    }
    return text;
}

/* Only text inside: it stays on the element's line. */
static bool has_only_text(const xmlNode *element)
{
    for (const xmlNode *child = element->children; child; child = child->next) {
        if (!is_text(child))
            return false;
    }
    return true;
}

static void put_node(xmlNodePtr node, const xmlNode *root, unsigned level, bool inline_text,
                     struct buf *ret);

static void put_children(xmlNodePtr element, const xmlNode *root, unsigned level, struct buf *ret)
{
    bool only_text = has_only_text(element);

    for (xmlNodePtr child = element->children; child; child = child->next) {
        if (!only_text) {
            buf_put_char(ret, '\n');
            indent(ret, level + 1);
        }
        put_node(child, root, level + 1, only_text, ret);
    }
    if (!only_text) {
        buf_put_char(ret, '\n');
        indent(ret, level);
    }
}

static void put_element(xmlNodePtr element, const xmlNode *root, unsigned level, struct buf *ret)
{
    buf_put_char(ret, '<');
    put_name(element->ns, element->name, ret);
    put_attributes(element, root, ret);
    if (!element->children) {
        buf_put_text(ret, "/>");
        return;
    }
    buf_put_char(ret, '>');
    put_children(element, root, level, ret);
    buf_put_text(ret, "</");
    put_name(element->ns, element->name, ret);
    buf_put_char(ret, '>');
}

static void put_node(xmlNodePtr node, const xmlNode *root, unsigned level, bool inline_text,
                     struct buf *ret)
{
    switch (node->type) {
    case XML_ELEMENT_NODE:
        put_element(node, root, level, ret);
        break;
    case XML_TEXT_NODE:
        put_escaped(inline_text ? text_of(node) : behind_newlines(text_of(node)), false, ret);
        break;
    case XML_CDATA_SECTION_NODE:
        buf_printf(ret, "<![CDATA[%s]]>", node->content ? (const char *)node->content : "");
        break;
    case XML_COMMENT_NODE:
        buf_printf(ret, "<!--%s-->", node->content ? (const char *)node->content : "");
        break;
    case XML_PI_NODE:
        buf_printf(ret, "<?%s %s?>", (const char *)node->name,
                   node->content ? (const char *)node->content : "");
        break;
    default:
        break;
    }
}

void xml_nodes_write(xmlNodePtr node, bool declare, struct buf *ret)
{
    if (node->type != XML_DOCUMENT_NODE) {
        put_node(node, declare ? node : NULL, 0, true, ret);
        buf_put_char(ret, '\n');
        return;
    }
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (child->type == XML_DTD_NODE)
            continue;
        put_node(child, NULL, 0, true, ret);
        if (child->type != XML_PI_NODE)
            buf_put_char(ret, '\n');
    }
}
