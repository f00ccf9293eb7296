#include "interceptor/engine/sql_dialect.h"

#include "interceptor/engine/scan.h"

const struct sql_dialect sql_dialects[SQL_TYPES] = {
    [SQL_ORACLE] = {.q_strings = true,
                    .hash_names = true,
                    .field_targets = true,
                    .field_names = true},
    [SQL_MYSQL] = {.backslash = true,
                   .double_strings = true,
                   .back_quotes = true,
                   .hash_comments = true,
                   .spaced_dashes = true,
                   .digit_names = true},
    [SQL_POSTGRESQL] = {.dollars = true,
                        .dollar_tags = true,
                        .e_strings = true,
                        .return_ends = true,
                        .nested_comments = true,
                        .u_names = true,
                        .field_targets = true},
    [SQL_SQLSERVER] = {.brackets = true,
                       .nested_comments = true,
                       .hash_names = true,
                       .field_targets = true,
                       .field_names = true},
    [SQL_H2] = {.back_quotes = true,
                .dollars = true,
                .slash_comments = true,
                .return_ends = true,
                .nested_comments = true,
                .u_names = true},
    [SQL_DREMIO] = {.back_quotes = true,
                    .slash_comments = true,
                    .return_ends = true,
                    .u_names = true,
                    .field_targets = true,
                    .field_names = true},
};

/* Behind a block comment whose text begins at p, or NULL. */
static const char *skip_block(const char *p, const char *end, bool nested)
{
    for (size_t depth = 1; end - p >= 2; p++) {
        if (p[0] == '*' && p[1] == '/') {
            p++;
            if (--depth == 0)
                return p + 1;
        } else if (nested && p[0] == '/' && p[1] == '*') {
            p++;
            depth++;
        }
    }
    return NULL;
}

/* Behind the end of the line, or NULL where it is not certain: a carriage return stands alone. */
static const char *skip_line(const struct sql_dialect *d, const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '\n')
            return p + 1;
        if (*p == '\r' && p + 1 < end && p[1] != '\n')
            return d->return_ends ? p + 1 : NULL;
    }
    return end;
}

/* Whether a comment to the end of the line begins at p. */
static bool begins_line_comment(const struct sql_dialect *d, const char *p, const char *end)
{
    if (p == end)
        return false;
    if (*p == '#')
        return d->hash_comments;
    if (end - p < 2 || p[0] != p[1])
        return false;
    if (*p == '/')
        return d->slash_comments;
    return *p == '-' && (!d->spaced_dashes || end - p == 2 || (unsigned char)p[2] <= ' ');
}

/* A comment that MySQL, or MariaDB, executes. */
static bool is_code(const char *p, const char *end)
{
    return p < end && (*p == '!' || (*p == 'M' && p + 1 < end && p[1] == '!'));
}

static const char *skip_blanks(const char *p, const char *end)
{
    do {
        p = scan_blanks(p, end);
    } while (p < end && (*p == '\f' || *p == '\v') && p++);
    return p;
}

const char *sql_skip_space(const struct sql_lexer *l)
{
    const struct sql_dialect *d = &sql_dialects[l->type];
    const char *p = l->p;

    for (;;) {
        p = skip_blanks(p, l->end);
        if (begins_line_comment(d, p, l->end)) {
            p = skip_line(d, p, l->end);
        } else if (l->end - p >= 2 && p[0] == '/' && p[1] == '*') {
            if (is_code(p + 2, l->end))
                return NULL;
            p = skip_block(p + 2, l->end, d->nested_comments);
        } else {
            return p;
        }
        if (!p)
            return NULL;
    }
}
