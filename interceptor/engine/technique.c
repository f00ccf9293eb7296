#include "interceptor/engine/technique.h"

#include "interceptor/engine/codepoint.h"

#include <stdlib.h>
#include <string.h>

enum argument { NO_ARGUMENT, A_COUNT, A_TEXT, MAYBE_TEXT };

static const struct row {
    const char *name;
    enum argument argument;
    const char *usage;
    const char *help;
} rows[TECHNIQUES] = {
    [TECHNIQUE_NONE] = {"", NO_ARGUMENT, "", "the job's own way"},
    [TECHNIQUE_KEEP_FIRST] = {"keepFirst", A_COUNT, "keepFirst:N",
                              "the first N characters stay, each other becomes *; text of N "
                              "characters or fewer is all *"},
    [TECHNIQUE_KEEP_LAST] = {"keepLast", A_COUNT, "keepLast:N",
                             "the last N characters stay, each other becomes *; text of N "
                             "characters or fewer is all *"},
    [TECHNIQUE_EMAIL] = {"email", NO_ARGUMENT, "email",
                         "the part before @ becomes hex digits, the domain stays; what "
                         "stands behind @ must read as one"},
    [TECHNIQUE_CARD] = {"card", NO_ARGUMENT, "card",
                        "another card number: the first digit, separators and length stay, the "
                        "Luhn check digit is right"},
    [TECHNIQUE_DATE_SHIFT] =
        {"dateShift", MAYBE_TEXT, "dateShift or dateShift:MEMBER",
         "moved by 1 to 365 days, the same for all dates of the tenant, or of "
         "the subject that MEMBER of the record names, so that intervals stay"},
    [TECHNIQUE_YEAR] = {"year", NO_ARGUMENT, "year", "the first day of the same year"},
    [TECHNIQUE_NULL] = {"null", NO_ARGUMENT, "null", "becomes null"},
    [TECHNIQUE_FIXED] = {"fixed", A_TEXT, "fixed:TEXT", "becomes TEXT"},
    [TECHNIQUE_SHAPE] = {"shape", NO_ARGUMENT, "shape",
                         "capitals, small letters and digits become others of their class, what "
                         "is not ASCII becomes letters, all else stays"},
};

/* The row whose name stands before the colon. */
static enum technique_kind find_row(const char *text, size_t len)
{
    enum technique_kind kind = TECHNIQUE_KEEP_FIRST;

    while (kind < TECHNIQUES &&
           (strlen(rows[kind].name) != len || strncmp(rows[kind].name, text, len) != 0))
        kind++;
    return kind;
}

static enum status parse_count(const char *text, struct technique *t, struct why *why)
{
    const char *p = text;

    for (t->count = 0; *p >= '0' && *p <= '9' && t->count <= TECHNIQUE_KEEP_MAX; p++)
        t->count = t->count * 10 + (size_t)(*p - '0');
    if (p == text || *p != '\0' || t->count < 1 || t->count > TECHNIQUE_KEEP_MAX)
        return fail(why, ST_BAD_INPUT, "%s needs a number from 1 to %d", rows[t->kind].usage,
                    TECHNIQUE_KEEP_MAX);
    return ST_OK;
}

static enum status parse_text(const char *text, struct technique *t, struct why *why)
{
    size_t len = strlen(text);

    if (len > TECHNIQUE_TEXT_MAX || codepoint_check(text, text + len) != text + len)
        return fail(why, ST_BAD_INPUT, "%s needs UTF-8 of at most %d bytes", rows[t->kind].usage,
                    TECHNIQUE_TEXT_MAX);
    t->text = strdup(text);
    return t->text ? ST_OK : fail_memory(why);
}

/* argument: behind the colon, or NULL. */
static enum status parse_argument(const char *argument, struct technique *t, struct why *why)
{
    const struct row *row = &rows[t->kind];

    switch (row->argument) {
    case NO_ARGUMENT:
        return argument ? fail(why, ST_BAD_INPUT, "%s takes no argument", row->name) : ST_OK;
    case A_COUNT:
        return parse_count(argument ? argument : "", t, why);
    case A_TEXT:
        return argument ? parse_text(argument, t, why)
                        : fail(why, ST_BAD_INPUT, "%s needs a text", row->usage);
    case MAYBE_TEXT:
        break;
    }
    if (argument && *argument == '\0')
        return fail(why, ST_BAD_INPUT, "%s: the member is missing", row->usage);
    return argument ? parse_text(argument, t, why) : ST_OK;
}

enum status technique_parse(const char *text, struct technique *ret, struct why *why)
{
    const char *colon = strchr(text, ':');
    struct technique t = {.kind = TECHNIQUE_NONE};
    enum status st;

    if (*text != '\0')
        t.kind = find_row(text, colon ? (size_t)(colon - text) : strlen(text));
    if (t.kind == TECHNIQUES)
        return fail(why, ST_BAD_INPUT, "there is no such technique");
    st = parse_argument(colon ? colon + 1 : NULL, &t, why);
    if (st == ST_OK)
        *ret = t;
    return st;
}

void technique_done(struct technique *t)
{
    free(t->text);
    *t = (struct technique){0};
}

const char *technique_usage_at(size_t i)
{
    return i < TECHNIQUES - 1 ? rows[i + 1].usage : NULL;
}

const char *technique_help_at(size_t i)
{
    return i < TECHNIQUES - 1 ? rows[i + 1].help : NULL;
}
