/* Notes that matching leaves beside its verdict: why a body could not be read, as WireMock's
 * sub-events. Bounded in number and size. */
#ifndef EMPLOYEES_MOCK_MATCH_NOTES_H
#define EMPLOYEES_MOCK_MATCH_NOTES_H

#include "common/buf.h"
#include "common/status.h"

#include <jansson.h>

/* Zeroed: none. */
struct match_notes {
    json_t *list; /* array, made with the first one */
};
void match_notes_done(struct match_notes *notes);
#define auto_match_notes __attribute__((cleanup(match_notes_done)))

/* Appends {"type":"WARNING","data":{"message":...}}; notes NULL: nobody listens. */
void match_note_warning(struct match_notes *notes, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same of a text that is no JSON: "JSON_ERROR", with the words of its parser. The pointer may
 * be NULL. */
void match_note_json_error(struct match_notes *notes, const char *pointer, const char *detail);

/* How many there are; and takes those away again that came after so many. notes may be NULL. */
size_t match_notes_count(const struct match_notes *notes);
void match_notes_cut(struct match_notes *notes, size_t count);

#endif
