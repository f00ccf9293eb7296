#include "employees-mock/admin/partial_read.h"

#include "employees-mock/match/json_grammar.h"

#include <stdio.h>

struct reading {
    const char *const *objects;
    struct partial *to;
    json_t *into;
};

static const char *find(const char *const objects[], struct slice name)
{
    for (; *objects; objects++)
        if (slice_is(name, *objects))
            return *objects;
    return NULL;
}

static enum status read_whole(struct cursor *r, struct slice name, void *context)
{
    const struct reading *reading = context;
    json_t *value = NULL;
    enum status st = json_read_value(r, &value);

    if (st == ST_OK && json_object_setn_new_nocheck(reading->into, name.data, name.len, value) != 0)
        st = ST_NO_MEMORY;
    return st;
}

static enum status read_object(struct cursor *r, const struct reading *outer, const char *name)
{
    struct reading inner = {.into = json_object()};
    enum status st;

    if (json_object_set_new(outer->into, name, inner.into) != 0)
        return ST_NO_MEMORY;
    outer->to->open = name;
    st = grammar_members(r, read_whole, &inner);
    if (st == ST_OK)
        outer->to->open = NULL;
    return st;
}

/* A name that is unknown is refused as soon as its value begins: it is null until that is whole. */
static enum status read_member(struct cursor *r, struct slice name, void *context)
{
    const struct reading *reading = context;
    const char *object = find(reading->objects, name);
    struct cursor ahead = *r;
    enum grammar_value begins;
    enum status st = grammar_begin(&ahead, &begins);

    if (st != ST_OK || begins == GRAMMAR_NUMBER || begins == GRAMMAR_WORD)
        return read_whole(r, name, context);
    if (object && begins == GRAMMAR_OBJECT) {
        *r = ahead;
        return read_object(r, reading, object);
    }
    if (json_object_setn_new_nocheck(reading->into, name.data, name.len, json_null()) != 0)
        return ST_NO_MEMORY;
    return read_whole(r, name, context);
}

void partial_read(struct slice text, const char *const objects[], struct partial *ret)
{
    struct cursor r = {.text = text};
    enum grammar_value begins;
    struct reading reading = {objects, ret, NULL};

    *ret = (struct partial){.open = objects[0] ? NULL : ""};
    if (grammar_begin(&r, &begins) != ST_OK || begins != GRAMMAR_OBJECT)
        return;
    ret->document = reading.into = json_object();
    if (reading.into)
        (void)!grammar_members(&r, read_member, &reading);
}

void partial_done(struct partial *p)
{
    json_decref(p->document);
}

/* The name of a member of the open object itself. */
static bool is_its_member(struct slice pointer, const char *open)
{
    char before[64];
    struct slice rest;

    snprintf(before, sizeof before, "%s%s/", open[0] ? "/" : "", open);
    if (!slice_starts(pointer, slice_of(before)))
        return false;
    rest = slice_from(pointer, strlen(before));
    return !memchr(rest.data, '/', rest.len);
}

bool partial_counts(const struct partial *p, const struct match_fault *fault)
{
    struct slice pointer = slice_of(fault->pointer);

    if (slice_is(pointer, "/"))
        return false;
    if (!p->open)
        return true;
    if (pointer.len > 0 && slice_is(slice_from(pointer, 1), p->open))
        return false;
    return !is_its_member(pointer, p->open) ||
           !slice_starts(slice_of(fault->detail), SLICE("Unrecognized field"));
}
