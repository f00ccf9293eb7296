#include "interceptor/engine/json_stream_inside.h"
#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/scan.h"
#include "interceptor/engine/short_text.h"

static inline void enter_member(const struct json *j, const struct spot *object, struct slice name,
                                uint64_t hash, struct spot *ret)
{
    *ret = (struct spot){object->state, object->attribute, false};
    if (object->state != SELECTOR_DEAD)
        json_enter(j, object, selector_step_name(j->selector, object->state, name, hash), ret);
}

/* The characters of a name; those with escapes are decoded into the run's buffer. */
static bool name_characters(struct json *j, const struct json_string *name, struct slice *ret)
{
    struct buf *room = &j->run->characters;

    *ret = name->raw;
    if (name->plain || !memchr(name->raw.data, '\\', name->raw.len))
        return true;
    buf_clear(room);
    json_text_decode(&j->text, name->raw, room);
    *ret = buf_slice(room);
    return json_ok(j, buf_status(room, j->why));
}

static bool add_name(struct json *j, struct frame *frame, struct slice raw, uint32_t hash)
{
    enum status st = name_set_add(&j->work->names, &frame->names, j->depth, hash,
                                  (uint32_t)(raw.data - j->text.start), (uint32_t)raw.len);

    if (__builtin_expect(st == ST_OK, 1))
        return true;
    if (st == ST_CONFLICT)
        return json_fault(j, raw.data - 1, "a member is given twice");
    return json_ok(j, fail(j->why, st, "%s", status_word(st)));
}

/* The member that the shape tells, if the text has it: then j->p is at its value. */
static inline struct shape_member *guess_member(struct json *j, const struct frame *frame)
{
    struct shape_member *m = &frame->shape->members[frame->guessed];

    if (frame->guessed == frame->shape->count || (size_t)(j->text.end - j->p) <= m->reach ||
        !short_equal(j->p, m->quoted, m->reach))
        return NULL;
    j->p = scan_blanks(j->p + m->reach, j->text.end);
    return m;
}

/* The names guessed so far are to be told from those to come; the shape is learnt anew from here. */
static bool stop_guessing(struct json *j, struct frame *frame)
{
    frame->guessing = false;
    frame->shape->count = frame->guessed;
    for (size_t i = 0; i < frame->guessed; i++) {
        const struct shape_member *m = &frame->shape->members[i];

        if (!add_name(j, frame, (struct slice){m->quoted + 1, m->len}, m->hash))
            return false;
    }
    return true;
}

static bool copy_name(struct json *j, const struct json_string *name)
{
    struct sink *s = &j->run->sink;

    return json_text_copy(&j->text, name->raw, s) ? json_room(j, 8)
                                                  : json_ok(j, buf_status(s->out, j->why));
}

static bool put_name(struct json *j, const struct frame *frame, const struct json_string *name)
{
    struct sink *s = &j->run->sink;

    if (!json_room(j, name->raw.len + JSON_LINE_MAX_EXTRA + 2 * j->depth + 8))
        return false;
    json_put_line_break(j, frame->filled, j->depth);
    memcpy(s->pos, "\\\"", 2);
    s->pos += 2;
    if (name->plain)
        sink_put(s, name->raw.data, name->raw.len);
    else if (!copy_name(j, name))
        return false;
    memcpy(s->pos, "\\\": ", 4);
    s->pos += 4;
    return true;
}

static bool skip_colon(struct json *j)
{
    j->p = scan_blanks(j->p, j->text.end);
    if (j->p == j->text.end || *j->p != ':')
        return json_fault(j, j->p, "a colon is expected");
    j->p = scan_blanks(j->p + 1, j->text.end);
    return true;
}

/* Where dates may wait for it, a scalar member may be their subject. */
static bool read_subject(struct json *j, const struct json_string *name, struct spot *spot)
{
    const char *from = j->p;
    size_t depth = j->depth;

    if (!json_read_value(j, spot, ROLE_IN_OBJECT))
        return false;
    if (j->depth != depth || *from == '{' || *from == '[')
        return true;
    return json_ok(j, pending_shift_subject(&j->work->shifts, j->run->plan, &j->text, depth, name,
                                            (struct slice){from, (size_t)(j->p - from)}, j->why));
}

static bool read_member_value(struct json *j, struct frame *frame, const struct json_string *name,
                              struct spot *spot)
{
    frame->filled = true;
    if (j->has_subjects)
        return read_subject(j, name, spot);
    return json_read_value(j, spot, ROLE_IN_OBJECT);
}

/* The next member of the shape, as long as it has all that were before. It has been written from
 * `offset` on. */
static void learn_member(struct json *j, struct frame *frame, const struct json_string *name,
                         uint32_t hash, const struct spot *spot, size_t offset)
{
    struct sink *s = &j->run->sink;
    struct shape *shape = frame->shape;
    size_t written = sink_offset(s) - offset;
    struct shape_member *m;

    frame->member = NULL;
    if (!shape || !name->plain || frame->guessed != shape->count || shape->count == SHAPE_MEMBERS ||
        written >= SHAPE_TEXT)
        return;
    m = &shape->members[shape->count++];
    if (shape->count > shape->used) {
        shape->used = shape->count;
        m->inner = NULL;
    }
    m->quoted = name->raw.data - 1;
    m->reach = (uint32_t)(j->p - m->quoted);
    m->len = (uint32_t)name->raw.len;
    m->hash = hash;
    m->spot = *spot;
    m->written[0] = ',';
    m->written_len = (uint32_t)(written + !frame->filled);
    memcpy(m->written + !frame->filled, s->out->data + offset, written);
    frame->guessed++;
    frame->member = m;
}

static bool read_known_member(struct json *j, struct frame *frame, struct shape_member *m)
{
    const struct json_string name = {{m->quoted + 1, m->len}, true};
    struct sink *s = &j->run->sink;
    struct spot spot = m->spot;

    if (!json_room(j, SHAPE_TEXT))
        return false;
    memcpy(s->pos, m->written + !frame->filled, SHAPE_TEXT - 1);
    s->pos += m->written_len - !frame->filled;
    frame->guessed++;
    frame->member = m;
    return read_member_value(j, frame, &name, &spot);
}

static bool read_new_member(struct json *j, struct frame *frame)
{
    size_t offset = sink_offset(&j->run->sink);
    struct json_string name;
    struct slice characters;
    struct spot spot;
    uint64_t hash;

    if (j->p == j->text.end)
        return json_fault(j, j->p, "the text ends inside an object");
    if (!json_read_string(j, ROLE_NAME, &name) || !name_characters(j, &name, &characters))
        return false;
    hash = name_hash(j->seed, characters);
    if (!add_name(j, frame, name.raw, (uint32_t)(hash >> 32)))
        return false;
    enter_member(j, &frame->spot, characters, hash, &spot);
    if (!put_name(j, frame, &name) || !skip_colon(j))
        return false;
    learn_member(j, frame, &name, (uint32_t)(hash >> 32), &spot, offset);
    return read_member_value(j, frame, &name, &spot);
}

bool json_read_member(struct json *j, struct frame *frame)
{
    struct shape_member *m;

    if (frame->guessing) {
        m = guess_member(j, frame);
        if (m)
            return read_known_member(j, frame, m);
        if (!stop_guessing(j, frame))
            return false;
    }
    return read_new_member(j, frame);
}
