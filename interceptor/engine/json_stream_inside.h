/* The pass over a JSON data set, shared by json_stream.c (structure), json_member.c (members of objects)
 * and json_leaf.c (values). */
#ifndef ENGINE_JSON_STREAM_INSIDE_H
#define ENGINE_JSON_STREAM_INSIDE_H

#include "interceptor/engine/json_shape.h"
#include "interceptor/engine/json_stream.h"
#include "interceptor/engine/json_text.h"
#include "interceptor/engine/literal.h"
#include "interceptor/engine/name_set.h"
#include "interceptor/engine/pending_shift.h"

/* An open object or array. */
struct frame {
    struct spot spot;  /* of the container itself */
    struct spot items; /* of an array's items */
    struct name_scope names;
    struct shape *shape;         /* of an object, or of an array's items; NULL: not known */
    struct shape_member *member; /* of the shape: the last one read; NULL: not in it */
    size_t guessed;              /* of an object: how many of its names the shape told */
    bool guessing;               /* all so far */
    size_t shifts;               /* how many dates waited when it opened */
    bool object;
    bool filled;
};

struct json_work {
    uint64_t seed; /* of name hashes where there is no selector */
    struct name_set names;
    struct shapes shapes;
    struct pending_shifts shifts;
    struct frame frames[ENGINE_DEPTH_MAX + 1]; /* the first stands for the text itself */
};

struct json {
    struct run *run;
    const struct selector *selector; /* NULL: nothing is protected */
    struct json_work *work;
    struct json_text text;
    const char *p;
    size_t depth;
    uint64_t seed;
    bool passes_unlisted; /* what no path holds stays as it is */
    bool has_subjects;    /* the plan has a dateShift:MEMBER */
    enum status st;       /* what failed, if it was not the text */
    struct why *why;
};

static inline bool json_fault(struct json *j, const char *at, const char *fault)
{
    json_text_fail(&j->text, at, fault);
    return false;
}

/* The status of another module; true for ST_OK. */
static inline bool json_ok(struct json *j, enum status st)
{
    j->st = st;
    return st == ST_OK;
}

static inline bool json_room(struct json *j, size_t more)
{
    return sink_room(&j->run->sink, more) || json_ok(j, buf_status(j->run->sink.out, j->why));
}

enum {
    JSON_LINE_BREAK = 2,
    JSON_SHORT_BREAK = 32,
    JSON_LINE_MAX_EXTRA = JSON_LINE_BREAK + 1 + JSON_SHORT_BREAK,
};

/* A comma, a line break as the answer's string has it, and the blanks of the deepest level. */
extern const char json_line_break[];

/* Room for JSON_LINE_MAX_EXTRA + 2 * depth bytes must have been asked for. */
static inline void json_put_line_break(struct json *j, bool comma, size_t depth)
{
    struct sink *s = &j->run->sink;
    const char *from = comma ? json_line_break : json_line_break + 1;
    size_t len = comma + JSON_LINE_BREAK + 2 * depth;

    memcpy(s->pos, from, JSON_SHORT_BREAK);
    if (len > JSON_SHORT_BREAK)
        memcpy(s->pos + JSON_SHORT_BREAK, from + JSON_SHORT_BREAK, len - JSON_SHORT_BREAK);
    s->pos += len;
}

/* Where a step leads to: the state's own attribute, or the one above it. */
static inline void json_enter(const struct json *j, const struct spot *above, uint32_t state,
                              struct spot *ret)
{
    int32_t holds = selector_holds(j->selector, state);

    ret->state = state;
    ret->attribute = holds != SELECTOR_NONE ? holds : above->attribute;
    ret->direct = holds != SELECTOR_NONE;
}

/* The value at j->p, which stands at `spot`. Of a container only the beginning: what is in it comes by
 * and by. */
bool json_read_value(struct json *j, const struct spot *spot, enum json_role role);

/* The string at j->p, which an opening quote must begin. */
bool json_read_string(struct json *j, enum json_role role, struct json_string *ret);

/* The next member of the object of `frame`, the innermost container: its name and json_read_value(). */
bool json_read_member(struct json *j, struct frame *frame);

/* Copies the string at j->p if it is the usual one: no path holds it, nothing in it is odd, and there
 * is room. False: nothing was done. */
bool json_leaf_pass(struct json *j, const struct spot *spot);

/* Writes the scalar that was read, or what takes its place. raw: the literal, without the quotes
 * of a string. */
bool json_leaf_string(struct json *j, const struct spot *spot, const struct json_string *string);
bool json_leaf_other(struct json *j, const struct spot *spot, enum value_kind kind,
                     struct slice raw);

#endif
