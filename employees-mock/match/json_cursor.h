/* A place in a JSON text, and what Jackson says where it cannot go on: for those who read JSON as
 * Jackson does. */
#ifndef EMPLOYEES_MOCK_JSON_CURSOR_H
#define EMPLOYEES_MOCK_JSON_CURSOR_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

struct cursor {
    struct slice text; /* borrowed */
    size_t at;
    unsigned depth;
    const char *inside; /* the container that is read: "Object", "Array" */
    struct why *why;    /* NULL: nobody asks for the words of a fault ... */
    struct buf *words;  /* ... nor for all of them, which a why may have no room for */
    struct buf *place;  /* the pointer of the value that is read; NULL: nobody asks */
    size_t items;       /* of the array that is read, or was last, before the one at the cursor */
    bool in_name;
};

static inline bool cursor_at_end(const struct cursor *r)
{
    return r->at >= r->text.len;
}

/* Not at the end only. */
static inline char cursor_here(const struct cursor *r)
{
    return r->text.data[r->at];
}

/* Over comments, and the blanks between and behind them. */
void cursor_skip_comments(struct cursor *r);

static inline void cursor_skip_spaces(struct cursor *r)
{
    while (!cursor_at_end(r) && (cursor_here(r) == ' ' || cursor_here(r) == '\n' ||
                                 cursor_here(r) == '\t' || cursor_here(r) == '\r'))
        r->at++;
}

/* Over blanks and comments. */
static inline void cursor_skip_blanks(struct cursor *r)
{
    cursor_skip_spaces(r);
    if (!cursor_at_end(r) && cursor_here(r) == '/')
        cursor_skip_comments(r);
}

/* ---- faults: each gives ST_BAD_INPUT, with line and column ---- */

/* The reason and the place `at` in the text. */
enum status cursor_say(struct cursor *r, size_t at, const char *reason);
/* The character here, which is not what was wanted. */
enum status cursor_unexpected(struct cursor *r, const char *wanted);
/* The character at `character_at`, which is not what is wanted of a number. */
enum status cursor_no_number(struct cursor *r, size_t character_at, size_t at, const char *wanted);
/* The control character here, inside of a text or a name. */
enum status cursor_control(struct cursor *r);
/* The bracket here closes another container ("Object", "Array"; NULL: none) than began. */
enum status cursor_wrong_end(struct cursor *r, const char *open, size_t start);
/* The text's end inside of `what`, which began at `start`. */
enum status cursor_ended(struct cursor *r, const char *what, size_t start);

#endif
