#include "employees-mock/json_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 1000 };

/* Walks a JSON text that was parsed already: what is odd ends the walk, no more. */
struct walk {
    const char *at;
    const char *end;
};

static void skip_blanks(struct walk *w)
{
    while (w->at < w->end && isspace((unsigned char)*w->at))
        w->at++;
}

static struct slice skip_string(struct walk *w)
{
    const char *from = ++w->at;

    while (w->at < w->end && *w->at != '"')
        w->at += *w->at == '\\' ? 2 : 1;
    if (w->at > w->end)
        w->at = w->end;
    return (struct slice){from, (size_t)(w->at++ - from)};
}

static void skip_value(struct walk *w)
{
    int depth = 0;

    skip_blanks(w);
    while (w->at < w->end) {
        char c = *w->at;

        if (depth == 0 && (c == ',' || c == '}' || c == ']'))
            return;
        if (c == '"') {
            skip_string(w);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        w->at++;
        if (depth == 0 && (c == '}' || c == ']'))
            return;
    }
}

static bool enter_member(struct walk *w, struct slice name)
{
    w->at++;
    for (;;) {
        const char *start;

        skip_blanks(w);
        start = w->at;
        if (w->at >= w->end || *w->at != '"')
            return false;
        if (slice_equal(skip_string(w), name)) {
            w->at = start;
            return true;
        }
        skip_blanks(w);
        w->at++;
        skip_value(w);
        skip_blanks(w);
        if (w->at >= w->end || *w->at++ != ',')
            return false;
    }
}

static bool enter_item(struct walk *w, size_t index)
{
    w->at++;
    while (index-- > 0) {
        skip_value(w);
        skip_blanks(w);
        if (w->at >= w->end || *w->at++ != ',')
            return false;
    }
    skip_blanks(w);
    return w->at < w->end;
}

/* From the start of a member's name to its value. */
static void pass_name(struct walk *w)
{
    if (w->at < w->end && *w->at == '"') {
        skip_string(w);
        skip_blanks(w);
        if (w->at < w->end && *w->at == ':')
            w->at++;
        skip_blanks(w);
    }
}

static const char *find_json(struct slice text, const char *pointer)
{
    struct walk w = {text.data, text.data + text.len};
    const char *found = text.data;
    bool member = false;

    skip_blanks(&w);
    for (int depth = 0; *pointer == '/' && depth < DEPTH_MAX; depth++) {
        size_t len = strcspn(++pointer, "/");
        struct slice part = {pointer, len};

        pointer += len;
        if (member)
            pass_name(&w);
        if (w.at >= w.end || (*w.at != '{' && *w.at != '['))
            break;
        member = *w.at == '{';
        if (member ? !enter_member(&w, part) : !enter_item(&w, strtoul(part.data, NULL, 10)))
            break;
        found = w.at;
    }
    return found;
}

static const char *find_yaml(struct slice text, const char *pointer)
{
    const char *found = text.data;
    const char *end = text.data + text.len;

    while (*pointer == '/') {
        size_t len = strcspn(++pointer, "/");
        const char *at = len ? memmem(found, (size_t)(end - found), pointer, len) : NULL;

        while (at && at + len < end && at[len] != ':')
            at = memmem(at + 1, (size_t)(end - at - 1), pointer, len);
        found = at ? at : found;
        pointer += len;
    }
    return found;
}

size_t json_line_of(struct slice text, const char *pointer, bool yaml)
{
    const char *found = yaml ? find_yaml(text, pointer) : find_json(text, pointer);
    size_t line = 1;

    for (const char *at = text.data; at < found; at++)
        line += *at == '\n';
    return line;
}
