/* The comparison of two trees, step by step as XMLUnit takes them. A comparison whose expected
 * side has no value is never a difference (WireMock), so what is too much in the actual document
 * shows only where it is counted. */
#include "employees-mock/match/xml_equal.h"

#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xml_placeholder.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 3000000, CHILDREN_MAX = 200000 };

static const char schema_instance[] = "http://www.w3.org/2001/XMLSchema-instance";

static const struct {
    const char *name;
    enum xml_comparison comparison;
} comparisons[] = {
    {"NODE_TYPE", XML_CMP_NODE_TYPE},
    {"NAMESPACE_URI", XML_CMP_NAMESPACE_URI},
    {"CHILD_NODELIST_LENGTH", XML_CMP_CHILD_NODELIST_LENGTH},
    {"ELEMENT_TAG_NAME", XML_CMP_ELEMENT_TAG_NAME},
    {"ELEMENT_NUM_ATTRIBUTES", XML_CMP_ELEMENT_NUM_ATTRIBUTES},
    {"SCHEMA_LOCATION", XML_CMP_SCHEMA_LOCATION},
    {"NO_NAMESPACE_SCHEMA_LOCATION", XML_CMP_NO_NAMESPACE_SCHEMA_LOCATION},
    {"ATTR_NAME_LOOKUP", XML_CMP_ATTR_NAME_LOOKUP},
    {"ATTR_VALUE", XML_CMP_ATTR_VALUE},
    {"TEXT_VALUE", XML_CMP_TEXT_VALUE},
    {"PROCESSING_INSTRUCTION_TARGET", XML_CMP_PROCESSING_INSTRUCTION_TARGET},
    {"PROCESSING_INSTRUCTION_DATA", XML_CMP_PROCESSING_INSTRUCTION_DATA},
    {"CHILD_LOOKUP", XML_CMP_CHILD_LOOKUP},
    {"XML_VERSION", XML_CMP_UNCOUNTED},
    {"XML_STANDALONE", XML_CMP_UNCOUNTED},
    {"XML_ENCODING", XML_CMP_UNCOUNTED},
    {"HAS_DOCTYPE_DECLARATION", XML_CMP_UNCOUNTED},
    {"DOCTYPE_NAME", XML_CMP_UNCOUNTED},
    {"DOCTYPE_PUBLIC_ID", XML_CMP_UNCOUNTED},
    {"DOCTYPE_SYSTEM_ID", XML_CMP_UNCOUNTED},
    {"NAMESPACE_PREFIX", XML_CMP_UNCOUNTED},
    {"ATTR_VALUE_EXPLICITLY_SPECIFIED", XML_CMP_UNCOUNTED},
    {"CHILD_NODELIST_SEQUENCE", XML_CMP_UNCOUNTED},
};

bool xml_comparison_parse(const char *name, enum xml_comparison *ret)
{
    for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
        if (strcmp(comparisons[i].name, name) == 0) {
            *ret = comparisons[i].comparison;
            return true;
        }
    }
    return false;
}

struct xml_equal {
    xmlDocPtr expected;
    unsigned exempted;
    bool order_by_text;
    enum xml_namespaces namespaces;
    struct xml_placeholder *placeholder; /* NULL: none are looked for */
};

void xml_equal_free(struct xml_equal *x)
{
    if (!x)
        return;
    xmlFreeDoc(x->expected);
    xml_placeholder_free(x->placeholder);
    free(x);
}

enum status xml_equal_compile(struct slice expected, const struct xml_equal_options *options,
                              struct xml_equal **ret, struct why *why)
{
    auto_xml_equal struct xml_equal *x = calloc(1, sizeof *x);
    enum status st;

    if (!x)
        return fail_memory(why);
    x->exempted = options->exempted;
    x->order_by_text = options->order_by_text;
    x->namespaces = options->namespaces;
    st = xml_nodes_parse(expected, x->namespaces == XML_NS_STRICT, &x->expected, why);
    if (st == ST_OK && options->placeholders)
        st = xml_placeholder_compile(options->opening, options->closing, &x->placeholder, why);
    if (st != ST_OK)
        return st;
    *ret = take(x);
    return ST_OK;
}

/* ---- one comparison ---- */

struct comparing {
    const struct xml_equal *x;
    bool weigh; /* count all, children in their order; else stop at the first difference */
    bool differs;
    bool broken; /* what XMLUnit ends with an exception: no match */
    size_t total;
    size_t different;
    unsigned steps;
};

static bool is_over(const struct comparing *c)
{
    return c->broken || (c->differs && !c->weigh);
}

/* has_value: whether the expected side has one. */
static void note(struct comparing *c, enum xml_comparison type, bool has_value, bool equal)
{
    if (is_over(c) || !has_value || type == XML_CMP_UNCOUNTED || (c->x->exempted & 1u << type))
        return;
    c->total++;
    if (!equal) {
        c->different++;
        c->differs = true;
    }
}

/* The same for texts in which a placeholder may stand. actual.data NULL: there is none. */
static void note_text(struct comparing *c, enum xml_comparison type, struct slice expected,
                      struct slice actual)
{
    bool equal = actual.data && slice_equal(expected, actual);

    if (!equal && c->x->placeholder) {
        switch (xml_placeholder_check(c->x->placeholder, expected, actual)) {
        case XML_PLACEHOLDER_NONE:
            break;
        case XML_PLACEHOLDER_EQUAL:
            equal = true;
            break;
        case XML_PLACEHOLDER_DIFFERENT:
            break;
        case XML_PLACEHOLDER_BROKEN:
            c->broken = !(c->x->exempted & 1u << type);
            break;
        }
    }
    note(c, type, true, equal);
}

static bool is_placeholder_for_nothing(const struct comparing *c, struct slice expected)
{
    struct slice nothing = {NULL, 0};

    return c->x->placeholder &&
           xml_placeholder_check(c->x->placeholder, expected, nothing) == XML_PLACEHOLDER_EQUAL;
}

/* ---- names ---- */

static struct slice text_of(const xmlChar *text)
{
    return slice_of(text ? (const char *)text : "");
}

static bool same_text(const xmlChar *a, const xmlChar *b)
{
    return xmlStrEqual(a, b);
}

/* The namespace that counts: NONE knows none, LEGACY none of a prefix. */
static const xmlChar *namespace_of(const struct comparing *c, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE || !node->ns || c->x->namespaces == XML_NS_NONE ||
        (c->x->namespaces == XML_NS_LEGACY && node->ns->prefix))
        return NULL;
    return node->ns->href && *node->ns->href ? node->ns->href : NULL;
}

/* A name with its prefix counts only where there are no namespaces. */
static void put_tag_name(const struct comparing *c, const xmlNode *node, struct buf *ret)
{
    const char *name = (const char *)node->name;
    const char *colon = strchr(name, ':'); /* a prefix that is not bound */

    if (c->x->namespaces == XML_NS_NONE && node->ns && node->ns->prefix)
        buf_printf(ret, "%s:", (const char *)node->ns->prefix);
    if (c->x->namespaces == XML_NS_LEGACY && colon)
        name = colon + 1;
    buf_put_text(ret, name);
}

/* ---- attributes ---- */

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

static void put_trimmed(struct buf *ret, xmlNodePtr node)
{
    auto_buf struct buf text = BUF_INIT(XML_TEXT_MAX);

    xml_nodes_put_text(node, &text);
    buf_put_slice(ret, slice_trim(buf_slice(&text)));
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
    put_trimmed(&item->value, (xmlNodePtr)a);
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
        buf_put_slice(&item->value, slice_trim(text_of(ns->href)));
    }
}

static bool read_attributes(struct comparing *c, const xmlNode *element, struct attributes *ret)
{
    *ret = (struct attributes){0};
    ret->items = calloc(count_attributes(element) + 1, sizeof *ret->items);
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
                equal = is_placeholder_for_nothing(c, buf_slice(&e->value));
        }
        equal = equal && found == actual->count;
    }
    note(c, XML_CMP_ELEMENT_NUM_ATTRIBUTES, true, equal);
}

static void compare_single(struct comparing *c, enum xml_comparison type,
                           const struct attribute *expected, const struct attribute *actual)
{
    note(c, type, expected->name.len > 0,
         actual->name.len > 0 &&
             slice_equal(buf_slice(&expected->value), buf_slice(&actual->value)));
}

static void compare_type(struct comparing *c, const struct attribute *expected,
                         const struct attribute *actual)
{
    if (expected->name.len == 0)
        return;
    note(c, XML_CMP_ATTR_NAME_LOOKUP, true, actual->name.len > 0);
    if (actual->name.len > 0)
        note_text(c, XML_CMP_ATTR_VALUE, buf_slice(&expected->value), buf_slice(&actual->value));
}

static struct slice never_null(const struct buf *b)
{
    return (struct slice){b->data ? b->data : "", b->len};
}

static void compare_attributes(struct comparing *c, const xmlNode *expected, const xmlNode *actual)
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
    for (size_t i = 0; i < e.count && !is_over(c); i++) {
        const struct attribute *found = find_attribute(&a, buf_slice(&e.items[i].name));
        struct slice value = never_null(&e.items[i].value);

        note(c, XML_CMP_ATTR_NAME_LOOKUP, true, found || is_placeholder_for_nothing(c, value));
        if (!found)
            continue;
        note(c, XML_CMP_NODE_TYPE, true, true); /* attributes are nodes, too */
        note(c, XML_CMP_NAMESPACE_URI, e.items[i].name.data[0] == '{', true);
        note_text(c, XML_CMP_ATTR_VALUE, value, never_null(&found->value));
    }
    attributes_done(&e);
    attributes_done(&a);
}

/* ---- children ---- */

struct child {
    xmlNodePtr node;
    struct buf text; /* of text, joined and trimmed; of an element where it is sorted by */
};

struct children {
    struct child *items;
    size_t count;
};

static void children_done(struct children *list)
{
    for (size_t i = 0; i < list->count; i++)
        buf_done(&list->items[i].text);
    free(list->items);
}

static bool is_text(const xmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_ENTITY_REF_NODE;
}

static bool counts(const xmlNode *node)
{
    return node->type == XML_ELEMENT_NODE || node->type == XML_PI_NODE ||
           node->type == XML_CDATA_SECTION_NODE || is_text(node);
}

/* Text on both sides of a comment is one; what is blank is none. */
static xmlNodePtr read_text(struct child *child, xmlNodePtr node)
{
    auto_buf struct buf text = BUF_INIT(XML_TEXT_MAX);

    for (; node && (is_text(node) || node->type == XML_COMMENT_NODE); node = node->next) {
        if (is_text(node))
            xml_nodes_put_text(node, &text);
    }
    buf_put_slice(&child->text, slice_trim(buf_slice(&text)));
    return node;
}

static bool read_children(const xmlNode *parent, struct children *ret)
{
    size_t count = 0;

    *ret = (struct children){0};
    for (const xmlNode *node = parent->children; node; node = node->next)
        count++;
    if (count > CHILDREN_MAX)
        return false;
    ret->items = calloc(count + 1, sizeof *ret->items);
    if (!ret->items)
        return false;
    for (xmlNodePtr node = parent->children; node;) {
        struct child *child = &ret->items[ret->count];
        xmlNodePtr next = node->next;

        buf_init(&child->text, XML_TEXT_MAX);
        child->node = node;
        if (is_text(node))
            next = read_text(child, node);
        else if (node->type == XML_CDATA_SECTION_NODE)
            buf_put_slice(&child->text, slice_trim(text_of(node->content)));
        if (counts(node) &&
            (child->text.len > 0 || node->type == XML_ELEMENT_NODE || node->type == XML_PI_NODE))
            ret->count++;
        else
            buf_done(&child->text);
        node = next;
    }
    return true;
}

static int by_name(const struct child *a, const struct child *b)
{
    const char *x = (const char *)a->node->name;
    const char *y = (const char *)b->node->name;

    return strcmp(x, y);
}

static int by_name_and_text(const void *a, const void *b)
{
    const struct child *x = a;
    const struct child *y = b;
    int order = by_name(x, y);
    size_t shorter = x->text.len < y->text.len ? x->text.len : y->text.len;

    if (order != 0)
        return order;
    order = shorter > 0 ? memcmp(x->text.data, y->text.data, shorter) : 0;
    return order != 0 ? order : (x->text.len > y->text.len) - (x->text.len < y->text.len);
}

/* A stable sort: the C library's is one as long as memory lasts, so places decide ties. */
static int by_name_then_place(const void *a, const void *b)
{
    const struct child *x = *(const struct child *const *)a;
    const struct child *y = *(const struct child *const *)b;
    int order = by_name(x, y);

    return order != 0 ? order : (x > y) - (x < y);
}

static int by_both_then_place(const void *a, const void *b)
{
    const struct child *x = *(const struct child *const *)a;
    const struct child *y = *(const struct child *const *)b;
    int order = by_name_and_text(x, y);

    return order != 0 ? order : (x > y) - (x < y);
}

/* WireMock sorts by the local name, and fails where one of several has none: text, and elements
 * read without namespaces. */
static bool can_be_sorted(const struct comparing *c, const struct children *list)
{
    if (list->count < 2)
        return true;
    if (c->x->namespaces == XML_NS_NONE)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].node->type != XML_ELEMENT_NODE)
            return false;
    }
    return true;
}

/* The children in the order in which they are paired; for the caller to free. */
static const struct child **in_order(struct comparing *c, struct children *list)
{
    const struct child **order = calloc(list->count + 1, sizeof(struct child *));

    for (size_t i = 0; order && i < list->count; i++)
        order[i] = &list->items[i];
    if (!order || c->weigh)
        return order;
    if (!can_be_sorted(c, list)) {
        c->broken = true;
        return order;
    }
    for (size_t i = 0; c->x->order_by_text && i < list->count; i++) {
        if (list->items[i].node->type == XML_ELEMENT_NODE)
            put_trimmed(&list->items[i].text, list->items[i].node);
    }
    qsort(order, list->count, sizeof(struct child *),
          c->x->order_by_text ? by_both_then_place : by_name_then_place);
    return order;
}

static bool can_be_paired(const struct child *a, const struct child *b)
{
    int x = a->node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : (int)a->node->type;
    int y = b->node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : (int)b->node->type;

    return x == y;
}

static void compare_nodes(struct comparing *c, const struct child *expected,
                          const struct child *actual);

static void compare_missing(struct comparing *c, const struct child *expected)
{
    bool text =
        expected->node->type == XML_TEXT_NODE || expected->node->type == XML_CDATA_SECTION_NODE;

    note(c, XML_CMP_CHILD_LOOKUP, true,
         text && is_placeholder_for_nothing(c, buf_slice(&expected->text)));
}

/* Each expected child with the first actual one that is left and of its type. */
static void pair_children(struct comparing *c, const struct child *const expected[], size_t wanted,
                          const struct child *const actual[], size_t found)
{
    auto_free unsigned char *taken = calloc(found + 1, 1);
    auto_free unsigned char *missing = calloc(wanted + 1, 1);
    size_t first = 0; /* all before it are taken */

    if (!taken || !missing) {
        c->broken = true;
        return;
    }
    for (size_t i = 0; i < wanted && !is_over(c); i++) {
        size_t j = first;

        while (j < found && (taken[j] || !can_be_paired(expected[i], actual[j])))
            j++;
        missing[i] = j == found;
        if (j == found)
            continue;
        taken[j] = 1;
        while (first < found && taken[first])
            first++;
        compare_nodes(c, expected[i], actual[j]);
    }
    for (size_t i = 0; i < wanted && !is_over(c); i++) {
        if (missing[i])
            compare_missing(c, expected[i]);
    }
}

/* One text child that a placeholder may make up for, where the actual node has no child. */
static bool may_be_empty(const struct comparing *c, const struct children *expected,
                         const struct children *actual)
{
    return expected->count == 1 && actual->count == 0 &&
           expected->items[0].node->type != XML_ELEMENT_NODE &&
           expected->items[0].node->type != XML_PI_NODE &&
           is_placeholder_for_nothing(c, buf_slice(&expected->items[0].text));
}

static void compare_children(struct comparing *c, struct children *expected,
                             struct children *actual)
{
    const struct child **wanted = in_order(c, expected);
    const struct child **found = in_order(c, actual);

    if (wanted && found && !is_over(c))
        pair_children(c, wanted, expected->count, found, actual->count);
    free(wanted);
    free(found);
}

/* ---- nodes ---- */

static int type_of(const xmlNode *node)
{
    return node->type == XML_ENTITY_REF_NODE ? XML_TEXT_NODE : (int)node->type;
}

static void compare_own(struct comparing *c, const struct child *expected,
                        const struct child *actual)
{
    const xmlNode *e = expected->node;
    const xmlNode *a = actual->node;
    auto_buf struct buf wanted = BUF_INIT(XML_TEXT_MAX);
    auto_buf struct buf found = BUF_INIT(XML_TEXT_MAX);

    if (e->type == XML_ELEMENT_NODE && a->type == XML_ELEMENT_NODE) {
        put_tag_name(c, e, &wanted);
        put_tag_name(c, a, &found);
        note(c, XML_CMP_ELEMENT_TAG_NAME, true, slice_equal(buf_slice(&wanted), buf_slice(&found)));
        compare_attributes(c, e, a);
    } else if (e->type == XML_PI_NODE && a->type == XML_PI_NODE) {
        note(c, XML_CMP_PROCESSING_INSTRUCTION_TARGET, true, same_text(e->name, a->name));
        note(c, XML_CMP_PROCESSING_INSTRUCTION_DATA, true,
             slice_equal(slice_trim(text_of(e->content)), slice_trim(text_of(a->content))));
    } else if (expected->text.len > 0) {
        note_text(c, XML_CMP_TEXT_VALUE, never_null(&expected->text), never_null(&actual->text));
    }
}

static void compare_types(struct comparing *c, const struct child *expected,
                          const struct child *actual)
{
    bool equal = type_of(expected->node) == type_of(actual->node);

    if (!equal && can_be_paired(expected, actual)) /* text and CDATA */
        note_text(c, XML_CMP_NODE_TYPE, never_null(&expected->text), (struct slice){NULL, 0});
    else
        note(c, XML_CMP_NODE_TYPE, true, equal);
}

static void compare_nodes(struct comparing *c, const struct child *expected,
                          const struct child *actual)
{
    const xmlChar *wanted = namespace_of(c, expected->node);
    const xmlChar *found = namespace_of(c, actual->node);
    struct children e = {0};
    struct children a = {0};

    if (c->steps++ > STEPS_MAX) {
        c->broken = true;
        return;
    }
    compare_types(c, expected, actual);
    note(c, XML_CMP_NAMESPACE_URI, wanted != NULL, found && same_text(wanted, found));
    if (!read_children(expected->node, &e) || !read_children(actual->node, &a))
        c->broken = true;
    note(c, XML_CMP_CHILD_NODELIST_LENGTH, true, e.count == a.count || may_be_empty(c, &e, &a));
    compare_own(c, expected, actual);
    if (!is_over(c))
        compare_children(c, &e, &a);
    children_done(&e);
    children_done(&a);
}

static enum status compare(const struct xml_equal *x, struct slice actual, struct comparing *c,
                           struct why *why)
{
    xmlDocPtr doc = NULL;
    enum status st = xml_nodes_parse(actual, x->namespaces == XML_NS_STRICT, &doc, why);
    struct child wanted = {.node = (xmlNodePtr)x->expected};
    struct child found;

    c->x = x;
    if (st != ST_OK)
        return st;
    found = (struct child){.node = (xmlNodePtr)doc};
    compare_nodes(c, &wanted, &found);
    xmlFreeDoc(doc);
    return ST_OK;
}

enum status xml_equal_matches(const struct xml_equal *x, struct slice actual, bool *ret,
                              struct why *why)
{
    struct comparing c = {0};
    enum status st = compare(x, actual, &c, why);

    *ret = st == ST_OK && !c.differs && !c.broken;
    if (st == ST_OK && c.steps > STEPS_MAX)
        return fail(why, ST_TIMEOUT, "the documents need more work than is allowed");
    return st == ST_NO_MEMORY ? st : ST_OK;
}

double xml_equal_distance(const struct xml_equal *x, struct slice actual)
{
    struct comparing c = {.weigh = true};

    if (compare(x, actual, &c, NULL) != ST_OK || c.broken || c.total == 0)
        return 1;
    return (double)c.different / (double)c.total;
}
