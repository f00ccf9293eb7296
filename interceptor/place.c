#include "interceptor/place.h"

#include "common/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status place_here(struct why *why, enum status st)
{
    if (st != ST_OK && why)
        why->place[0] = '\0';
    return st;
}

/* Of a place that is too long the beginning, in whole characters. */
static void keep(struct why *why, const char *place)
{
    struct slice whole = slice_of(place);
    bool fits = whole.len < sizeof why->place;
    struct slice kept = fits ? whole : utf8_cut(whole, sizeof why->place - sizeof "...");

    snprintf(why->place, sizeof why->place, "%.*s%s", (int)kept.len, kept.data, fits ? "" : "...");
}

enum status place_before(struct why *why, enum status st, const char *format, ...)
{
    char outer[3 * sizeof why->place]; /* the longest names that it may have */
    char whole[4 * sizeof why->place];
    const char *dot;
    va_list args;

    if (st == ST_OK || !why)
        return st;
    va_start(args, format);
    vsnprintf(outer, sizeof outer, format, args);
    va_end(args);
    dot =
        why->place[0] == '\0' || why->place[0] == '[' || outer[strlen(outer) - 1] == ' ' ? "" : ".";
    snprintf(whole, sizeof whole, "%s%s%s", outer, dot, why->place);
    keep(why, whole);
    return st;
}
