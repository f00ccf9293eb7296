#include "interceptor/engine/json_stream_inside.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/scan.h"

#include <openssl/rand.h>
#include <stdlib.h>

#define BLANKS_16  "                "
#define BLANKS_128 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16
#define BLANKS_1024                                                                                \
    BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128

/* A comma, a line break as the answer's string has it, and the blanks of the deepest level. */
static const char line_break[] = ",\\n" BLANKS_1024 BLANKS_16 BLANKS_16;

enum {
    LINE_BREAK = 2,
    SHORT_BREAK = 32,
    LINE_MAX_EXTRA = LINE_BREAK + 1 + SHORT_BREAK,
    AHEAD = 512, /* bytes, a few entries */
};

/* Room for LINE_MAX_EXTRA + 2 * depth bytes must have been asked for. */
static inline void put_line_break(struct json *j, bool comma, size_t depth)
{
    struct sink *s = &j->run->sink;
    const char *from = comma ? line_break : line_break + 1;
    size_t len = comma + LINE_BREAK + 2 * depth;

    memcpy(s->pos, from, SHORT_BREAK);
    if (len > SHORT_BREAK)
        memcpy(s->pos + SHORT_BREAK, from + SHORT_BREAK, len - SHORT_BREAK);
    s->pos += len;
}

/* Where a step leads to: the state's own attribute, or the one above it. */
static inline void enter(const struct json *j, const struct spot *above, uint32_t state,
                         struct spot *ret)
{
    int32_t holds = selector_holds(j->selector, state);

    ret->state = state;
    ret->attribute = holds != SELECTOR_NONE ? holds : above->attribute;
    ret->direct = holds != SELECTOR_NONE;
}

static void enter_items(const struct json *j, const struct spot *array, struct spot *ret)
{
    *ret = (struct spot){array->state, array->attribute, false};
    if (array->state != SELECTOR_DEAD)
        enter(j, array, selector_step_items(j->selector, array->state), ret);
}

static inline void enter_member(const struct json *j, const struct spot *object, struct slice name,
                                uint64_t hash, struct spot *ret)
{
    *ret = (struct spot){object->state, object->attribute, false};
    if (object->state != SELECTOR_DEAD)
        enter(j, object, selector_step_name(j->selector, object->state, name, hash), ret);
}

/* The shape of objects that stand where the container at the next depth does. */
static struct shape *shape_there(struct json *j)
{
    struct frame *around = &j->work->frames[j->depth];

    if (j->depth > 0 && !around->object)
        return around->shape;
    if (j->depth == 0)
        return shape_new(&j->work->shapes);
    if (!around->member)
        return NULL;
    if (!around->member->inner)
        around->member->inner = shape_new(&j->work->shapes);
    return around->member->inner;
}

static void open_shape(struct json *j, struct frame *frame)
{
    struct shape *shape = shape_there(j);

    frame->shape = shape;
    frame->member = NULL;
    frame->guessed = 0;
    frame->guessing = shape && frame->object;
    if (frame->guessing &&
        (shape->spot.state != frame->spot.state || shape->spot.attribute != frame->spot.attribute ||
         shape->depth != j->depth)) {
        shape->spot = frame->spot;
        shape->depth = j->depth;
        shape->count = 0;
    }
}

static bool open_container(struct json *j, const struct spot *spot)
{
    struct sink *s = &j->run->sink;
    struct frame *frame = &j->work->frames[j->depth + 1];
    char closer = *j->p == '{' ? '}' : ']';

    if (j->depth == ENGINE_DEPTH_MAX)
        return json_fault(j, j->p, "nested deeper than 512");
    if (!json_room(j, 2))
        return false;
    sink_put_char(s, *j->p);
    j->p = scan_blanks(j->p + 1, j->text.end);
    if (j->p < j->text.end && *j->p == closer) {
        sink_put_char(s, closer);
        j->p++;
        return true;
    }
    frame->spot = *spot;
    frame->object = closer == '}';
    frame->filled = false;
    open_shape(j, frame);
    frame->shifts = pending_shift_mark(&j->work->shifts);
    name_set_open(&j->work->names, &frame->names);
    if (!frame->object)
        enter_items(j, spot, &frame->items);
    j->depth++;
    return true;
}

static bool close_container(struct json *j)
{
    struct frame *frame = &j->work->frames[j->depth];

    name_set_close(&j->work->names, &frame->names);
    j->depth--;
    if (!json_room(j, LINE_MAX_EXTRA + 2 * j->depth + 1))
        return false;
    put_line_break(j, false, j->depth);
    sink_put_char(&j->run->sink, *j->p++);
    if (!frame->object || pending_shift_idle(&j->work->shifts, j->depth + 1, frame->shifts))
        return true;
    return json_ok(
        j, pending_shift_close(&j->work->shifts, j->run, j->depth + 1, frame->shifts, j->why));
}

/* The first string of the text tells its encoding. */
static bool check_quote(struct json *j)
{
    char c = *j->p;

    if (j->text.quote == 0 && (c == '"' || c == '\'')) {
        j->text.quote = c;
        j->text.apostrophe = c == '\'' ? '"' : '\0';
    }
    return (c != '\0' && c == j->text.quote) ||
           json_fault(j, j->p, "a string, a name or a value is expected");
}

static bool read_string(struct json *j, enum json_role role, struct json_string *ret)
{
    const char *behind;

    if (!check_quote(j))
        return false;
    behind = json_text_string(&j->text, j->p + 1, role, ret);
    j->p = behind;
    return behind != NULL;
}

static bool read_number(struct json *j, const struct spot *spot)
{
    const char *from = j->p;

    j->p = json_text_number(&j->text, from);
    return j->p &&
           json_leaf_other(j, spot, VALUE_NUMBER, (struct slice){from, (size_t)(j->p - from)});
}

static bool read_word(struct json *j, const struct spot *spot)
{
    const char *from = j->p;

    j->p = json_text_word(&j->text, from);
    return j->p && json_leaf_other(j, spot, *from == 'n' ? VALUE_NULL : VALUE_BOOLEAN,
                                   (struct slice){from, (size_t)(j->p - from)});
}

static bool read_value(struct json *j, const struct spot *spot, enum json_role role)
{
    struct json_string string;

    if (j->p == j->text.end)
        return json_fault(j, j->p, "the text ends before a value");
    switch (*j->p) {
    case '"':
        if (json_leaf_pass(j, spot))
            return true;
        /* fall through */
    case '\'':
        return read_string(j, role, &string) && json_leaf_string(j, spot, &string);
    case '{':
    case '[':
        return open_container(j, spot);
    case 't':
    case 'f':
    case 'n':
        return read_word(j, spot);
    default:
        return read_number(j, spot);
    }
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

    if (!json_room(j, name->raw.len + LINE_MAX_EXTRA + 2 * j->depth + 8))
        return false;
    put_line_break(j, frame->filled, j->depth);
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

    if (!read_value(j, spot, ROLE_IN_OBJECT))
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
    return read_value(j, spot, ROLE_IN_OBJECT);
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
    if (!read_string(j, ROLE_NAME, &name) || !name_characters(j, &name, &characters))
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

static bool read_member(struct json *j, struct frame *frame)
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

static bool read_item(struct json *j, struct frame *frame)
{
    if (!json_room(j, LINE_MAX_EXTRA + 2 * j->depth))
        return false;
    put_line_break(j, frame->filled, j->depth);
    frame->filled = true;
    return read_value(j, &frame->items, ROLE_IN_ARRAY);
}

/* Text and answer that no cache holds are asked for before they are needed. Addresses behind their
 * ends do no harm. */
static inline void look_ahead(const struct json *j)
{
    __builtin_prefetch((const void *)((uintptr_t)j->p + AHEAD), 0);
    __builtin_prefetch((const void *)((uintptr_t)j->run->sink.pos + AHEAD), 1);
}

/* The next member or item of the innermost container, or its end. */
static bool read_entry(struct json *j)
{
    struct frame *frame = &j->work->frames[j->depth];

    look_ahead(j);
    j->p = scan_blanks(j->p, j->text.end);
    if (frame->filled) {
        if (j->p == j->text.end)
            return json_fault(j, j->p, "the text ends inside an object or array");
        if (*j->p == (frame->object ? '}' : ']'))
            return close_container(j);
        if (*j->p != ',')
            return json_fault(j, j->p, "a comma or the end of the object or array is expected");
        j->p = scan_blanks(j->p + 1, j->text.end);
    }
    return frame->object ? read_member(j, frame) : read_item(j, frame);
}

static bool read_document(struct json *j)
{
    struct spot top = {j->selector ? SELECTOR_START : SELECTOR_DEAD, SELECTOR_NONE, false};

    j->p = scan_blanks(j->p, j->text.end);
    if (j->p == j->text.end || (*j->p != '{' && *j->p != '['))
        return json_fault(j, j->p, "an object or an array is expected");
    if (!open_container(j, &top))
        return false;
    while (j->depth > 0) {
        if (!read_entry(j))
            return false;
    }
    j->p = scan_blanks(j->p, j->text.end);
    return j->p == j->text.end || json_fault(j, j->p, "something follows the data set");
}

static bool same_name(void *ctx, const struct name_place *a, const struct name_place *b)
{
    const struct json *j = ctx;

    return json_text_same(&j->text, (struct slice){j->text.start + a->offset, a->len},
                          (struct slice){j->text.start + b->offset, b->len});
}

enum status json_protect(struct run *run, struct json_work *work, struct slice data_set,
                         struct why *why)
{
    struct json j = {.run = run, .work = work, .p = data_set.data, .why = why};

    if (data_set.len >= UINT32_MAX)
        return fail(why, ST_TOO_LARGE, "a data set of 4 GiB or more");
    j.text = (struct json_text){.start = data_set.data, .end = data_set.data + data_set.len};
    j.selector = run->plan ? run->plan->json : NULL;
    j.passes_unlisted = !run->plan || run->plan->unlisted == UNLISTED_PASS;
    j.has_subjects = run->plan && run->plan->subject_count > 0;
    j.seed = j.selector ? selector_seed(j.selector) : work->seed;
    work->names.equal = same_name;
    work->names.ctx = &j;
    if (!read_document(&j) && j.text.fault)
        j.st = json_text_status(&j.text, why);
    if (j.st == ST_OK)
        j.st = pending_shift_close(&work->shifts, run, 0, 0, why);
    name_set_clear(&work->names);
    work->shapes.count = 0;
    pending_shifts_clear(&work->shifts);
    return j.st;
}

enum status json_work_new(struct json_work **ret, struct why *why)
{
    struct json_work *w = calloc(1, sizeof *w);

    if (!w || RAND_bytes((unsigned char *)&w->seed, sizeof w->seed) != 1) {
        free(w);
        return fail_memory(why);
    }
    pending_shifts_clear(&w->shifts);
    *ret = w;
    return ST_OK;
}

void json_work_free(struct json_work *w)
{
    if (!w)
        return;
    name_set_done(&w->names);
    pending_shifts_done(&w->shifts);
    free(w);
}
