/* Names in SQL, and the attributes that they stand for. */
#include "interceptor/engine/sql_inside.h"

#include "common/utf8.h"
#include "interceptor/engine/sql_dialect.h"

#include <stdlib.h>

static bool is_name(const struct sql *q)
{
    return q->token.kind == SQL_WORD || q->token.kind == SQL_NAME;
}

static struct sql_name name_of(const struct sql_token *token)
{
    if (token->kind != SQL_NAME)
        return (struct sql_name){token->text, '\0'};
    return (struct sql_name){token->inside, token->quote == '[' ? ']' : token->quote};
}

/* Whether the part of a name before a dot is a protected column, and no table. */
static bool is_column_of_field(struct sql *q, const struct sql_name *part)
{
    int32_t attribute;

    return q->run->plan && q->table.text.data && !utf8_equal_nocase(part->text, q->table.text) &&
           sql_find_column(q, part, &attribute) && attribute != SELECTOR_NONE &&
           (size_t)attribute < q->run->plan->count;
}

static bool read_parts(struct sql *q, bool fields, struct sql_name *ret)
{
    for (;;) {
        if (!is_name(q) && !sql_is(&q->token, "*"))
            return sql_fault(q, "a name is expected");
        *ret = name_of(&q->token);
        if (!sql_advance(q))
            return false;
        if (!sql_is(&q->token, "."))
            return true;
        if (fields && is_column_of_field(q, ret))
            return sql_fault(q, "a field of a protected column");
        if (!sql_advance(q))
            return false;
    }
}

bool sql_read_reference(struct sql *q, struct sql_name *ret)
{
    return read_parts(q, sql_dialects[q->lexer.type].field_names, ret);
}

bool sql_read_name(struct sql *q, struct sql_name *ret)
{
    struct slice star = SLICE("*");
    const struct sql_token first = q->token;

    if (!read_parts(q, sql_dialects[q->lexer.type].field_targets, ret))
        return false;
    if (ret->quote == '\0' && slice_equal(ret->text, star)) {
        q->token = first;
        return sql_fault(q, "a name is expected");
    }
    return true;
}

/* The name without its doubled quotes, in `room` where there are any. False: memory is out. */
static bool plain_name(struct sql *q, const struct sql_name *name, struct buf *room,
                       struct slice *ret)
{
    const char *p = name->text.data, *end = p + name->text.len;

    *ret = name->text;
    if (name->quote == '\0' || !memchr(p, name->quote, name->text.len))
        return true;
    for (; p < end; p++) {
        buf_put_char(room, *p);
        p += *p == name->quote; /* the second of two */
    }
    *ret = buf_slice(room);
    if (q->st == ST_OK)
        q->st = buf_status(room, q->why);
    return q->st == ST_OK;
}

/* Blanks that end a quoted name count for some servers, and not for others ([name ]). */
static int32_t find(const struct sql *q, struct slice name)
{
    const struct plan *plan = q->run->plan;
    uint32_t found = column_index_find(&plan->columns, name);

    if (!found) {
        while (name.len > 0 && name.data[name.len - 1] == ' ')
            name.len--;
        found = column_index_find(&plan->columns, name);
    }
    if (found)
        return (int32_t)found - 1;
    return plan->unlisted == UNLISTED_PASS ? SELECTOR_NONE : (int32_t)plan->count;
}

bool sql_find_column(struct sql *q, const struct sql_name *name, int32_t *ret)
{
    auto_buf struct buf room = BUF_INIT(SIZE_MAX / 4);
    struct slice plain;

    *ret = SELECTOR_NONE;
    if (!q->run->plan)
        return true;
    if (!plain_name(q, name, &room, &plain))
        return false;
    *ret = find(q, plain);
    return true;
}

static bool same_name(const struct sql_name *a, const struct sql_name *b)
{
    return a->text.data && a->quote == b->quote && slice_equal(a->text, b->text);
}

static bool grow(struct sql *q)
{
    size_t room = q->column_room ? q->column_room * 2 : 16;
    struct sql_column *columns = realloc(q->columns, room * sizeof *columns);

    if (!columns) {
        q->st = fail_memory(q->why);
        return false;
    }
    memset(columns + q->column_room, 0, (room - q->column_room) * sizeof *columns);
    q->columns = columns;
    q->column_room = room;
    return true;
}

bool sql_add_column(struct sql *q, const struct sql_name *name)
{
    struct sql_column *column;

    if (q->column_count == q->column_room && !grow(q))
        return false;
    column = &q->columns[q->column_count++];
    if (same_name(&column->name, name))
        return true; /* as in the statement before */
    column->name = *name;
    return sql_find_column(q, name, &column->attribute);
}
