#include "interceptor/engine/json_stream_inside.h"

#include "interceptor/engine/scan.h"

#include <openssl/rand.h>
#include <stdlib.h>

#define BLANKS_16  "                "
#define BLANKS_128 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16 BLANKS_16
#define BLANKS_1024                                                                                \
    BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128 BLANKS_128

const char json_line_break[] = ",\\n" BLANKS_1024 BLANKS_16 BLANKS_16;

static void enter_items(const struct json *j, const struct spot *array, struct spot *ret)
{
    *ret = (struct spot){array->state, array->attribute, false};
    if (array->state != SELECTOR_DEAD)
        json_enter(j, array, selector_step_items(j->selector, array->state), ret);
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
    if (!json_room(j, JSON_LINE_MAX_EXTRA + 2 * j->depth + 1))
        return false;
    json_put_line_break(j, false, j->depth);
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

bool json_read_string(struct json *j, enum json_role role, struct json_string *ret)
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

bool json_read_value(struct json *j, const struct spot *spot, enum json_role role)
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
        return json_read_string(j, role, &string) && json_leaf_string(j, spot, &string);
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

static bool read_item(struct json *j, struct frame *frame)
{
    if (!json_room(j, JSON_LINE_MAX_EXTRA + 2 * j->depth))
        return false;
    json_put_line_break(j, frame->filled, j->depth);
    frame->filled = true;
    return json_read_value(j, &frame->items, ROLE_IN_ARRAY);
}

enum { AHEAD = 512 }; /* bytes, a few entries */

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
    j->run->spend.done = j->p;
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
    return frame->object ? json_read_member(j, frame) : read_item(j, frame);
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

/* Names that may be compared once more: those of the open objects, and those of the shapes. */
static bool keep_names(const struct json *j, struct spend_kept *kept)
{
    const struct name_set *names = &j->work->names;
    const struct shapes *shapes = &j->work->shapes;
    bool fits = true;

    for (uint32_t i = 0; fits && i < names->count; i++)
        fits = spend_keep(
            kept, (struct slice){j->text.start + names->places[i].offset, names->places[i].len});
    for (size_t i = 0; i < shapes->count; i++) {
        const struct shape *shape = &shapes->list[i];

        for (size_t n = 0; fits && n < shape->count; n++)
            fits =
                spend_keep(kept, (struct slice){shape->members[n].quoted, shape->members[n].reach});
    }
    return fits;
}

static void relieve(void *ctx)
{
    struct json *j = ctx;
    struct spend_kept kept;

    spend_keep_none(&kept);
    if (keep_names(j, &kept))
        spend(&j->run->spend, &kept);
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
    run_relieve(run, relieve, &j);
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
