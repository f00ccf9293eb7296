/* The children of two elements: which count, in which order, which goes with which. */
#include "employees-mock/match/xml_compare.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

enum { CHILDREN_MAX = 200000 };

void xml_children_done(struct children *list)
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

bool xml_read_children(const xmlNode *parent, struct children *ret)
{
    size_t count = 0;

    *ret = (struct children){0};
    for (const xmlNode *node = parent->children; node; node = node->next)
        count++;
    if (count > CHILDREN_MAX)
        return false;
    ret->items = memory_zeroed(count + 1, sizeof *ret->items);
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
            buf_put_slice(&child->text, slice_trim(xml_text_of(node->content)));
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
    const struct child **order = memory_zeroed(list->count + 1, sizeof(struct child *));

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
            xml_put_trimmed(&list->items[i].text, list->items[i].node);
    }
    qsort(order, list->count, sizeof(struct child *),
          c->x->order_by_text ? by_both_then_place : by_name_then_place);
    return order;
}

bool xml_can_be_paired(const struct child *a, const struct child *b)
{
    int x = a->node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : (int)a->node->type;
    int y = b->node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : (int)b->node->type;

    return x == y;
}

static void compare_missing(struct comparing *c, const struct child *expected)
{
    bool text =
        expected->node->type == XML_TEXT_NODE || expected->node->type == XML_CDATA_SECTION_NODE;

    xml_note(c, XML_CMP_CHILD_LOOKUP, true,
             text && xml_is_placeholder_for_nothing(c, buf_slice(&expected->text)));
}

/* Each expected child with the first actual one that is left and of its type. */
static void pair_children(struct comparing *c, const struct child *const expected[], size_t wanted,
                          const struct child *const actual[], size_t found)
{
    auto_free unsigned char *taken = memory_zeroed(found + 1, 1);
    auto_free unsigned char *missing = memory_zeroed(wanted + 1, 1);
    size_t first = 0; /* all before it are taken */

    if (!taken || !missing) {
        c->broken = true;
        return;
    }
    for (size_t i = 0; i < wanted && !xml_is_over(c); i++) {
        size_t j = first;

        while (j < found && (taken[j] || !xml_can_be_paired(expected[i], actual[j])))
            j++;
        missing[i] = j == found;
        if (j == found)
            continue;
        taken[j] = 1;
        while (first < found && taken[first])
            first++;
        xml_compare_nodes(c, expected[i], actual[j]);
    }
    for (size_t i = 0; i < wanted && !xml_is_over(c); i++) {
        if (missing[i])
            compare_missing(c, expected[i]);
    }
}

/* One text child that a placeholder may make up for, where the actual node has no child. */
bool xml_may_be_empty(const struct comparing *c, const struct children *expected,
                      const struct children *actual)
{
    return expected->count == 1 && actual->count == 0 &&
           expected->items[0].node->type != XML_ELEMENT_NODE &&
           expected->items[0].node->type != XML_PI_NODE &&
           xml_is_placeholder_for_nothing(c, buf_slice(&expected->items[0].text));
}

void xml_compare_children(struct comparing *c, struct children *expected, struct children *actual)
{
    const struct child **wanted = in_order(c, expected);
    const struct child **found = in_order(c, actual);

    if (wanted && found && !xml_is_over(c))
        pair_children(c, wanted, expected->count, found, actual->count);
    free(wanted);
    free(found);
}
