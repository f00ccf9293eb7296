/* The comparison of two trees, step by step as XMLUnit takes them. A comparison whose expected
 * side has no value is never a difference (WireMock), so what is too much in the actual document
 * shows only where it is counted. */
#include "employees-mock/match/xml_equal.h"

#include "employees-mock/match/xml_compare.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 3000000 };

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

void xml_equal_free(struct xml_equal *x)
{
    if (!x)
        return;
    xmlFreeDoc(x->expected);
    xml_placeholder_free(x->placeholder);
    free(x);
}

/* Without namespaces a prefix needs no binding; the old reader takes CDATA for text. */
static unsigned flags_of(const struct xml_equal *x)
{
    if (x->namespaces == XML_NS_STRICT)
        return XML_NODES_NAMESPACES;
    return x->namespaces == XML_NS_LEGACY ? XML_NODES_PLAIN_CDATA : 0;
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
    st = xml_nodes_parse(expected, flags_of(x), &x->expected, why);
    if (st == ST_OK && options->placeholders)
        st = xml_placeholder_compile(options->opening, options->closing, &x->placeholder, why);
    if (st != ST_OK)
        return st;
    *ret = take(x);
    return ST_OK;
}

/* ---- one comparison ---- */

bool xml_is_over(const struct comparing *c)
{
    return c->broken || (c->differs && !c->weigh);
}

void xml_note(struct comparing *c, enum xml_comparison type, bool has_value, bool equal)
{
    if (xml_is_over(c) || !has_value || type == XML_CMP_UNCOUNTED || (c->x->exempted & 1u << type))
        return;
    c->total++;
    if (!equal) {
        c->different++;
        c->differs = true;
    }
}

void xml_note_text(struct comparing *c, enum xml_comparison type, struct slice expected,
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
    xml_note(c, type, true, equal);
}

bool xml_is_placeholder_for_nothing(const struct comparing *c, struct slice expected)
{
    struct slice nothing = {NULL, 0};

    return c->x->placeholder &&
           xml_placeholder_check(c->x->placeholder, expected, nothing) == XML_PLACEHOLDER_EQUAL;
}

struct slice xml_text_of(const xmlChar *text)
{
    return slice_of(text ? (const char *)text : "");
}

struct slice xml_never_null(const struct buf *b)
{
    return (struct slice){b->data ? b->data : "", b->len};
}

void xml_put_trimmed(struct buf *ret, xmlNodePtr node)
{
    auto_buf struct buf text = BUF_INIT(XML_TEXT_MAX);

    xml_nodes_put_text(node, &text);
    buf_put_slice(ret, slice_trim(buf_slice(&text)));
}

/* ---- names ---- */

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
        xml_note(c, XML_CMP_ELEMENT_TAG_NAME, true,
                 slice_equal(buf_slice(&wanted), buf_slice(&found)));
        xml_compare_attributes(c, e, a);
    } else if (e->type == XML_PI_NODE && a->type == XML_PI_NODE) {
        xml_note(c, XML_CMP_PROCESSING_INSTRUCTION_TARGET, true, same_text(e->name, a->name));
        xml_note(
            c, XML_CMP_PROCESSING_INSTRUCTION_DATA, true,
            slice_equal(slice_trim(xml_text_of(e->content)), slice_trim(xml_text_of(a->content))));
    } else if (expected->text.len > 0) {
        xml_note_text(c, XML_CMP_TEXT_VALUE, xml_never_null(&expected->text),
                      xml_never_null(&actual->text));
    }
}

static void compare_types(struct comparing *c, const struct child *expected,
                          const struct child *actual)
{
    bool equal = type_of(expected->node) == type_of(actual->node);

    if (!equal && xml_can_be_paired(expected, actual)) /* text and CDATA */
        xml_note_text(c, XML_CMP_NODE_TYPE, xml_never_null(&expected->text),
                      (struct slice){NULL, 0});
    else
        xml_note(c, XML_CMP_NODE_TYPE, true, equal);
}

void xml_compare_nodes(struct comparing *c, const struct child *expected,
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
    xml_note(c, XML_CMP_NAMESPACE_URI, wanted != NULL, found && same_text(wanted, found));
    if (!xml_read_children(expected->node, &e) || !xml_read_children(actual->node, &a))
        c->broken = true;
    xml_note(c, XML_CMP_CHILD_NODELIST_LENGTH, true,
             e.count == a.count || xml_may_be_empty(c, &e, &a));
    compare_own(c, expected, actual);
    if (!xml_is_over(c))
        xml_compare_children(c, &e, &a);
    xml_children_done(&e);
    xml_children_done(&a);
}

static enum status compare(const struct xml_equal *x, struct slice actual, struct comparing *c,
                           struct why *why)
{
    xmlDocPtr doc = NULL;
    enum status st = xml_nodes_parse(actual, flags_of(x), &doc, why);
    struct child wanted = {.node = (xmlNodePtr)x->expected};
    struct child found;

    c->x = x;
    if (st != ST_OK)
        return st;
    found = (struct child){.node = (xmlNodePtr)doc};
    xml_compare_nodes(c, &wanted, &found);
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
