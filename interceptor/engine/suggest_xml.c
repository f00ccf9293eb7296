#include "interceptor/engine/suggest_inside.h"

#include "interceptor/engine/json_text.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>

struct walk {
    struct sample *sample;
    XML_Parser parser;
    size_t depth;
    size_t paths[ENGINE_DEPTH_MAX + 1]; /* length of the path around each element */
    bool has_children;                  /* the element that ends had some */
    enum status st;
    struct why *why;
};

static struct slice local_name(const char *name)
{
    const char *colon = strchr(name, ':');

    return slice_of(colon ? colon + 1 : name);
}

static void add(struct walk *w, struct slice name, struct slice text)
{
    struct value v = {VALUE_STRING, slice_trim(text)};

    if (json_text_is_number(v.text))
        v.kind = VALUE_NUMBER;
    else if (slice_is(v.text, "true") || slice_is(v.text, "false"))
        v.kind = VALUE_BOOLEAN;
    if (w->st == ST_OK && v.text.len > 0)
        w->st = sample_add(w->sample, name, v, w->why);
}

static void add_attribute(struct walk *w, const char *name, const char *text)
{
    size_t len = w->sample->path.len;

    if (strncmp(name, "xml", 3) == 0)
        return;
    buf_put_text(&w->sample->path, ".@");
    buf_put_slice(&w->sample->path, local_name(name));
    add(w, local_name(name), slice_of(text));
    w->sample->path.len = len;
}

static void on_start(void *ctx, const char *name, const char **atts)
{
    struct walk *w = ctx;

    w->paths[w->depth++] = w->sample->path.len; /* layout has refused what is deeper */
    sample_put_name(w->sample, local_name(name));
    for (; atts[0]; atts += 2)
        add_attribute(w, atts[0], atts[1]);
    buf_clear(&w->sample->text);
    w->has_children = false;
}

static void on_end(void *ctx, const char *name)
{
    struct walk *w = ctx;

    if (!w->has_children)
        add(w, local_name(name), buf_slice(&w->sample->text));
    w->sample->path.len = w->paths[--w->depth];
    w->has_children = true;
    buf_clear(&w->sample->text);
}

static void on_text(void *ctx, const char *text, int len)
{
    struct walk *w = ctx;

    buf_put(&w->sample->text, text, (size_t)len);
}

enum status sample_read_xml(struct sample *s, struct slice text, struct why *why)
{
    struct walk w = {.sample = s, .parser = XML_ParserCreate("UTF-8"), .why = why};

    if (!w.parser)
        return fail_memory(why);
    XML_SetUserData(w.parser, &w);
    XML_SetElementHandler(w.parser, on_start, on_end);
    XML_SetCharacterDataHandler(w.parser, on_text);
    if (text.len > INT_MAX || XML_Parse(w.parser, text.data, (int)text.len, 1) != XML_STATUS_OK)
        w.st = XML_GetErrorCode(w.parser) == XML_ERROR_NO_MEMORY
                   ? fail_memory(why)
                   : fail(why, ST_BAD_INPUT, "not an XML document");
    XML_ParserFree(w.parser);
    return w.st;
}
