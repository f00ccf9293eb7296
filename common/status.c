#include "common/status.h"

#include <stdarg.h>
#include <stdio.h>

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

static void write_text(struct why *why, const char *format, va_list args)
{
    if (why)
        vsnprintf(why->text, sizeof why->text, format, args);
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
    if (why)
        snprintf(why->place, sizeof why->place, "%s", place ? place : "");
    return st;
}

enum status fail_memory(struct why *why)
{
    return fail(why, ST_NO_MEMORY, "out of memory");
}

const char *status_word(enum status st)
{
    return words[st];
}
