#include "interceptor/engine/suggest_inside.h"

#include "interceptor/engine/json_item.h"
#include "interceptor/engine/scan.h"

#include <stdlib.h>

/* An open object or array, and what it adds to the path. */
struct opened {
    bool object;
    size_t path;       /* length of the path to it */
    struct slice name; /* of the member that holds it, or that holds the array around it */
};

struct walk {
    struct sample *sample;
    struct json_text text;
    const char *p;
    size_t depth;
    struct opened open[ENGINE_DEPTH_MAX + 1];
    struct why *why;
};

static enum value_kind kind_of(enum item_kind kind)
{
    return kind == ITEM_NULL      ? VALUE_NULL
           : kind == ITEM_BOOLEAN ? VALUE_BOOLEAN
           : kind == ITEM_NUMBER  ? VALUE_NUMBER
                                  : VALUE_STRING;
}

static enum status add_scalar(struct walk *w, struct slice name)
{
    struct json_item item;
    struct value v;

    w->p = json_item_read(&w->text, w->p, NULL, 0, &item);
    if (!w->p)
        return json_text_status(&w->text, w->why);
    v = (struct value){kind_of(item.kind), item.raw};
    if (item.kind == ITEM_STRING) {
        buf_clear(&w->sample->text);
        json_text_decode(&w->text, item.raw, &w->sample->text);
        v.text = buf_slice(&w->sample->text);
    }
    return sample_add(w->sample, name, v, w->why);
}

/* A value: scalars are counted, containers are opened. */
static enum status enter_value(struct walk *w, struct slice name)
{
    if (*w->p != '{' && *w->p != '[')
        return add_scalar(w, name);
    w->depth++;
    w->open[w->depth] = (struct opened){*w->p == '{', w->sample->path.len, name};
    w->p++;
    return ST_OK;
}

/* One entry of the innermost container, with its comma, or its end. */
static enum status step(struct walk *w)
{
    struct opened *open = &w->open[w->depth];
    struct slice name = open->name;
    struct slice raw;

    w->sample->path.len = open->path;
    w->p = scan_blanks(w->p, w->text.end);
    if (*w->p == '}' || *w->p == ']') {
        w->p++;
        w->depth--;
        return ST_OK;
    }
    if (*w->p == ',')
        w->p = scan_blanks(w->p + 1, w->text.end);
    if (!open->object) {
        buf_put_text(&w->sample->path, "[]");
        return enter_value(w, name);
    }
    w->p = json_item_name(&w->text, w->p, &raw);
    if (!w->p)
        return json_text_status(&w->text, w->why);
    buf_clear(&w->sample->text);
    json_text_decode(&w->text, raw, &w->sample->text);
    if (w->sample->text.failed != ST_OK)
        return buf_status(&w->sample->text, w->why);
    sample_put_name(w->sample, buf_slice(&w->sample->text));
    return enter_value(w, raw);
}

enum status sample_read_json(struct sample *s, struct slice text, struct why *why)
{
    auto_free struct walk *w = calloc(1, sizeof *w);
    enum status st;

    if (!w)
        return fail_memory(why);
    w->sample = s;
    w->why = why;
    w->text = (struct json_text){.start = text.data, .end = text.data + text.len, .quote = '"'};
    w->p = scan_blanks(text.data, w->text.end);
    st = enter_value(w, SLICE(""));
    while (st == ST_OK && w->depth > 0)
        st = step(w);
    return st;
}
