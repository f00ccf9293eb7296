/* What the members of the last object at a place were called, as a guess for the next one there:
 * data sets are lists of records that mostly repeat their names in their order.
 *
 * A guess is compared byte by byte with the text. One that holds needs no hash, no search for a
 * name given twice (the shape's differ from each other), and no step of the selector. The text must
 * outlive the shapes. Not for two threads at once. */
#ifndef ENGINE_JSON_SHAPE_H
#define ENGINE_JSON_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHAPES = 32, SHAPE_MEMBERS = 64, SHAPE_TEXT = 56 };

/* Where a value stands: the selector's state, and the attribute that holds it. */
struct spot {
    uint32_t state;
    int32_t attribute; /* SELECTOR_NONE: no path does */
    bool direct;
};

struct shape;

struct shape_member {
    const char *quoted; /* the name in the text, at its opening quote; nothing in it is escaped */
    uint32_t reach;     /* from there to the value */
    uint32_t len;       /* of the name */
    uint32_t hash;
    uint32_t written_len;
    char written[SHAPE_TEXT]; /* comma, line break, blanks, name and colon as the answer has them */
    struct spot spot;         /* of its value */
    struct shape *inner;      /* of the objects in its value; NULL: none was there */
};

struct shape {
    struct spot spot; /* of the object */
    size_t depth;
    size_t count;
    size_t used; /* members with an `inner`: those that have gone too */
    struct shape_member members[SHAPE_MEMBERS];
};

struct shapes {
    size_t count;
    struct shape list[SHAPES];
};

/* NULL: there is no more room, and nothing is guessed there. */
static inline struct shape *shape_new(struct shapes *s)
{
    struct shape *shape;

    if (s->count == SHAPES)
        return NULL;
    shape = &s->list[s->count++];
    shape->count = shape->used = 0;
    return shape;
}

#endif
