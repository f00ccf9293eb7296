#include "employees-mock/template/xml_format.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdio.h>

enum { DEPTH_MAX = 250 };

struct writer {
    struct buf *ret;
    bool pretty;
};

static void write_node(struct writer *w, const xmlNode *n, int depth);

static const char *chars(const xmlChar *text)
{
    return text ? (const char *)text : "";
}

static void put_escaped(struct buf *ret, const char *text, bool attribute)
{
    for (; *text; text++) {
        if (*text == '<')
            buf_put_text(ret, "&lt;");
        else if (*text == '>' && !attribute)
            buf_put_text(ret, "&gt;");
        else if (*text == '&')
            buf_put_text(ret, "&amp;");
        else if (*text == '"' && attribute)
            buf_put_text(ret, "&quot;");
        else if (*text == '\r')
            buf_put_text(ret, "&#13;");
        else if (attribute && (*text == '\n' || *text == '\t'))
            buf_printf(ret, "&#%d;", *text);
        else
            buf_put_char(ret, *text);
    }
}

static void put_name(struct buf *ret, const xmlNs *ns, const xmlChar *name)
{
    if (ns && ns->prefix)
        buf_printf(ret, "%s:", chars(ns->prefix));
    buf_put_text(ret, chars(name));
}

static int compare_attributes(const xmlAttr *a, const xmlAttr *b)
{
    char left[256];
    char right[256];

    snprintf(left, sizeof left, "%s%s%s", a->ns ? chars(a->ns->prefix) : "", a->ns ? ":" : "",
             chars(a->name));
    snprintf(right, sizeof right, "%s%s%s", b->ns ? chars(b->ns->prefix) : "", b->ns ? ":" : "",
             chars(b->name));
    return strcmp(left, right);
}

/* Java's DOM keeps attributes by name: the one behind `last`, NULL for the first. */
static const xmlAttr *next_attribute(const xmlNode *n, const xmlAttr *last)
{
    const xmlAttr *next = NULL;

    for (const xmlAttr *a = n->properties; a; a = a->next)
        if ((!last || compare_attributes(a, last) > 0) &&
            (!next || compare_attributes(a, next) < 0))
            next = a;
    return next;
}

static void put_attributes(struct buf *ret, const xmlNode *n)
{
    for (const xmlNs *ns = n->nsDef; ns; ns = ns->next) {
        buf_put_text(ret, " xmlns");
        if (ns->prefix)
            buf_printf(ret, ":%s", chars(ns->prefix));
        buf_put_text(ret, "=\"");
        put_escaped(ret, chars(ns->href), true);
        buf_put_char(ret, '"');
    }
    for (const xmlAttr *a = next_attribute(n, NULL); a; a = next_attribute(n, a)) {
        xmlChar *value = xmlNodeListGetString(n->doc, a->children, 1);

        buf_put_char(ret, ' ');
        put_name(ret, a->ns, a->name);
        buf_put_text(ret, "=\"");
        put_escaped(ret, chars(value), true);
        buf_put_char(ret, '"');
        xmlFree(value);
    }
}

static bool is_text(const xmlNode *n)
{
    return n->type == XML_TEXT_NODE || n->type == XML_ENTITY_REF_NODE;
}

static bool is_blank(const xmlNode *n)
{
    return n->type == XML_TEXT_NODE && xmlIsBlankNode((xmlNode *)(uintptr_t)n);
}

/* Whether nothing but text stands in it, so that it keeps its line. */
static bool keeps_line(const xmlNode *n)
{
    for (const xmlNode *c = n->children; c; c = c->next)
        if (!is_text(c) && c->type != XML_CDATA_SECTION_NODE)
            return false;
    return true;
}

static bool has_content(const xmlNode *n)
{
    for (const xmlNode *c = n->children; c; c = c->next)
        if (!is_blank(c))
            return true;
    return false;
}

static void new_line(struct writer *w, int depth)
{
    if (!w->pretty)
        return;
    buf_put_char(w->ret, '\n');
    for (int i = 0; i < depth; i++)
        buf_put_text(w->ret, "  ");
}

static void write_children(struct writer *w, const xmlNode *n, int depth)
{
    bool one_line = keeps_line(n);

    for (const xmlNode *c = n->children; c; c = c->next) {
        if (is_blank(c))
            continue;
        if (!one_line)
            new_line(w, depth + 1);
        write_node(w, c, depth + 1);
    }
    if (!one_line)
        new_line(w, depth);
}

static void write_element(struct writer *w, const xmlNode *n, int depth)
{
    buf_put_char(w->ret, '<');
    put_name(w->ret, n->ns, n->name);
    put_attributes(w->ret, n);
    if (!has_content(n)) {
        buf_put_text(w->ret, "/>");
        return;
    }
    buf_put_char(w->ret, '>');
    if (depth < DEPTH_MAX)
        write_children(w, n, depth);
    else
        w->ret->failed = ST_TOO_LARGE;
    buf_put_text(w->ret, "</");
    put_name(w->ret, n->ns, n->name);
    buf_put_char(w->ret, '>');
}

static void write_node(struct writer *w, const xmlNode *n, int depth)
{
    switch (n->type) {
    case XML_ELEMENT_NODE:
        write_element(w, n, depth);
        break;
    case XML_TEXT_NODE:
        put_escaped(w->ret, chars(n->content), false);
        break;
    case XML_CDATA_SECTION_NODE:
        buf_printf(w->ret, "<![CDATA[%s]]>", chars(n->content));
        break;
    case XML_COMMENT_NODE:
        buf_printf(w->ret, "<!--%s-->", chars(n->content));
        break;
    case XML_PI_NODE:
        buf_printf(w->ret, "<?%s %s?>", chars(n->name), chars(n->content));
        break;
    default:
        break;
    }
}

enum status xml_format(struct slice text, bool pretty, struct buf *ret, struct why *why)
{
    struct writer w = {ret, pretty};
    xmlDoc *doc;

    if (text.len > INT_MAX)
        return fail(why, ST_TOO_LARGE, "the XML is too large");
    /* Java parses a text, where a byte order mark has no place */
    if (slice_starts(text, SLICE("\xef\xbb\xbf")))
        return fail(why, ST_BAD_INPUT, "it is no XML");
    doc = xmlReadMemory(text.data, (int)text.len, NULL, "UTF-8",
                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                            XML_PARSE_IGNORE_ENC);
    if (!doc || (doc->intSubset && doc->intSubset->entities)) {
        xmlFreeDoc(doc);
        return fail(why, ST_BAD_INPUT, "it is no XML");
    }
    for (const xmlNode *n = doc->children; n; n = n->next)
        write_node(&w, n, 0);
    if (pretty)
        buf_put_char(ret, '\n');
    xmlFreeDoc(doc);
    return buf_status(ret, why);
}
