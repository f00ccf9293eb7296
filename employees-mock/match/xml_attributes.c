/* The attributes of two elements compared, as XMLUnit does. */
#include "employees-mock/match/xml_compare.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

static const char schema_instance[] = "http://www.w3.org/2001/XMLSchema-instance";

struct attribute {
    struct buf name; /* in STRICT mode "{uri}local" where it has a namespace */
    struct buf value;
};

struct attributes {
    struct attribute *items;
    size_t count;
    struct attribute type; /* xsi:type, and its kin, which are compared on their own */
    struct attribute schema_location;
    struct attribute no_namespace_schema_location;
};

static void attribute_done(struct attribute *a)
{
    buf_done(&a->name);
    buf_done(&a->value);
}

static void attributes_done(struct attributes *list)
{
    for (size_t i = 0; i < list->count; i++)
        attribute_done(&list->items[i]);
    attribute_done(&list->type);
    attribute_done(&list->schema_location);
    attribute_done(&list->no_namespace_schema_location);
    free(list->items);
}

static size_t count_attributes(const xmlNode *element)
{
    size_t count = 0;

    for (const xmlAttr *a = element->properties; a; a = a->next)
        count++;
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next)
        count++;
    return count;
}

static struct attribute *place_for(const struct comparing *c, struct attributes *list,
                                   const xmlAttr *a)
{
    const char *name = (const char *)a->name;
    bool own = c->x->namespaces == XML_NS_STRICT && a->ns &&
               strcmp((const char *)a->ns->href, schema_instance) == 0;

    if (own && strcmp(name, "type") == 0)
        return &list->type;
    if (own && strcmp(name, "schemaLocation") == 0)
        return &list->schema_location;
    if (own && strcmp(name, "noNamespaceSchemaLocation") == 0)
        return &list->no_namespace_schema_location;
    return &list->items[list->count++];
}

static void read_attribute(const struct comparing *c, struct attributes *list, xmlAttrPtr a)
{
    struct attribute *item = place_for(c, list, a);

    buf_init(&item->name, XML_TEXT_MAX);
    buf_init(&item->value, XML_TEXT_MAX);
    if (a->ns && c->x->namespaces == XML_NS_STRICT)
        buf_printf(&item->name, "{%s}", (const char *)a->ns->href);
    else if (a->ns && a->ns->prefix)
        buf_printf(&item->name, "%s:", (const char *)a->ns->prefix);
    buf_put_text(&item->name, (const char *)a->name);
    xml_put_trimmed(&item->value, (xmlNodePtr)a);
}

/* Without namespaces their declarations are attributes like others. */
static void read_declarations(struct attributes *list, const xmlNode *element)
{
    for (const xmlNs *ns = element->nsDef; ns; ns = ns->next) {
        struct attribute *item = &list->items[list->count++];

        buf_init(&item->name, XML_TEXT_MAX);
        buf_init(&item->value, XML_TEXT_MAX);
        buf_printf(&item->name, ns->prefix ? "xmlns:%s" : "xmlns",
                   ns->prefix ? (const char *)ns->prefix : "");
        buf_put_slice(&item->value, slice_trim(xml_text_of(ns->href)));
    }
}

static bool read_attributes(struct comparing *c, const xmlNode *element, struct attributes *ret)
{
    *ret = (struct attributes){0};
    ret->items = memory_zeroed(count_attributes(element) + 1, sizeof *ret->items);
    if (!ret->items)
        return false;
    for (xmlAttrPtr a = element->properties; a; a = a->next)
        read_attribute(c, ret, a);
    if (c->x->namespaces == XML_NS_NONE)
        read_declarations(ret, element);
    return true;
}

static const struct attribute *find_attribute(const struct attributes *list, struct slice name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (slice_equal(buf_slice(&list->items[i].name), name))
            return &list->items[i];
    }
    return NULL;
}

/* With placeholders an attribute that may be missing is not missed. */
static void compare_counts(struct comparing *c, const struct attributes *expected,
                           const struct attributes *actual)
{
    bool equal = expected->count == actual->count;
    size_t found = 0;

    if (!equal && c->x->placeholder) {
        equal = true;
        for (size_t i = 0; i < expected->count && equal; i++) {
            const struct attribute *e = &expected->items[i];

            if (find_attribute(actual, buf_slice(&e->name)))
                found++;
            else
                equal = xml_is_placeholder_for_nothing(c, buf_slice(&e->value));
        }
        equal = equal && found == actual->count;
    }
    xml_note(c, XML_CMP_ELEMENT_NUM_ATTRIBUTES, true, equal);
}

static void compare_single(struct comparing *c, enum xml_comparison type,
                           const struct attribute *expected, const struct attribute *actual)
{
    xml_note(c, type, expected->name.len > 0,
             actual->name.len > 0 &&
                 slice_equal(buf_slice(&expected->value), buf_slice(&actual->value)));
}

static void compare_type(struct comparing *c, const struct attribute *expected,
                         const struct attribute *actual)
{
    if (expected->name.len == 0)
        return;
    xml_note(c, XML_CMP_ATTR_NAME_LOOKUP, true, actual->name.len > 0);
    if (actual->name.len > 0)
        xml_note_text(c, XML_CMP_ATTR_VALUE, buf_slice(&expected->value),
                      buf_slice(&actual->value));
}

void xml_compare_attributes(struct comparing *c, const xmlNode *expected, const xmlNode *actual)
{
    struct attributes e = {0};
    struct attributes a = {0};

    if (!read_attributes(c, expected, &e) || !read_attributes(c, actual, &a))
        c->broken = true;
    compare_counts(c, &e, &a);
    compare_type(c, &e.type, &a.type);
    compare_single(c, XML_CMP_SCHEMA_LOCATION, &e.schema_location, &a.schema_location);
    compare_single(c, XML_CMP_NO_NAMESPACE_SCHEMA_LOCATION, &e.no_namespace_schema_location,
                   &a.no_namespace_schema_location);
    for (size_t i = 0; i < e.count && !xml_is_over(c); i++) {
        const struct attribute *found = find_attribute(&a, buf_slice(&e.items[i].name));
        struct slice value = xml_never_null(&e.items[i].value);

        xml_note(c, XML_CMP_ATTR_NAME_LOOKUP, true,
                 found || xml_is_placeholder_for_nothing(c, value));
        if (!found)
            continue;
        xml_note(c, XML_CMP_NODE_TYPE, true, true); /* attributes are nodes, too */
        xml_note(c, XML_CMP_NAMESPACE_URI, e.items[i].name.data[0] == '{', true);
        xml_note_text(c, XML_CMP_ATTR_VALUE, value, xml_never_null(&found->value));
    }
    attributes_done(&e);
    attributes_done(&a);
}
