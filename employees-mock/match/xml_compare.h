/* The comparison of two XML trees from the inside. Private to xml_equal.c, xml_attributes.c,
 * xml_children.c. */
#ifndef EMPLOYEES_MOCK_XML_COMPARE_H
#define EMPLOYEES_MOCK_XML_COMPARE_H

#include "employees-mock/match/xml_equal.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xml_placeholder.h"

struct xml_equal {
    xmlDocPtr expected;
    unsigned exempted;
    bool order_by_text;
    enum xml_namespaces namespaces;
    struct xml_placeholder *placeholder; /* NULL: none are looked for */
};

struct comparing {
    const struct xml_equal *x;
    bool weigh; /* count all, children in their order; else stop at the first difference */
    bool differs;
    bool broken; /* what XMLUnit ends with an exception: no match */
    size_t total;
    size_t different;
    unsigned steps;
};

bool xml_is_over(const struct comparing *c);
/* One comparison. has_value: whether the expected side has one. */
void xml_note(struct comparing *c, enum xml_comparison type, bool has_value, bool equal);
/* The same for texts in which a placeholder may stand. actual.data NULL: there is none. */
void xml_note_text(struct comparing *c, enum xml_comparison type, struct slice expected,
                   struct slice actual);
bool xml_is_placeholder_for_nothing(const struct comparing *c, struct slice expected);

/* libxml2's text, "" for none; the bytes of b, never NULL; a node's text without outer blanks. */
struct slice xml_text_of(const xmlChar *text);
struct slice xml_never_null(const struct buf *b);
void xml_put_trimmed(struct buf *ret, xmlNodePtr node);

void xml_compare_attributes(struct comparing *c, const xmlNode *expected, const xmlNode *actual);

/* ---- children ---- */

struct child {
    xmlNodePtr node;
    struct buf text; /* of text, joined and trimmed; of an element where it is sorted by */
};

struct children {
    struct child *items;
    size_t count;
};

/* Those that count: elements, instructions, text that is not blank. False: too many, or memory is
 * out. */
bool xml_read_children(const xmlNode *parent, struct children *ret);
void xml_children_done(struct children *list);
bool xml_can_be_paired(const struct child *a, const struct child *b);
/* One text that a placeholder may make up for, where the actual node has no child. */
bool xml_may_be_empty(const struct comparing *c, const struct children *expected,
                      const struct children *actual);
void xml_compare_children(struct comparing *c, struct children *expected, struct children *actual);
void xml_compare_nodes(struct comparing *c, const struct child *expected,
                       const struct child *actual);

#endif
