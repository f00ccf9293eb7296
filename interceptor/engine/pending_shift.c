#include "interceptor/engine/pending_shift.h"

#include "interceptor/engine/shift.h"

#include <stdlib.h>

enum { FIRST_ROOM = 32 };

void pending_shifts_done(struct pending_shifts *p)
{
    free(p->dates);
    free(p->subjects);
    buf_done(&p->text);
    *p = (struct pending_shifts){0};
}

void pending_shifts_clear(struct pending_shifts *p)
{
    pending_shifts_done(p);
    buf_init(&p->text, SIZE_MAX / 4);
}

/* Room for one more of `size` bytes; NULL when memory is out. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : FIRST_ROOM;
    void *bigger = items;

    if (count == *room) {
        bigger = realloc(items, more * size);
        *room = bigger ? more : *room;
    }
    return bigger;
}

enum status pending_shift_add(struct pending_shifts *p, size_t attribute, size_t offset,
                              struct slice text, struct why *why)
{
    struct pending_shift *dates = grow(p->dates, p->count, &p->room, sizeof *dates);

    if (!dates)
        return fail_memory(why);
    p->dates = dates;
    dates[p->count++] = (struct pending_shift){offset, p->text.len, text.len, attribute, false};
    buf_put_slice(&p->text, text);
    return buf_status(&p->text, why);
}

static const char *find_name(const struct plan *plan, struct slice name)
{
    for (size_t i = 0; i < plan->subject_count; i++) {
        if (slice_is(name, plan->subjects[i]))
            return plan->subjects[i];
    }
    return NULL;
}

/* A name with escapes is decoded behind the texts for as long as it is looked for. */
static const char *find_subject(struct pending_shifts *p, const struct plan *plan,
                                const struct json_text *t, const struct json_string *name)
{
    size_t end = p->text.len;
    const char *found = NULL;

    if (name->plain)
        return find_name(plan, name->raw);
    json_text_decode(t, name->raw, &p->text);
    if (p->text.data) /* else memory is out, as the text's status tells */
        found = find_name(plan, slice_from(buf_slice(&p->text), end));
    p->text.len = end;
    return found;
}

/* Quotes tell a string from a number of the same characters. */
static void put_subject(struct pending_shifts *p, const struct json_text *t, struct slice literal)
{
    if (literal.data[0] != t->quote) {
        buf_put_slice(&p->text, literal);
        return;
    }
    buf_put_char(&p->text, '"');
    json_text_decode(t, (struct slice){literal.data + 1, literal.len - 2}, &p->text);
    buf_put_char(&p->text, '"');
}

enum status pending_shift_subject(struct pending_shifts *p, const struct plan *plan,
                                  const struct json_text *t, size_t depth,
                                  const struct json_string *name, struct slice literal,
                                  struct why *why)
{
    const char *subject = find_subject(p, plan, t, name);
    struct seen_subject *subjects;
    size_t from;

    if (!subject)
        return buf_status(&p->text, why);
    subjects = grow(p->subjects, p->subject_count, &p->subject_room, sizeof *subjects);
    if (!subjects)
        return fail_memory(why);
    p->subjects = subjects;
    from = p->text.len;
    put_subject(p, t, literal);
    subjects[p->subject_count++] = (struct seen_subject){depth, subject, from, p->text.len - from};
    return buf_status(&p->text, why);
}

/* Writes the moved date over the neutral one; both have the same length, and nothing to escape. */
static enum status move_date(struct pending_shifts *p, struct run *run, struct pending_shift *date,
                             const struct seen_subject *subject, struct why *why)
{
    struct slice text = {p->text.data + date->text, date->len};
    struct slice name = {p->text.data + subject->text, subject->len};
    struct date parsed;

    date->done = true;
    buf_clear(&run->made);
    if (!date_parse(text, &parsed) || !shift_put(run, name, &parsed))
        return ST_OK;
    if (buf_status(&run->made, why) != ST_OK)
        return buf_status(&run->made, why);
    memcpy(run->sink.out->data + date->offset, run->made.data, run->made.len);
    return ST_OK;
}

static enum status apply_subject(struct pending_shifts *p, struct run *run, size_t mark,
                                 const struct seen_subject *subject, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = mark; st == ST_OK && i < p->count; i++) {
        const char *wanted = run_attribute(run, p->dates[i].attribute)->technique.text;

        if (!p->dates[i].done && strcmp(wanted, subject->name) == 0)
            st = move_date(p, run, &p->dates[i], subject, why);
    }
    return st;
}

/* Moved dates are dropped, the others wait for an object further out. */
static void drop_done(struct pending_shifts *p, size_t mark)
{
    size_t kept = mark;

    for (size_t i = mark; i < p->count; i++) {
        if (!p->dates[i].done)
            p->dates[kept++] = p->dates[i];
    }
    p->count = kept;
}

enum status pending_shift_close(struct pending_shifts *p, struct run *run, size_t depth,
                                size_t mark, struct why *why)
{
    enum status st = ST_OK;

    while (st == ST_OK && p->subject_count > 0 &&
           p->subjects[p->subject_count - 1].depth >= depth) {
        const struct seen_subject *subject = &p->subjects[--p->subject_count];

        if (subject->depth == depth)
            st = apply_subject(p, run, mark, subject, why);
    }
    drop_done(p, mark);
    if (p->count == 0 && p->subject_count == 0)
        buf_clear(&p->text);
    return st;
}
