/* The grammar of JSON as Jackson takes it; what becomes of a text is its readers' matter. Private to
 * json_read.c, json_skip.c and json_path_text.c.
 *
 * Each function begins at the cursor and leaves it behind what it has read. All faults are
 * ST_BAD_INPUT, with Jackson's words, line and column. */
#ifndef EMPLOYEES_MOCK_JSON_GRAMMAR_H
#define EMPLOYEES_MOCK_JSON_GRAMMAR_H

#include "employees-mock/match/json_cursor.h"

#include <jansson.h>

enum grammar_value {
    GRAMMAR_OBJECT,
    GRAMMAR_ARRAY,
    GRAMMAR_TEXT,
    GRAMMAR_NUMBER,
    GRAMMAR_WORD,
};

/* Which value comes next, blanks and comments left out. */
MUST_CHECK enum status grammar_begin(struct cursor *r, enum grammar_value *ret);

/* A string: the text's own bytes, or what was put into `space` if it has escapes. Bytes that are no
 * UTF-8 pass. */
MUST_CHECK enum status grammar_text(struct cursor *r, struct buf *space, struct slice *ret);

/* The literal of a number. */
MUST_CHECK enum status grammar_number(struct cursor *r, struct slice *ret);

/* null, true or false: a value that is not counted. */
MUST_CHECK enum status grammar_word(struct cursor *r, json_t **ret);

/* The values of a container, each of which `read` must read. A name is borrowed for the call. */
typedef enum status grammar_item_fn(struct cursor *r, size_t index, void *context);
typedef enum status grammar_member_fn(struct cursor *r, struct slice name, void *context);
MUST_CHECK enum status grammar_items(struct cursor *r, grammar_item_fn *read, void *context);
MUST_CHECK enum status grammar_members(struct cursor *r, grammar_member_fn *read, void *context);

/* Over one value: json_skip.c. */
MUST_CHECK enum status json_skip_value(struct cursor *r);

/* One value made of what is read: json_read.c. */
MUST_CHECK enum status json_read_value(struct cursor *r, json_t **ret);

#endif
