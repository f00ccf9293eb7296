/* Dates of a JSON data set that wait for the member that names their subject (dateShift:MEMBER).
 *
 * The subject is the member of the same object, or of the nearest object around it that has one;
 * it may stand behind the date. A date whose subject never comes gets the neutral value. */
#ifndef ENGINE_PENDING_SHIFT_H
#define ENGINE_PENDING_SHIFT_H

#include "interceptor/engine/json_text.h"
#include "interceptor/engine/run.h"

struct pending_shift {
    size_t offset; /* in the answer: as long as the date */
    size_t text;   /* where the date's text begins in `text` */
    size_t len;
    size_t attribute;
    bool done;
};

/* A subject that an open object named. */
struct seen_subject {
    size_t depth;
    const char *name; /* the plan's */
    size_t text;      /* in `text` */
    size_t len;
};

struct pending_shifts {
    struct pending_shift *dates;
    size_t count, room;
    struct seen_subject *subjects;
    size_t subject_count, subject_room;
    struct buf text;
};

void pending_shifts_done(struct pending_shifts *p);
void pending_shifts_clear(struct pending_shifts *p);

/* Keeps a date whose neutral value was written at the offset. */
MUST_CHECK enum status pending_shift_add(struct pending_shifts *p, size_t attribute, size_t offset,
                                         struct slice text, struct why *why);

/* Keeps the value of a member of the object at that depth, if the plan asks for the member.
 * literal: as the text has it; a string is the same subject however it is written there. */
MUST_CHECK enum status pending_shift_subject(struct pending_shifts *p, const struct plan *plan,
                                             const struct json_text *t, size_t depth,
                                             const struct json_string *name, struct slice literal,
                                             struct why *why);

/* How many dates wait: to be kept when an object opens. */
static inline size_t pending_shift_mark(const struct pending_shifts *p)
{
    return p->count;
}

/* Whether the object at that depth can close without the call below. */
static inline bool pending_shift_idle(const struct pending_shifts *p, size_t depth, size_t mark)
{
    return p->count == mark &&
           (p->subject_count == 0 || p->subjects[p->subject_count - 1].depth < depth);
}

/* The object at that depth closes: its subjects count for the dates since the mark, and for no
 * others. */
MUST_CHECK enum status pending_shift_close(struct pending_shifts *p, struct run *run, size_t depth,
                                           size_t mark, struct why *why);

#endif
