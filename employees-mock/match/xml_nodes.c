#include "employees-mock/match/xml_nodes.h"

#include "common/utf8.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

/* ---- parsing ---- */

static enum status say(xmlParserCtxtPtr parser, struct why *why)
{
    const xmlError *error = xmlCtxtGetLastError(parser);
    char reason[160] = "Premature end of file.";

    if (error && error->message) {
        snprintf(reason, sizeof reason, "%s", error->message);
        reason[strcspn(reason, "\n")] = '\0';
    }
    if (error && (error->code == XML_ERR_DOCUMENT_END || error->code == XML_ERR_TAG_NOT_FINISHED ||
                  error->code == XML_ERR_GT_REQUIRED))
        snprintf(reason, sizeof reason,
                 "XML document structures must start and end within the same entity.");
    return fail(why, ST_BAD_INPUT, "%s; line %d; column %d", reason, error ? error->line : 1,
                error ? error->int2 : 1);
}

static void ignore_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

enum status xml_nodes_parse(struct slice text, bool namespaces, xmlDocPtr *ret, struct why *why)
{
    static const int options = XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NODICT;
    xmlParserCtxtPtr parser;
    xmlDocPtr doc;
    enum status st = ST_OK;

    if (text.len > XML_TEXT_MAX)
        return fail(why, ST_TOO_LARGE, "the document is longer than %d bytes", XML_TEXT_MAX);
    if (!utf8_valid(text))
        return fail(why, ST_BAD_INPUT, "the document is not UTF-8");
    parser = xmlNewParserCtxt();
    if (!parser)
        return fail_memory(why);
    parser->sax->serror = ignore_error;
    doc = xmlCtxtReadMemory(parser, text.data ? text.data : "", (int)text.len, NULL, "UTF-8",
                            options);
    if (!doc || !parser->wellFormed || (namespaces && !parser->nsWellFormed)) {
        st = say(parser, why);
        xmlFreeDoc(doc);
    } else {
        *ret = doc;
    }
    xmlFreeParserCtxt(parser);
    return st;
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

static void put_namespaces(xmlNodePtr element, struct buf *ret)
{
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next) {
        buf_put_text(ret, ns->prefix ? " xmlns:" : " xmlns");
        if (ns->prefix)
            buf_put_text(ret, (const char *)ns->prefix);
        buf_put_text(ret, "=\"");
        put_escaped(slice_of((const char *)ns->href), true, ret);
        buf_put_char(ret, '"');
    }
}

static void put_attributes(xmlNodePtr element, struct buf *ret)
{
    for (xmlAttrPtr a = element->properties; a; a = a->next) {
        auto_buf struct buf value = BUF_INIT(XML_TEXT_MAX);

        xml_nodes_put_text((xmlNodePtr)a, &value);
        buf_put_char(ret, ' ');
        put_name(a->ns, a->name, ret);
        buf_put_text(ret, "=\"");
        put_escaped(buf_slice(&value), true, ret);
        buf_put_char(ret, '"');
    }
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

static void put_node(xmlNodePtr node, unsigned level, bool inline_text, struct buf *ret);

static void put_children(xmlNodePtr element, unsigned level, struct buf *ret)
{
    bool only_text = has_only_text(element);

    for (xmlNodePtr child = element->children; child; child = child->next) {
        if (!only_text) {
            buf_put_char(ret, '\n');
            indent(ret, level + 1);
        }
        put_node(child, level + 1, only_text, ret);
    }
    if (!only_text) {
        buf_put_char(ret, '\n');
        indent(ret, level);
    }
}

static void put_element(xmlNodePtr element, unsigned level, struct buf *ret)
{
    buf_put_char(ret, '<');
    put_name(element->ns, element->name, ret);
    put_namespaces(element, ret);
    put_attributes(element, ret);
    if (!element->children) {
        buf_put_text(ret, "/>");
        return;
    }
    buf_put_char(ret, '>');
    put_children(element, level, ret);
    buf_put_text(ret, "</");
    put_name(element->ns, element->name, ret);
    buf_put_char(ret, '>');
}

static void put_node(xmlNodePtr node, unsigned level, bool inline_text, struct buf *ret)
{
    switch (node->type) {
    case XML_ELEMENT_NODE:
        put_element(node, level, ret);
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

void xml_nodes_write(xmlNodePtr node, struct buf *ret)
{
    if (node->type != XML_DOCUMENT_NODE) {
        put_node(node, 0, true, ret);
        buf_put_char(ret, '\n');
        return;
    }
    for (xmlNodePtr child = node->children; child; child = child->next) {
        if (child->type == XML_DTD_NODE)
            continue;
        put_node(child, 0, true, ret);
        if (child->type != XML_PI_NODE)
            buf_put_char(ret, '\n');
    }
}
