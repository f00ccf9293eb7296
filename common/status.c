#include "common/status.h"

#include "common/memory.h"
#include "common/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
    [ST_OK] = "ok",
    [ST_BAD_INPUT] = "bad input",
    [ST_DENIED] = "denied",
    [ST_NOT_FOUND] = "not found",
    [ST_CONFLICT] = "conflict",
    [ST_TOO_LARGE] = "too large",
    [ST_UNSUPPORTED] = "not supported",
    [ST_BUSY] = "busy",
    [ST_TIMEOUT] = "timed out",
    [ST_NO_MEMORY] = "out of memory",
    [ST_IO] = "input or output failed",
    [ST_INTERNAL] = "internal error",
};

/* What there is room for, in whole characters: errors are answered as JSON. */
static void keep(char *ret, size_t size, const char *text)
{
    struct slice kept = utf8_cut(slice_of(text), size - 1);

    memmove(ret, kept.data, kept.len);
    ret[kept.len] = '\0';
}

/* By way of a copy, since the arguments may be the words that are there now; a byte longer, which
 * tells where a character ends. */
static void write_text(struct why *why, const char *format, va_list args)
{
    char text[sizeof why->text + 1];

    if (!why)
        return;
    vsnprintf(text, sizeof text, format, args);
    keep(why->text, sizeof why->text, text);
}

static void write_place(struct why *why, const char *place)
{
    if (why)
        keep(why->place, sizeof why->place, place ? place : "");
}

enum status fail(struct why *why, enum status st, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_text(why, format, args);
    va_end(args);
    return st;
}

enum status fail_at(struct why *why, enum status st, const char *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    write_text(why, format, args);
    va_end(args);
    write_place(why, place);
    return st;
}

enum status fail_memory(struct why *why)
{
    memory_note();
    return fail(why, ST_NO_MEMORY, "out of memory");
}

const char *status_word(enum status st)
{
    return (size_t)st < sizeof words / sizeof words[0] ? words[st] : "unknown status";
}
