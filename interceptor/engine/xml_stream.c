#include "interceptor/engine/xml_inside.h"

#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/scan.h"

#include <limits.h>
#include <stdlib.h>

/* expat reads from a buffer of its own, which it is given piece by piece; at least so many bytes. */
enum { PIECE = 256 * 1024 };

bool xml_ok(struct xml *x, enum status st)
{
    if (st != ST_OK && x->st == ST_OK) {
        x->st = st;
        XML_StopParser(x->parser, XML_FALSE);
    }
    return x->st == ST_OK;
}

bool xml_fault(struct xml *x, size_t at, const char *fault)
{
    if (x->st != ST_OK)
        return false;
    return xml_ok(x, fail(x->why, ST_BAD_INPUT, "byte %zu of the data set: %s", at, fault));
}

bool xml_copy(struct xml *x, size_t to)
{
    struct slice text = {x->data_set.data + x->copied, to - x->copied};

    x->run->spend.done = x->data_set.data + x->copied; /* it is looked at no more */
    x->copied = to;
    return sink_escaped(&x->run->sink, text, SINK_TEXT) ||
           xml_ok(x, buf_status(x->run->sink.out, x->why));
}

bool xml_is_protected(const struct xml *x, const struct xml_spot *spot)
{
    return spot->attribute != SELECTOR_NONE ||
           (x->run->plan && x->run->plan->unlisted != UNLISTED_PASS);
}

static void relieve(void *ctx)
{
    struct xml *x = ctx;
    struct spend_kept none;

    spend_keep_none(&none);
    spend(&x->run->spend, &none);
}

/* The place of what expat is telling about. */
static size_t event_from(const struct xml *x)
{
    return (size_t)XML_GetCurrentByteIndex(x->parser);
}

static size_t event_to(const struct xml *x)
{
    return event_from(x) + (size_t)XML_GetCurrentByteCount(x->parser);
}

static struct slice without_prefix(const char *name)
{
    const char *colon = strchr(name, ':');

    return slice_of(colon ? colon + 1 : name);
}

static void enter(const struct xml *x, const struct xml_spot *above, struct slice name,
                  struct xml_spot *ret)
{
    const struct selector *s = x->run->plan ? x->run->plan->xml : NULL;
    int32_t holds;

    *ret = (struct xml_spot){above->state, above->attribute, false};
    if (above->state == SELECTOR_DEAD)
        return;
    ret->state = selector_step_name(s, above->state, name, name_hash(selector_seed(s), name));
    holds = selector_holds(s, ret->state);
    if (holds == SELECTOR_NONE)
        return;
    ret->attribute = holds;
    ret->direct = true;
}

/* Text beside child elements counts where it is more than layout. */
static bool is_layout(struct slice text)
{
    return slice_trim(text).len == 0;
}

static void begin_run(struct text_run *run)
{
    buf_clear(&run->text);
    buf_clear(&run->gaps);
    run->any = false;
}

/* The text before a child, or between and behind children: no value of its own in the manifest's
 * eyes, but text of the element all the same. */
static bool end_mixed_run(struct xml *x)
{
    const struct element *e = &x->elements[x->depth];
    struct xml_spot spot = {e->spot.state, e->spot.attribute, false};
    struct xml_place place = {&spot, x->pending.at, LITERAL_XML_TEXT, &x->pending};

    if (!x->pending.any || is_layout(buf_slice(&x->pending.text)))
        return true;
    return xml_text(x, &place, buf_slice(&x->pending.text));
}

static bool end_leaf(struct xml *x, const char *name)
{
    const struct element *e = &x->elements[x->depth];
    const char *text = x->data_set.data;
    size_t at = event_from(x);
    struct xml_place place = {&e->spot, {at, at}, LITERAL_XML_TEXT, NULL};
    auto_buf struct buf closing = BUF_INIT(SIZE_MAX / 4);

    if (x->pending.any) {
        place.at = x->pending.at;
        place.run = &x->pending;
        return xml_text(x, &place, buf_slice(&x->pending.text));
    }
    if (XML_GetCurrentByteCount(x->parser) > 0 && text[at] == '<')
        return xml_null(x, &place, SLICE(""), SLICE(""));
    place.at.from = at - 2; /* "/>" becomes ">", the value, and an end tag */
    buf_printf(&closing, "</%s>", name);
    return xml_ok(x, buf_status(&closing, x->why)) &&
           xml_null(x, &place, SLICE(">"), buf_slice(&closing));
}

static void on_start(void *ctx, const char *name, const char **atts)
{
    struct xml *x = ctx;
    struct element *parent = &x->elements[x->depth];
    struct element *e = parent + 1;

    if (x->st != ST_OK)
        return;
    if (x->depth == ENGINE_DEPTH_MAX) {
        xml_fault(x, event_from(x), "nested deeper than 512");
        return;
    }
    if (xml_is_protected(x, &parent->spot) && !end_mixed_run(x))
        return;
    begin_run(&x->pending);
    parent->has_children = true;
    x->depth++;
    e->has_children = false;
    enter(x, &parent->spot, without_prefix(name), &e->spot);
    xml_attributes(x, &e->spot, atts, event_from(x), event_to(x));
}

static void on_end(void *ctx, const char *name)
{
    struct xml *x = ctx;
    const struct element *e = &x->elements[x->depth];

    if (x->st != ST_OK)
        return;
    if (xml_is_protected(x, &e->spot) && !(e->has_children ? end_mixed_run(x) : end_leaf(x, name)))
        return;
    begin_run(&x->pending);
    x->depth--;
}

/* Notes that text stands at [from, to). */
static void add_piece(struct text_run *run, size_t from, size_t to)
{
    struct gap gap = {(uint32_t)run->at.to, (uint32_t)from};

    if (!run->any)
        run->at.from = from;
    else if (run->at.to != from)
        buf_put(&run->gaps, (const char *)&gap, sizeof gap);
    run->any = true;
    run->at.to = to;
}

/* The brackets of a CDATA section belong to its text; one without text is none. */
static void on_text(void *ctx, const char *text, int len)
{
    struct xml *x = ctx;
    bool first_in_cdata = x->in_cdata && x->cdata_from != 0;

    if (x->st != ST_OK || !xml_is_protected(x, &x->elements[x->depth].spot))
        return;
    buf_put(&x->pending.text, text, (size_t)len);
    add_piece(&x->pending, first_in_cdata ? x->cdata_from : event_from(x), event_to(x));
    if (xml_ok(x, buf_status(&x->pending.text, x->why)))
        xml_ok(x, buf_status(&x->pending.gaps, x->why));
    x->cdata_from = 0; /* no section is at the very beginning */
}

static void on_cdata_start(void *ctx)
{
    struct xml *x = ctx;

    x->in_cdata = true;
    x->cdata_from = event_from(x);
}

static void on_cdata_end(void *ctx)
{
    struct xml *x = ctx;

    if (x->st == ST_OK && x->pending.any && x->cdata_from == 0)
        x->pending.at.to = event_to(x);
    x->in_cdata = false;
}

static void on_doctype(void *ctx, const char *name, const char *system, const char *public,
                       int has_subset)
{
    struct xml *x = ctx;

    (void)name, (void)system, (void)public, (void)has_subset;
    xml_fault(x, event_from(x), "a document type declaration");
}

static void set_handlers(struct xml *x)
{
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetCdataSectionHandler(x->parser, on_cdata_start, on_cdata_end);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
}

static enum XML_Status parse_piece(struct xml *x, struct slice piece, bool last)
{
    void *room = XML_GetBuffer(x->parser, (int)piece.len + 1); /* of nothing there may be none */

    if (!room)
        return XML_STATUS_ERROR;
    if (piece.len > 0)
        memcpy(room, piece.data, piece.len);
    return XML_ParseBuffer(x->parser, (int)piece.len, last);
}

/* A comment or tag that the pieces so far did not end is read from its beginning once more: as much
 * as there is of it comes next, so that the whole stays linear. */
static enum XML_Status parse_pieces(struct xml *x)
{
    struct slice rest = x->data_set;
    enum XML_Status parsed = XML_STATUS_OK;
    size_t size = PIECE, open_from = 0;

    while (parsed == XML_STATUS_OK && rest.len > size) {
        XML_Index at;

        parsed = parse_piece(x, (struct slice){rest.data, size}, false);
        rest = slice_from(rest, size);
        at = XML_GetCurrentByteIndex(x->parser);
        if (at >= 0) /* else expat waits for more of the same */
            open_from = (size_t)at;
        size = x->data_set.len - rest.len - open_from;
        if (size < PIECE)
            size = PIECE;
    }
    return parsed == XML_STATUS_OK ? parse_piece(x, rest, true) : parsed;
}

static enum status parse(struct xml *x)
{
    enum XML_Status parsed = parse_pieces(x);

    if (parsed != XML_STATUS_OK && XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
        xml_ok(x, fail_memory(x->why));
    if (x->st == ST_OK && parsed != XML_STATUS_OK)
        xml_fault(x, x->data_set.len ? event_from(x) : 0,
                  XML_ErrorString(XML_GetErrorCode(x->parser)));
    if (x->st == ST_OK)
        xml_copy(x, x->data_set.len);
    return x->st;
}

enum status xml_protect(struct run *run, struct slice data_set, struct why *why)
{
    auto_free struct xml *x = calloc(1, sizeof *x);
    enum status st;

    if (!x)
        return fail_memory(why);
    if (data_set.len > INT_MAX)
        return fail(why, ST_TOO_LARGE, "an XML data set of 2 GiB or more");
    x->run = run;
    x->data_set = data_set;
    x->why = why;
    x->elements[0].spot =
        (struct xml_spot){run->plan ? SELECTOR_START : SELECTOR_DEAD, SELECTOR_NONE, false};
    buf_init(&x->pending.text, SIZE_MAX / 4);
    buf_init(&x->pending.gaps, SIZE_MAX / 4);
    x->parser = XML_ParserCreate("UTF-8");
    if (!x->parser)
        return fail_memory(why);
    set_handlers(x);
    run_relieve(run, relieve, x);
    st = parse(x);
    XML_ParserFree(x->parser);
    buf_done(&x->pending.text);
    buf_done(&x->pending.gaps);
    return st;
}
