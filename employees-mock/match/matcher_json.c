/* equalToJson, and what the matchers of JSON share. */
#include "employees-mock/match/matcher_json.h"
#include "common/json.h"
#include "employees-mock/match/json_equal.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/match_notes.h"

#include <stdlib.h>

json_t *matcher_json_read(const struct value_input *in)
{
    json_t *value = NULL;

    if (!in->present)
        return NULL;
    if (in->cache)
        return json_incref((json_t *)mock_cache_json(in->cache, in->text));
    return json_loose_read(in->text, &value, NULL) == ST_OK ? value : NULL;
}

enum status matcher_json_take_text(struct value_matcher *m, const json_t *operand,
                                   const struct matcher_place *place)
{
    auto_buf struct buf text = BUF_INIT(64 << 20);

    if (json_is_string(operand))
        return matcher_take_text(m, operand, place);
    json_loose_write(operand, JSON_LOOSE_PRETTY, &text);
    return matcher_set_text(m, buf_slice(&text), place);
}

enum status matcher_json_parse(const struct value_matcher *m, const struct matcher_place *place,
                               json_t **ret)
{
    auto_buf struct buf words = BUF_INIT(8192);
    enum status st = json_loose_read(m->text, ret, NULL);

    if (st != ST_BAD_INPUT)
        return st;
    json_loose_explain(m->text, &(struct json_fault){.words = &words});
    return matcher_refuse(place, "%s", buf_text(&words) ? words.data : "");
}

void matcher_json_expected(const struct value_matcher *m, struct buf *ret)
{
    auto_json json_t *value = NULL;

    if (json_loose_read(m->text, &value, NULL) == ST_OK)
        json_loose_write(value, JSON_LOOSE_PRETTY, ret);
    else
        buf_put_slice(ret, m->text);
}

/* ---- equalToJson ---- */

struct equal_state {
    json_t *expected;
    bool as_text; /* it was given as a text, and is written so */
    bool said_order;
    bool said_extra;
    struct json_equal_options options;
};

static void equal_release(struct value_matcher *m)
{
    struct equal_state *s = m->state;

    json_decref(s->expected);
    free(s);
}

static void read_flag(const json_t *node, const char *name, bool *ret_said, bool *ret)
{
    const json_t *flag = json_object_get(node, name);

    *ret_said = flag != NULL;
    *ret = flag && matcher_as_bool(flag);
}

static enum status equal_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                                 const struct matcher_place *place)
{
    struct equal_state *s = calloc(1, sizeof *s);
    enum status st;

    m->state = s;
    if (!s)
        return matcher_out_of_memory(place);
    s->as_text = json_is_string(operand);
    read_flag(node, "ignoreArrayOrder", &s->said_order, &s->options.ignore_array_order);
    read_flag(node, "ignoreExtraElements", &s->said_extra, &s->options.ignore_extra_elements);
    st = matcher_json_take_text(m, operand, place);
    return st == ST_OK ? matcher_json_parse(m, place, &s->expected) : st;
}

/* The actual JSON; NULL: it is none, which is noted. */
static json_t *read_noted(const struct value_input *in)
{
    json_t *actual = matcher_json_read(in);
    auto_buf struct buf words = BUF_INIT(8192);

    if (actual || !in->notes)
        return actual;
    if (!in->present) {
        match_note_warning(in->notes, "argument \"content\" is null");
    } else if (slice_trim(in->text).len == 0) {
        match_note_json_error(in->notes, "/", "No content to map due to end-of-input");
    } else {
        json_loose_explain(in->text, &(struct json_fault){.words = &words});
        match_note_json_error(in->notes, NULL, buf_text(&words) ? words.data : "");
    }
    return NULL;
}

static enum status equal_matches(const struct value_matcher *m, const struct value_input *in,
                                 bool *ret, struct why *why)
{
    const struct equal_state *s = m->state;
    auto_json json_t *actual = read_noted(in);

    *ret = false;
    if (!actual)
        return ST_OK;
    return json_equal_to_matches(s->expected, actual, &s->options, ret, why);
}

static double equal_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct equal_state *s = m->state;
    auto_json json_t *actual = read_noted(in);
    double distance = 1;

    if (!actual ||
        json_equal_to_distance(s->expected, actual, &s->options, &distance, NULL) != ST_OK)
        return 1;
    return distance;
}

static json_t *equal_write(const struct value_matcher *m)
{
    const struct equal_state *s = m->state;
    json_t *object = json_object();

    json_object_set_new(object, "equalToJson",
                        s->as_text ? json_stringn(m->text.data, m->text.len)
                                   : json_incref(s->expected));
    if (s->said_order)
        json_object_set_new(object, "ignoreArrayOrder",
                            json_boolean(s->options.ignore_array_order));
    if (s->said_extra)
        json_object_set_new(object, "ignoreExtraElements",
                            json_boolean(s->options.ignore_extra_elements));
    return object;
}

const struct matcher_kind matcher_equal_to_json = {
    .name = "equalToJson",
    .compile = equal_compile,
    .matches = equal_matches,
    .distance = equal_distance,
    .write = equal_write,
    .expected = matcher_json_expected,
    .release = equal_release,
};
