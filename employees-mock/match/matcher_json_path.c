/* matchesJsonPath: the text is the expression. */
#include "common/json.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path.h"
#include "employees-mock/match/json_smart.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/match/matcher.h"

#include <stdlib.h>

struct path_state {
    struct json_path *path;
    struct value_matcher *inner; /* NULL: the plain form */
};

static void path_release(struct value_matcher *m)
{
    struct path_state *s = m->state;

    json_path_free(s->path);
    value_matcher_free(s->inner);
    free(s);
}

static enum status path_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                                const struct matcher_place *place)
{
    struct path_state *s = calloc(1, sizeof *s);
    struct matcher_place inner = {place->pointer, place->depth + 1, place->fault};
    const json_t *expression = operand;
    struct why why = {0};
    enum status st = ST_OK;

    (void)node;
    m->state = s;
    if (!s)
        return matcher_out_of_memory(place);
    if (!json_is_string(operand)) {
        expression = json_object_get(operand, "expression");
        if (!expression)
            return matcher_refuse(place,
                                  "expression is required in the advanced matchesJsonPath form");
        st = matcher_compile(operand, &inner, &s->inner);
    }
    if (st == ST_OK && !json_is_string(expression))
        return matcher_refuse(place, "'matchesJsonPath' expected value cannot be null");
    if (st == ST_OK)
        st = matcher_take_text(m, expression, place);
    if (st != ST_OK)
        return st;
    st = json_path_compile(m->text, &s->path, &why);
    return st == ST_OK ? ST_OK : matcher_refuse_why(place, st, &why);
}

static bool looks_like_xml(struct slice text)
{
    text = slice_trim(text);
    return text.len > 0 && text.data[0] == '<';
}

/* What the path gives: ST_NOT_FOUND where it, or the document, gives nothing. */
static enum status evaluate(const struct value_matcher *m, const struct value_input *in,
                            json_t **ret, bool *ret_is_json, struct why *why)
{
    const struct path_state *s = m->state;
    auto_json json_t *document = NULL;
    enum status st;

    *ret_is_json = false;
    if (!in->present || in->text.len == 0 || looks_like_xml(in->text))
        return ST_NOT_FOUND;
    if (in->cache)
        document = json_incref((json_t *)mock_cache_permissive_json(in->cache, in->text));
    else if (json_loose_read_permissive(in->text, &document, NULL) != ST_OK)
        document = NULL;
    if (!document || json_is_null(document)) /* Jayway reads no null */
        return ST_NOT_FOUND;
    *ret_is_json = true;
    if (s->inner && json_path_gives_names(s->path)) /* a Java Set, which no matcher reads */
        return ST_NOT_FOUND;
    st = json_path_read(s->path, document, ret, why);
    if (st == ST_BAD_INPUT)
        *ret_is_json = false;
    return st == ST_BAD_INPUT ? ST_NOT_FOUND : st;
}

static bool is_something(const json_t *found)
{
    if (json_is_array(found))
        return json_array_size(found) > 0;
    if (json_loose_kind(found) == JSON_KIND_OBJECT)
        return json_object_size(found) > 0;
    return !json_is_null(found);
}

/* WireMock writes objects without the members that are null. */
static void drop_null_members(json_t *value)
{
    const char *name;
    json_t *child;
    void *next;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach (value, i, child)
            drop_null_members(child);
    } else if (json_is_object(value) && json_loose_kind(value) == JSON_KIND_OBJECT) {
        json_object_foreach_safe(value, next, name, child)
        {
            if (json_is_null(child))
                json_object_del(value, name);
            else
                drop_null_members(child);
        }
    }
}

static void put_whole(const json_t *value, struct buf *ret)
{
    auto_json json_t *copy = json_own(value);

    if (!copy)
        return;
    drop_null_members(copy);
    json_loose_write(copy, JSON_LOOSE_PRETTY, ret);
}

/* Whether the inner matcher is asked about the value as a whole. */
static bool goes_whole(const struct value_matcher *inner, const json_t *found)
{
    return json_loose_kind(found) == JSON_KIND_OBJECT ||
           (json_is_array(found) && matcher_is(inner, &matcher_equal_to_json));
}

/* An item that is null, where the inner matcher is asked about each, is an error of WireMock's. */
static bool has_null_item(const struct value_matcher *inner, const json_t *found)
{
    if (!json_is_array(found) || goes_whole(inner, found))
        return false;
    for (size_t i = 0; i < json_array_size(found); i++)
        if (json_is_null(json_array_get(found, i)))
            return true;
    return false;
}

typedef bool each_text(void *context, const struct value_input *in);

/* The texts that the inner matcher is asked about, until each() says false. */
static void each_result(const struct value_matcher *inner, const json_t *found,
                        struct match_notes *notes, each_text *each, void *context)
{
    bool whole = goes_whole(inner, found);
    size_t count = json_is_array(found) && !whole ? json_array_size(found) : 1;

    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_array(found) && !whole ? json_array_get(found, i) : found;
        auto_buf struct buf text = BUF_INIT(64 << 20);
        struct value_input in = {.present = true, .notes = notes};

        if (whole)
            put_whole(one, &text);
        else
            json_smart_put_java(one, &text);
        in.text = buf_text(&text) ? buf_slice(&text) : (struct slice){"", 0};
        if (!each(context, &in))
            return;
    }
}

struct inner_question {
    const struct value_matcher *inner;
    bool matched;
    bool asked;
    double distance;
    enum status st;
    struct why *why;
};

static bool ask_inner(void *context, const struct value_input *in)
{
    struct inner_question *q = context;
    struct value_input one = *in;

    if (matcher_is(q->inner, &matcher_equal_to_xml)) /* which notes only where it is weighed */
        one.notes = NULL;
    q->asked = true;
    q->st = matcher_matches(q->inner, &one, &q->matched, q->why);
    return q->st == ST_OK && !q->matched;
}

static bool weigh_inner(void *context, const struct value_input *in)
{
    struct inner_question *q = context;
    double distance = matcher_distance(q->inner, in);

    if (!q->asked || distance_is_less(distance, q->distance))
        q->distance = distance;
    q->asked = true;
    return true;
}

/* Nothing found: absent matches, where the document could be read. */
static bool is_nothing(const json_t *found)
{
    return !found || json_is_null(found) || (json_is_array(found) && json_array_size(found) == 0);
}

/* Why the path finds nothing: with an inner matcher only that there is no document counts. */
static void note_failure(const struct value_matcher *m, const struct value_input *in, bool is_json,
                         const struct why *why)
{
    const struct path_state *s = m->state;
    auto_buf struct buf path = BUF_INIT(64 << 10);
    struct why parse = {0};
    auto_json json_t *document = NULL;
    int shown = in->text.len < 1 << 16 ? (int)in->text.len : 1 << 16;

    if (!in->notes || !in->present)
        return;
    if (s->inner)
        buf_printf(&path, "'%.*s' ", (int)m->text.len, m->text.data);
    buf_put_char(&path, '\0');
    if (in->text.len == 0)
        match_note_warning(in->notes,
                           "Warning: JSON path expression %sfailed to match document '' because "
                           "of error 'json string can not be null or empty'",
                           path.data);
    else if (looks_like_xml(in->text))
        match_note_warning(
            in->notes,
            "Warning: JSON path expression %sfailed to match document '%.*s' because "
            "it's not JSON but probably XML",
            path.data, shown, in->text.data);
    else if (!is_json && json_loose_read_permissive(in->text, &document, &parse) != ST_OK)
        match_note_warning(
            in->notes,
            "Warning: JSON path expression %sfailed to match document '%.*s' because "
            "of error 'wiremock.net.minidev.json.parser.ParseException: %s'",
            path.data, shown, in->text.data, parse.text);
    else if (json_is_null(document) || ((!s->inner || !is_json) && why->text[0]))
        match_note_warning(
            in->notes,
            "Warning: JSON path expression %sfailed to match document '%.*s' because "
            "of error '%s'",
            path.data, shown, in->text.data,
            json_is_null(document) ? "json can not be null" : why->text);
}

static enum status path_matches(const struct value_matcher *m, const struct value_input *in,
                                bool *ret, struct why *why)
{
    const struct path_state *s = m->state;
    struct inner_question q = {.inner = s->inner, .why = why};
    size_t noted = match_notes_count(in->notes);
    auto_json json_t *found = NULL;
    struct why reason = {0};
    bool is_json;
    enum status st = evaluate(m, in, &found, &is_json, &reason);

    *ret = false;
    if (st == ST_NOT_FOUND)
        note_failure(m, in, is_json, &reason);
    else if (st != ST_OK && why)
        *why = reason;
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    if (!s->inner) {
        *ret = found && is_something(found);
        return ST_OK;
    }
    if (is_nothing(found)) {
        *ret = (is_json || !in->present) && matcher_is(s->inner, &matcher_absent);
        return ST_OK;
    }
    if (has_null_item(s->inner, found))
        return fail(why, ST_BAD_INPUT, "java.lang.NullPointerException");
    each_result(s->inner, found, in->notes, ask_inner, &q);
    if (q.matched) /* what was said of those before it is nothing to note */
        match_notes_cut(in->notes, noted);
    *ret = q.matched;
    return q.st;
}

static double path_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct path_state *s = m->state;
    struct inner_question q = {.inner = s->inner, .distance = 1};
    auto_json json_t *found = NULL;
    bool is_json;
    bool matched = false;

    if (path_matches(m, in, &matched, NULL) != ST_OK)
        return 1;
    if (!s->inner || evaluate(m, in, &found, &is_json, NULL) != ST_OK || is_nothing(found))
        return matched ? 0 : 1;
    each_result(s->inner, found, NULL, weigh_inner, &q);
    return q.distance;
}

static json_t *path_write(const struct value_matcher *m)
{
    const struct path_state *s = m->state;
    auto_json json_t *inner = NULL;
    json_t *advanced;

    if (!s->inner)
        return json_pack("{s:s%}", "matchesJsonPath", m->text.data, m->text.len);
    inner = matcher_json(s->inner);
    advanced = json_pack("{s:s%}", "expression", m->text.data, m->text.len);
    json_object_update(advanced, inner);
    return json_pack("{s:o}", "matchesJsonPath", advanced);
}

static bool put_one(void *context, const struct value_input *in)
{
    json_array_append_new(context, json_stringn(in->text.data, in->text.len));
    return true;
}

json_t *matcher_json_path_results(const struct value_matcher *m, const struct value_input *in)
{
    const struct path_state *s = m->state;
    auto_json json_t *found = NULL;
    json_t *texts = json_array();
    bool is_json;

    if (s->inner && evaluate(m, in, &found, &is_json, NULL) == ST_OK && !json_is_null(found))
        each_result(s->inner, found, NULL, put_one, texts);
    return texts;
}

const struct value_matcher *matcher_json_path_inner(const struct value_matcher *m)
{
    const struct path_state *s = m->state;

    return s->inner;
}

const struct matcher_kind matcher_json_path = {
    .name = "matchesJsonPath",
    .compile = path_compile,
    .matches = path_matches,
    .distance = path_distance,
    .write = path_write,
    .release = path_release,
};
