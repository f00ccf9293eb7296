#include "interceptor/engine/sql_inside.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"
#include "interceptor/engine/literal.h"
#include "interceptor/engine/scan.h"

/* A literal: [from, to) is all of it, `text` where its string begins, or `from`. */
struct sql_literal {
    struct value value;
    const char *from;
    const char *text;
    const char *to;
};

bool sql_copy(struct sql *q, const char *to)
{
    struct slice text = {q->copied, (size_t)(to - q->copied)};

    q->run->spend.done = q->copied; /* it is looked at no more, but for names */
    q->copied = to;
    if (sink_escaped(&q->run->sink, text, SINK_TEXT))
        return true;
    q->st = buf_status(q->run->sink.out, q->why);
    return false;
}

static bool ok(struct sql *q, enum status st)
{
    if (q->st == ST_OK)
        q->st = st;
    return q->st == ST_OK;
}

static bool read_string(struct sql *q, struct sql_literal *ret)
{
    struct buf *room = &q->run->characters;

    buf_clear(room);
    sql_decode(&q->token, q->lexer.type, room);
    if (!ok(q, buf_status(room, q->why)))
        return false;
    if (codepoint_check(room->data, room->data + room->len) != room->data + room->len)
        return sql_fault(q, "the escapes of a literal make no UTF-8");
    ret->value = (struct value){VALUE_STRING, buf_slice(room)};
    ret->text = q->token.text.data + q->token.national;
    ret->to = q->token.text.data + q->token.text.len;
    return sql_advance(q);
}

/* A sign belongs to the number, with the blanks between them: a token takes the place of all. */
static bool read_number(struct sql *q, const char *sign, struct sql_literal *ret)
{
    const char *number = q->token.text.data;

    if (q->token.kind != SQL_NUMBER || (sign && scan_blanks(sign + 1, number) != number))
        return sql_fault(q, "the value of a protected column must be a literal");
    ret->from = sign ? sign : number;
    ret->to = number + q->token.text.len;
    ret->text = ret->from;
    ret->value = (struct value){VALUE_NUMBER, {ret->from, (size_t)(ret->to - ret->from)}};
    return sql_advance(q);
}

static bool read_word(struct sql *q, struct sql_literal *ret)
{
    struct slice word = q->token.text;

    ret->text = word.data;
    ret->to = word.data + word.len;
    if (sql_is(&q->token, "NULL"))
        ret->value = (struct value){VALUE_NULL, SLICE("null")};
    else if (sql_is(&q->token, "TRUE") || sql_is(&q->token, "FALSE"))
        ret->value = (struct value){VALUE_BOOLEAN, word};
    else if (!sql_is_literal_type(word))
        return sql_fault(q, "the value of a protected column must be a literal");
    else
        return sql_advance(q) &&
               (q->token.kind == SQL_STRING ? read_string(q, ret)
                                            : sql_fault(q, "a literal is expected"));
    return sql_advance(q);
}

static bool read_literal(struct sql *q, struct sql_literal *ret)
{
    bool is_signed = sql_is(&q->token, "-") || sql_is(&q->token, "+");
    const char *sign = is_signed ? q->token.text.data : NULL;

    ret->from = q->token.text.data;
    if (q->token.kind == SQL_STRING)
        return read_string(q, ret);
    if (q->token.kind == SQL_WORD)
        return read_word(q, ret);
    if (is_signed && !sql_advance(q))
        return false;
    return read_number(q, sign, ret);
}

static enum literal_style style_of(const struct sql *q)
{
    return sql_has_backslash(q->lexer.type) ? LITERAL_SQL_ESCAPED : LITERAL_SQL;
}

static bool put_assigned(struct sql *q, const struct leaf *leaf, size_t length)
{
    struct sink *s = &q->run->sink;
    size_t offset;

    if (!sink_room(s, length + 2))
        return ok(q, buf_status(s->out, q->why));
    sink_put_char(s, '\'');
    offset = sink_offset(s);
    memset(s->pos, ' ', length);
    s->pos += length;
    sink_put_char(s, '\'');
    return ok(q, batch_assign(q->run, leaf, offset, length, q->why));
}

/* The literal stands until the token store knows it. */
static bool put_resolved(struct sql *q, const struct sql_literal *l, const struct leaf *leaf)
{
    size_t prefix = (size_t)(l->text - l->from);
    size_t offset;

    if (!sql_copy(q, l->from))
        return false;
    offset = sink_offset(&q->run->sink);
    return sql_copy(q, l->to) &&
           ok(q, batch_resolve(q->run, leaf, offset, prefix, style_of(q), q->why));
}

/* A prefix (N, DATE) stays before a string, and before nothing else. */
static bool put_outcome(struct sql *q, const struct sql_literal *l, const struct leaf *leaf,
                        const struct outcome *outcome)
{
    bool string = outcome->kind != OUTCOME_VALUE || outcome->value.kind == VALUE_STRING;

    if (outcome->kind == OUTCOME_RESOLVE)
        return put_resolved(q, l, leaf);
    if (!sql_copy(q, string ? l->text : l->from))
        return false;
    q->copied = l->to;
    if (outcome->kind == OUTCOME_ASSIGN)
        return put_assigned(q, leaf, outcome->length);
    return literal_write(&q->run->sink, style_of(q), &outcome->value) ||
           ok(q, buf_status(q->run->sink.out, q->why));
}

bool sql_value(struct sql *q, int32_t attribute)
{
    struct leaf leaf = {.attribute = (size_t)attribute, .direct = true};
    struct sql_literal literal = {0};
    struct outcome outcome;

    if (leaf.attribute == q->run->plan->count && q->run->plan->unlisted == UNLISTED_REJECT)
        return sql_fault(q, "a value that is not in the manifest");
    if (!read_literal(q, &literal))
        return false;
    leaf.value = literal.value;
    if (!ok(q, leaf_apply(q->run, &leaf, &outcome, q->why)))
        return false;
    return outcome.kind == OUTCOME_KEEP || put_outcome(q, &literal, &leaf, &outcome);
}
