#include "employees-mock/match/path_template.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIECES_MAX = 512 };

enum piece_kind { PIECE_TEXT, PIECE_VARIABLE, PIECE_WILDCARD };

struct piece {
    enum piece_kind kind;
    struct slice text; /* of the template; a variable's name is in `names` */
};

struct path_template {
    char *text;
    struct piece *pieces; /* room for as many as the text can have */
    size_t piece_count;
    char **names;
    size_t name_count;
};

void path_template_free(struct path_template *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->name_count; i++)
        free(t->names[i]);
    free(t->names);
    free(t->pieces);
    free(t->text);
    free(t);
}

/* A variable's name without the characters of a format: "id*" is "id". */
static char *name_of(struct slice variable)
{
    char *name = malloc(variable.len + 1);
    size_t len = 0;

    if (!name)
        return NULL;
    for (size_t i = 0; i < variable.len; i++) {
        if (!strchr(".;*", variable.data[i]))
            name[len++] = variable.data[i];
    }
    name[len] = '\0';
    return name;
}

static bool add(struct path_template *t, enum piece_kind kind, struct slice text)
{
    if (kind == PIECE_TEXT && text.len == 0)
        return true;
    if (t->piece_count == PIECES_MAX)
        return false;
    t->pieces[t->piece_count++] = (struct piece){kind, text};
    return true;
}

static bool add_name(struct path_template *t, char *name)
{
    if (name)
        t->names[t->name_count++] = name;
    return name != NULL;
}

/* The length of a "{name}" at the text's beginning; 0: there is none. */
static size_t variable_length(struct slice text)
{
    const char *end = text.len > 0 && text.data[0] == '{' ? memchr(text.data, '}', text.len) : NULL;
    size_t len = end ? (size_t)(end - text.data) + 1 : 0;

    return len > 2 ? len : 0;
}

static enum status split(struct path_template *t, struct slice text, struct why *why)
{
    size_t from = 0;
    size_t at = 0;
    unsigned wildcards = 0;

    while (at < text.len) {
        struct slice rest = {text.data + at, text.len - at};
        size_t len = variable_length(rest);
        bool wildcard = slice_starts(rest, SLICE("**"));
        char number[16];

        if (len == 0 && !wildcard) {
            at++;
            continue;
        }
        if (wildcard)
            len = 2;
        snprintf(number, sizeof number, "%u", wildcards);
        wildcards += wildcard;
        if (!add(t, PIECE_TEXT, (struct slice){text.data + from, at - from}) ||
            !add(t, wildcard ? PIECE_WILDCARD : PIECE_VARIABLE, (struct slice){rest.data, len}))
            return fail(why, ST_BAD_INPUT, "a path template has more than %d parts", PIECES_MAX);
        if (!add_name(t, wildcard ? slice_dup(slice_of(number))
                                  : name_of((struct slice){rest.data + 1, len - 2})))
            return fail_memory(why);
        at += len;
        from = at;
    }
    if (!add(t, PIECE_TEXT, (struct slice){text.data + from, at - from}))
        return fail(why, ST_BAD_INPUT, "a path template has more than %d parts", PIECES_MAX);
    return ST_OK;
}

static size_t count_variables_at_most(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == '{' || text.data[i] == '*';
    return count;
}

enum status path_template_compile(struct slice text, struct path_template **ret, struct why *why)
{
    struct path_template *t = calloc(1, sizeof *t);
    size_t variables = count_variables_at_most(text);
    enum status st;

    if (!t)
        return fail_memory(why);
    t->text = slice_dup(text);
    t->pieces = calloc(2 * variables + 1, sizeof *t->pieces);
    t->names = calloc(variables + 1, sizeof *t->names);
    st = t->text && t->pieces && t->names ? split(t, (struct slice){t->text, text.len}, why)
                                          : fail_memory(why);
    if (st != ST_OK) {
        path_template_free(t);
        return st;
    }
    *ret = t;
    return ST_OK;
}

/* ---- matching: variables are greedy up to a '/', wildcards reluctant ---- */

struct matching {
    const struct path_template *t;
    struct slice path;
    struct slice values[PIECES_MAX];
    unsigned steps; /* left; each try of a place costs one */
};

static bool match_from(struct matching *m, size_t piece, size_t value, size_t at);

static bool match_variable(struct matching *m, size_t piece, size_t value, size_t at)
{
    size_t end = at;

    while (end < m->path.len && m->path.data[end] != '/')
        end++;
    for (; end > at; end--) {
        m->values[value] = (struct slice){m->path.data + at, end - at};
        if (match_from(m, piece + 1, value + 1, end))
            return true;
    }
    return false;
}

static bool match_wildcard(struct matching *m, size_t piece, size_t value, size_t at)
{
    for (size_t end = at; end <= m->path.len; end++) {
        m->values[value] = (struct slice){m->path.data + at, end - at};
        if (match_from(m, piece + 1, value + 1, end))
            return true;
    }
    return false;
}

static bool match_from(struct matching *m, size_t piece, size_t value, size_t at)
{
    const struct piece *p = &m->t->pieces[piece];

    if (piece == m->t->piece_count)
        return at == m->path.len;
    if (m->steps-- == 0) {
        m->steps = 0;
        return false;
    }
    if (p->kind == PIECE_VARIABLE)
        return match_variable(m, piece, value, at);
    if (p->kind == PIECE_WILDCARD)
        return match_wildcard(m, piece, value, at);
    return slice_starts(slice_from(m->path, at), p->text) &&
           match_from(m, piece + 1, value, at + p->text.len);
}

static bool match(const struct path_template *t, struct slice path, struct matching *m)
{
    enum { STEPS_MAX = 100000 };
    const char *query = path.len > 0 ? memchr(path.data, '?', path.len) : NULL;

    m->t = t;
    m->path = path;
    m->steps = STEPS_MAX;
    if (query)
        m->path.len = (size_t)(query - path.data);
    return match_from(m, 0, 0, 0);
}

bool path_template_matches(const struct path_template *t, struct slice path)
{
    struct matching m;

    return match(t, path, &m);
}

size_t path_template_count(const struct path_template *t)
{
    return t->name_count;
}

struct slice path_template_name(const struct path_template *t, size_t i)
{
    return slice_of(t->names[i]);
}

bool path_template_value(const struct path_template *t, size_t i, struct slice path,
                         struct slice *ret)
{
    struct matching m;

    if (i >= t->name_count || !match(t, path, &m))
        return false;
    *ret = m.values[i];
    return true;
}

struct slice path_template_prefix(const struct path_template *t)
{
    if (t->piece_count == 0 || t->pieces[0].kind != PIECE_TEXT)
        return (struct slice){"", 0};
    return t->pieces[0].text;
}

void path_template_write_blank(const struct path_template *t, struct buf *ret)
{
    for (size_t i = 0; i < t->piece_count; i++) {
        if (t->pieces[i].kind == PIECE_TEXT)
            buf_put_slice(ret, t->pieces[i].text);
        else
            buf_put_char(ret, '_');
    }
}
