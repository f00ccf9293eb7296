#include "employees-mock/match/xml_order.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

static const char *prefix_of(const xmlAttr *a)
{
    return a->ns && a->ns->prefix ? (const char *)a->ns->prefix : "";
}

/* The character at that place of "prefix:name"; NUL behind its end. */
static unsigned char char_at(const xmlAttr *a, size_t at)
{
    const char *prefix = prefix_of(a);
    size_t prefix_len = strlen(prefix);

    if (prefix_len == 0)
        return a->name[at];
    if (at < prefix_len)
        return (unsigned char)prefix[at];
    return at == prefix_len ? ':' : a->name[at - prefix_len - 1];
}

static int by_name(const void *a, const void *b)
{
    const xmlAttr *x = *(xmlAttr *const *)a;
    const xmlAttr *y = *(xmlAttr *const *)b;
    size_t at = 0;

    if (strcmp(prefix_of(x), prefix_of(y)) == 0)
        return xmlStrcmp(x->name, y->name);
    while (char_at(x, at) != '\0' && char_at(x, at) == char_at(y, at))
        at++;
    return (int)char_at(x, at) - (int)char_at(y, at);
}

static void order(xmlNodePtr element)
{
    size_t count = 0;
    xmlAttrPtr *all;

    for (xmlAttrPtr a = element->properties; a; a = a->next)
        count++;
    all = count > 1 ? memory_zeroed(count, sizeof(xmlAttrPtr)) : NULL;
    if (!all)
        return;
    count = 0;
    for (xmlAttrPtr a = element->properties; a; a = a->next)
        all[count++] = a;
    qsort(all, count, sizeof(xmlAttrPtr), by_name);
    element->properties = all[0];
    for (size_t i = 0; i < count; i++) {
        all[i]->prev = i > 0 ? all[i - 1] : NULL;
        all[i]->next = i + 1 < count ? all[i + 1] : NULL;
    }
    free(all);
}

void xml_order_attributes(xmlDocPtr doc)
{
    xmlNodePtr node = xmlDocGetRootElement(doc);

    while (node) {
        if (node->type == XML_ELEMENT_NODE)
            order(node);
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
            continue;
        }
        while (node && !node->next)
            node = node->parent != (xmlNodePtr)doc ? node->parent : NULL;
        node = node ? node->next : NULL;
    }
}
