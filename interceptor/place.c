#include "interceptor/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status place_here(struct why *why, enum status st)
{
    if (st != ST_OK && why)
        why->place[0] = '\0';
    return st;
}

enum status place_before(struct why *why, enum status st, const char *format, ...)
{
    char outer[sizeof why->place];
    char whole[sizeof why->place];
    const char *dot;
    va_list args;

    if (st == ST_OK || !why)
        return st;
    va_start(args, format);
    vsnprintf(outer, sizeof outer, format, args);
    va_end(args);
    dot =
        why->place[0] == '\0' || why->place[0] == '[' || outer[strlen(outer) - 1] == ' ' ? "" : ".";
    if (snprintf(whole, sizeof whole, "%s%s%s", outer, dot, why->place) >= (int)sizeof whole)
        memcpy(whole + sizeof whole - 4, "...", 4);
    memcpy(why->place, whole, sizeof whole);
    return st;
}
