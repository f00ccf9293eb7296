/* Gives the memory of a data set back while a large answer takes the place of it.
 *
 * A reader tells up to where the text has become answer, and which parts before that it may read
 * once more: names of open objects, columns of a statement. What is given back is lost. */
#ifndef ENGINE_SPEND_H
#define ENGINE_SPEND_H

#include "common/buf.h"
#include "interceptor/engine/engine.h"

/* Behind so many parts, those less than a page apart are taken for one. */
enum { SPEND_KEPT_MAX = 1024, SPEND_APART_MAX = 512 };

struct spend {
    const struct engine_spending *how; /* NULL: the text stays */
    const char *from;                  /* where what may go begins, or has gone */
    const char *done;                  /* before it all is in the answer; the reader moves it */
    const char *end;                   /* of the text */
    bool tail_gone;                    /* what the caller had behind it */
};

/* Parts of the text that stay for now. */
struct spend_kept {
    size_t count;
    size_t joined;
    struct slice list[SPEND_KEPT_MAX];
};

void spend_open(struct spend *s, const struct engine_spending *how, struct slice text);

/* The list is filled in as far as it counts. */
static inline void spend_keep_none(struct spend_kept *kept)
{
    kept->count = kept->joined = 0;
}

/* The way of many parts, which come best in the order of the text. */
bool spend_keep_near(struct spend_kept *kept, struct slice part);

/* False: there are too many, and nothing can go. */
static inline bool spend_keep(struct spend_kept *kept, struct slice part)
{
    if (kept->count >= SPEND_APART_MAX)
        return spend_keep_near(kept, part);
    kept->list[kept->count++] = part;
    return true;
}

/* Gives back all before `done` but these, whose order it changes. */
void spend(struct spend *s, struct spend_kept *kept);

#endif
