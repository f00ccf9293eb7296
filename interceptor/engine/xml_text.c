#include "interceptor/engine/xml_inside.h"

#include "interceptor/engine/json_text.h"
#include "interceptor/engine/leaf_job.h"
#include "interceptor/engine/literal.h"
#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/scan.h"

static size_t plan_index(const struct xml *x, const struct xml_spot *spot)
{
    return spot->attribute != SELECTOR_NONE ? (size_t)spot->attribute : x->run->plan->count;
}

static bool is_reverse(const struct xml *x)
{
    return x->run->call->job == JOB_RECONSTRUCT || x->run->call->job == JOB_DECRYPT;
}

/* Text of a number or boolean attribute that reads as one is treated as one. A token may do so too,
 * but is text. */
static enum value_kind kind_of(const struct xml *x, size_t attribute, struct slice text)
{
    enum value_type type = run_attribute(x->run, attribute)->type;

    if (is_reverse(x))
        return VALUE_STRING;
    if (type == TYPE_NUMBER && json_text_is_number(text))
        return VALUE_NUMBER;
    if (type == TYPE_BOOLEAN && (slice_is(text, "true") || slice_is(text, "false")))
        return VALUE_BOOLEAN;
    return VALUE_STRING;
}

/* Whether blanks around the text are layout: of numbers, booleans, dates and tokens. */
static bool is_trimmable(const struct xml *x, const struct leaf *leaf, struct slice core)
{
    struct date date;

    if (is_reverse(x) || kind_of(x, leaf->attribute, core) != VALUE_STRING)
        return true;
    return leaf->direct && run_attribute(x->run, leaf->attribute)->type == TYPE_DATE &&
           date_parse(core, &date);
}

/* Narrows text and place to what stands between the blanks, where the data set has just that. */
static void trim(const struct xml *x, struct leaf *leaf, struct xml_place *place)
{
    struct slice raw = {x->data_set.data + place->at.from, place->at.to - place->at.from};
    struct slice raw_core = slice_trim(raw);
    struct slice core = slice_trim(leaf->value.text);

    if (core.len == 0 || !slice_equal(raw_core, core) || !is_trimmable(x, leaf, core))
        return;
    leaf->value.text = core;
    place->at.from += (size_t)(raw_core.data - raw.data);
    place->at.to = place->at.from + core.len;
}

static bool put(struct xml *x, struct slice text)
{
    return sink_escaped(&x->run->sink, text, SINK_TEXT) ||
           xml_ok(x, buf_status(x->run->sink.out, x->why));
}

static bool put_assigned(struct xml *x, const struct leaf *leaf, size_t length)
{
    struct sink *s = &x->run->sink;
    size_t offset;

    if (!sink_room(s, length))
        return xml_ok(x, buf_status(s->out, x->why));
    offset = sink_offset(s);
    memset(s->pos, ' ', length);
    s->pos += length;
    return xml_ok(x, batch_assign(x->run, leaf, offset, length, x->why));
}

/* The bytes of the data set stand until the token store knows them. */
static bool put_resolved(struct xml *x, const struct leaf *leaf, const struct xml_place *place)
{
    size_t offset = sink_offset(&x->run->sink);

    return xml_copy(x, place->at.to) &&
           xml_ok(x, batch_resolve(x->run, leaf, offset, 0, place->style, x->why));
}

/* Comments inside the text come behind what takes its place. */
static bool put_gaps(struct xml *x, const struct text_run *run)
{
    for (size_t at = 0; run && at < run->gaps.len; at += sizeof(struct gap)) {
        struct gap gap;

        memcpy(&gap, run->gaps.data + at, sizeof gap);
        if (!put(x, (struct slice){x->data_set.data + gap.from, gap.to - gap.from}))
            return false;
    }
    return true;
}

static bool put_literal(struct xml *x, enum literal_style style, const struct value *v)
{
    return literal_write(&x->run->sink, style, v) ||
           xml_ok(x, buf_status(x->run->sink.out, x->why));
}

static bool put_outcome(struct xml *x, const struct leaf *leaf, const struct xml_place *place,
                        const struct outcome *outcome)
{
    if (outcome->kind == OUTCOME_RESOLVE)
        return put_resolved(x, leaf, place);
    x->copied = place->at.to;
    if (outcome->kind == OUTCOME_ASSIGN)
        return put_assigned(x, leaf, outcome->length) && put_gaps(x, place->run);
    return put_literal(x, place->style, &outcome->value) && put_gaps(x, place->run);
}

static bool apply(struct xml *x, const struct leaf *leaf, const struct xml_place *place,
                  struct outcome *ret)
{
    if (leaf->attribute == x->run->plan->count && x->run->plan->unlisted == UNLISTED_REJECT)
        return xml_fault(x, place->at.from, "a value that is not in the manifest");
    return xml_ok(x, leaf_apply(x->run, leaf, ret, x->why));
}

bool xml_text(struct xml *x, const struct xml_place *place, struct slice text)
{
    struct xml_place at = *place;
    struct leaf leaf = {.value = {VALUE_STRING, text},
                        .attribute = plan_index(x, place->spot),
                        .direct = place->spot->direct};
    struct outcome outcome;

    trim(x, &leaf, &at);
    leaf.value.kind = kind_of(x, leaf.attribute, leaf.value.text);
    if (!apply(x, &leaf, &at, &outcome))
        return false;
    return outcome.kind == OUTCOME_KEEP ||
           (xml_copy(x, at.at.from) && put_outcome(x, &leaf, &at, &outcome));
}

bool xml_null(struct xml *x, const struct xml_place *place, struct slice before,
              struct slice behind)
{
    struct leaf leaf = {.value = {VALUE_NULL, SLICE("null")},
                        .attribute = plan_index(x, place->spot),
                        .direct = place->spot->direct};
    struct outcome outcome;

    if (!apply(x, &leaf, place, &outcome))
        return false;
    if (outcome.kind == OUTCOME_KEEP || outcome.value.kind == VALUE_NULL)
        return true;
    return xml_copy(x, place->at.from) && put(x, before) &&
           put_outcome(x, &leaf, place, &outcome) && put(x, behind);
}

/* False: out of memory. */
static bool step_attribute(const struct xml *x, const struct xml_spot *element, struct slice name,
                           struct xml_spot *ret)
{
    const struct selector *s = x->run->plan->xml;
    auto_buf struct buf step = BUF_INIT(SIZE_MAX / 4);
    int32_t holds;

    *ret = (struct xml_spot){SELECTOR_DEAD, SELECTOR_NONE, false};
    if (element->state == SELECTOR_DEAD)
        return true;
    buf_put_char(&step, '@');
    buf_put_slice(&step, name);
    if (step.failed)
        return false;
    holds = selector_holds(s, selector_step_name(s, element->state, buf_slice(&step),
                                                 name_hash(selector_seed(s), buf_slice(&step))));
    ret->attribute = holds;
    ret->direct = holds != SELECTOR_NONE;
    return true;
}

/* The bytes between the quotes of the next attribute of a start tag, from p on; the tag is
 * well-formed. */
static struct slice next_value(const char *p, const char *end)
{
    const char *equals = memchr(p, '=', (size_t)(end - p));
    const char *quote = scan_blanks(equals + 1, end);
    const char *close = memchr(quote + 1, *quote, (size_t)(end - quote - 1));

    return (struct slice){quote + 1, (size_t)(close - quote - 1)};
}

/* Declarations of name spaces are no data, nor is what XML itself means by an attribute unless a
 * path names it (xml:id). */
static bool is_own(const char *name, const struct xml_spot *spot)
{
    return strcmp(name, "xmlns") == 0 || strncmp(name, "xmlns:", 6) == 0 ||
           (strncmp(name, "xml:", 4) == 0 && spot->attribute == SELECTOR_NONE);
}

static bool protect_attribute(struct xml *x, const struct xml_spot *element, const char **att,
                              struct slice raw)
{
    const char *colon = strchr(att[0], ':');
    struct xml_spot spot;
    size_t from = (size_t)(raw.data - x->data_set.data);
    struct xml_place place = {&spot,
                              {from, from + raw.len},
                              raw.data[-1] == '"' ? LITERAL_XML_ATTRIBUTE_2
                                                  : LITERAL_XML_ATTRIBUTE_1,
                              NULL};

    if (!step_attribute(x, element, slice_of(colon ? colon + 1 : att[0]), &spot))
        return xml_ok(x, fail_memory(x->why));
    if (is_own(att[0], &spot) || !xml_is_protected(x, &spot))
        return true;
    return xml_text(x, &place, slice_of(att[1]));
}

bool xml_attributes(struct xml *x, const struct xml_spot *element, const char **atts, size_t from,
                    size_t to)
{
    const char *p = x->data_set.data + from, *end = x->data_set.data + to;

    if (!x->run->plan ||
        (element->state == SELECTOR_DEAD && x->run->plan->unlisted == UNLISTED_PASS))
        return true;
    for (; atts[0]; atts += 2) {
        struct slice raw = next_value(p, end);

        if (!protect_attribute(x, element, atts, raw))
            return false;
        p = raw.data + raw.len + 1;
    }
    return true;
}
