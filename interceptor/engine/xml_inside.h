/* The pass over an XML data set, shared by xml_stream.c (elements) and xml_text.c (texts). */
#ifndef ENGINE_XML_INSIDE_H
#define ENGINE_XML_INSIDE_H

#include "interceptor/engine/batch.h"
#include "interceptor/engine/xml_stream.h"

#include <expat.h>

/* An element or attribute: the selector's state, and the attribute of the plan that holds it. */
struct xml_spot {
    uint32_t state;
    int32_t attribute;
    bool direct;
};

struct element {
    struct xml_spot spot;
    bool has_children;
};

/* A part of the data set. */
struct span {
    size_t from;
    size_t to;
};

/* The same in less room, as there may be one for every few bytes. */
struct gap {
    uint32_t from;
    uint32_t to;
};

/* Text between two tags: what it says, and where it stands. */
struct text_run {
    struct buf text;
    struct span at;
    struct buf gaps; /* a struct gap for each comment inside it: they stay */
    bool any;
};

struct xml {
    struct run *run;
    struct slice data_set;
    XML_Parser parser;
    size_t copied; /* up to where the data set was copied to the answer */
    size_t depth;
    bool in_cdata;
    size_t cdata_from; /* the section that is open */
    struct text_run pending;
    enum status st;
    struct why *why;
    struct element elements[ENGINE_DEPTH_MAX + 1]; /* the first is around the root */
};

/* Notes the status; false when it is a failure. Then the parser stops. */
bool xml_ok(struct xml *x, enum status st);
bool xml_fault(struct xml *x, size_t at, const char *fault);

/* Copies the data set up to there. */
bool xml_copy(struct xml *x, size_t to);

/* Whether the plan protects what stands there. */
bool xml_is_protected(const struct xml *x, const struct xml_spot *spot);

/* Where a text stands, and how it is written there. */
struct xml_place {
    const struct xml_spot *spot;
    struct span at;
    enum literal_style style;
    const struct text_run *run; /* whose gaps stay; NULL: there are none */
};

/* Protects a text that takes all of the place. */
bool xml_text(struct xml *x, const struct xml_place *place, struct slice text);

/* Protects an element without text; `before` and `behind` stand around what is written, if
 * anything is. */
bool xml_null(struct xml *x, const struct xml_place *place, struct slice before,
              struct slice behind);

/* Protects the attributes of the start tag at [from, to). atts: as expat gives them. */
bool xml_attributes(struct xml *x, const struct xml_spot *element, const char **atts, size_t from,
                    size_t to);

#endif
