#include "employees-mock/match/xml_document.h"

#include "common/memory.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xml_order.h"

#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = memory_alloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

void xml_watch_memory(void)
{
    xmlMemSetup(free, memory_alloc, memory_resize, copy_text);
}

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

xmlDocPtr xml_document_plain(struct xml_document *d)
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
