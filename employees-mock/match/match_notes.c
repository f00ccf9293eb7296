#include "employees-mock/match/match_notes.h"

#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { NOTES_MAX = 100, MESSAGE_MAX = 64 << 10 };

void match_notes_done(struct match_notes *notes)
{
    json_decref(notes->list);
    notes->list = NULL;
}

static void add(struct match_notes *notes, const char *type, json_t *data)
{
    if (!notes->list)
        notes->list = json_array();
    if (json_array_size(notes->list) < NOTES_MAX)
        json_array_append_new(notes->list, json_pack("{s:s,s:o}", "type", type, "data", data));
    else
        json_decref(data);
}

void match_note_warning(struct match_notes *notes, const char *format, ...)
{
    va_list args;
    int len;
    char *message;

    if (!notes)
        return;
    message = memory_alloc(MESSAGE_MAX);
    if (!message)
        return;
    va_start(args, format);
    len = vsnprintf(message, MESSAGE_MAX, format, args);
    va_end(args);
    if (len >= 0 && len < MESSAGE_MAX)
        add(notes, "WARNING", json_pack("{s:s}", "message", message));
    free(message);
}

void match_note_json_error(struct match_notes *notes, const char *pointer, const char *detail)
{
    if (notes)
        add(notes, "JSON_ERROR",
            json_pack("{s:[{s:i,s:{s:s*},s:s,s:s}]}", "errors", "code", 10, "source", "pointer",
                      pointer, "title", "Error parsing JSON", "detail", detail));
}

size_t match_notes_count(const struct match_notes *notes)
{
    return notes ? json_array_size(notes->list) : 0;
}

void match_notes_cut(struct match_notes *notes, size_t count)
{
    while (match_notes_count(notes) > count)
        json_array_remove(notes->list, match_notes_count(notes) - 1);
}
