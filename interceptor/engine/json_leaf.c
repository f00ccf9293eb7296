#include "interceptor/engine/json_stream_inside.h"
#include "interceptor/engine/leaf_job.h"
#include "interceptor/engine/scan.h"

static bool put_literal(struct json *j, struct slice raw)
{
    if (!json_room(j, raw.len))
        return false;
    sink_put(&j->run->sink, raw.data, raw.len);
    return true;
}

static bool put_quotes(struct json *j)
{
    return put_literal(j, SLICE("\\\""));
}

static bool put_raw_string(struct json *j, struct slice raw, bool plain)
{
    struct sink *s = &j->run->sink;

    if (!plain)
        return put_quotes(j) &&
               (json_text_copy(&j->text, raw, s) || json_ok(j, buf_status(s->out, j->why))) &&
               put_quotes(j);
    if (!json_room(j, raw.len + 4))
        return false;
    memcpy(s->pos, "\\\"", 2);
    s->pos += 2;
    sink_put(s, raw.data, raw.len);
    memcpy(s->pos, "\\\"", 2);
    s->pos += 2;
    return true;
}

bool json_leaf_pass(struct json *j, const struct spot *spot)
{
    struct sink *s = &j->run->sink;
    const char *from = j->p + 1, *stop = j->text.end, *end;
    char *to = s->pos + 2;
    ptrdiff_t room = s->limit - s->pos - 4;

    if (spot->attribute != SELECTOR_NONE || !j->passes_unlisted || j->text.quote != '"' || room < 0)
        return false;
    if (stop - from > room)
        stop = from + room;
    end = scan_copy_plain(to, from, stop, '"', '"');
    if (end == stop || *end != '"')
        return false;
    memcpy(s->pos, "\\\"", 2);
    memcpy(to + (end - from), "\\\"", 2);
    s->pos = to + (end - from) + 2;
    j->p = end + 1;
    return true;
}

static bool put_value(struct json *j, const struct value *v)
{
    return literal_write(&j->run->sink, LITERAL_JSON, v) ||
           json_ok(j, buf_status(j->run->sink.out, j->why));
}

/* Blanks stand where the pseudonym will. */
static bool put_assigned(struct json *j, const struct leaf *leaf, size_t length)
{
    struct sink *s = &j->run->sink;
    size_t offset;

    if (!json_room(j, length + 4))
        return false;
    sink_put(s, "\\\"", 2);
    offset = sink_offset(s);
    memset(s->pos, ' ', length);
    s->pos += length;
    sink_put(s, "\\\"", 2);
    return json_ok(j, batch_assign(j->run, leaf, offset, length, j->why));
}

static bool put_resolved(struct json *j, const struct leaf *leaf)
{
    size_t offset = sink_offset(&j->run->sink);

    return put_value(j, &leaf->value) &&
           json_ok(j, batch_resolve(j->run, leaf, offset, 0, LITERAL_JSON, j->why));
}

/* The neutral value stands until the subject is known, and if it never is. */
static bool put_shifted(struct json *j, const struct leaf *leaf)
{
    size_t offset = sink_offset(&j->run->sink) + 2;
    struct date date;

    buf_clear(&j->run->made);
    if (date_parse(leaf->value.text, &date))
        date_put_neutral(&date, &j->run->made);
    return json_ok(j, buf_status(&j->run->made, j->why)) &&
           put_value(j, &(struct value){VALUE_STRING, buf_slice(&j->run->made)}) &&
           json_ok(j, pending_shift_add(&j->work->shifts, leaf->attribute, offset, leaf->value.text,
                                        j->why));
}

static bool put_outcome(struct json *j, const struct leaf *leaf, const struct outcome *outcome)
{
    switch (outcome->kind) {
    case OUTCOME_ASSIGN:
        return put_assigned(j, leaf, outcome->length);
    case OUTCOME_RESOLVE:
        return put_resolved(j, leaf);
    case OUTCOME_SHIFT:
        return put_shifted(j, leaf);
    case OUTCOME_RESTRICTED:
        return put_literal(j, buf_slice(&j->run->restricted));
    default:
        return put_value(j, &outcome->value);
    }
}

/* Whether the plan protects a value there; *ret_index is the attribute that counts it. */
static inline bool is_protected(const struct json *j, const struct spot *spot, size_t *ret_index)
{
    if (spot->attribute != SELECTOR_NONE) {
        *ret_index = (size_t)spot->attribute;
        return true;
    }
    *ret_index = j->run->plan ? j->run->plan->count : 0;
    return j->run->plan && j->run->plan->unlisted != UNLISTED_PASS;
}

static bool apply(struct json *j, const struct leaf *leaf, struct outcome *ret)
{
    if (leaf->attribute == j->run->plan->count && j->run->plan->unlisted == UNLISTED_REJECT)
        return json_fault(j, j->p, "the value before this byte is not in the manifest");
    return json_ok(j, leaf_apply(j->run, leaf, ret, j->why));
}

/* Apart from the way of values that no path holds, which are most. */
static __attribute__((noinline)) bool protect_string(struct json *j, const struct spot *spot,
                                                     size_t attribute, struct slice raw, bool plain)
{
    struct leaf leaf = {{VALUE_STRING, raw}, attribute, spot->direct, false};
    struct buf *room = &j->run->characters;
    struct outcome outcome;

    if (!plain && memchr(raw.data, '\\', raw.len)) {
        buf_clear(room);
        json_text_decode(&j->text, raw, room);
        if (!json_ok(j, buf_status(room, j->why)))
            return false;
        leaf.value.text = buf_slice(room);
    }
    if (!apply(j, &leaf, &outcome))
        return false;
    return outcome.kind == OUTCOME_KEEP ? put_raw_string(j, raw, plain)
                                        : put_outcome(j, &leaf, &outcome);
}

bool json_leaf_string(struct json *j, const struct spot *spot, const struct json_string *string)
{
    size_t attribute;

    return is_protected(j, spot, &attribute)
               ? protect_string(j, spot, attribute, string->raw, string->plain)
               : put_raw_string(j, string->raw, string->plain);
}

static __attribute__((noinline)) bool protect_other(struct json *j, const struct spot *spot,
                                                    size_t attribute, enum value_kind kind,
                                                    struct slice raw)
{
    struct leaf leaf = {{kind, raw}, attribute, spot->direct, false};
    struct outcome outcome;

    if (!apply(j, &leaf, &outcome))
        return false;
    return outcome.kind == OUTCOME_KEEP ? put_literal(j, raw) : put_outcome(j, &leaf, &outcome);
}

bool json_leaf_other(struct json *j, const struct spot *spot, enum value_kind kind,
                     struct slice raw)
{
    size_t attribute;

    return is_protected(j, spot, &attribute) ? protect_other(j, spot, attribute, kind, raw)
                                             : put_literal(j, raw);
}
