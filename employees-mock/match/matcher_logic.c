/* and, or, not: matchers made of matchers, of which the state is a list; null in such a list. */
#include "employees-mock/match/matcher.h"

#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>

#define TOO_SHORT "Must be constructed with at least two matchers"

struct operands {
    size_t count;
    struct value_matcher *of[];
};

static void release(struct value_matcher *m)
{
    struct operands *operands = m->state;

    for (size_t i = 0; i < operands->count; i++)
        value_matcher_free(operands->of[i]);
    free(operands);
}

static struct operands *make(struct value_matcher *m, size_t count)
{
    struct operands *operands =
        calloc(1, sizeof *operands + count * sizeof(struct value_matcher *));

    m->state = operands;
    return operands;
}

/* The text of a list is that of its first, as WireMock's getValue() has it. */
static enum status take_first_text(struct value_matcher *m, const struct operands *operands,
                                   const struct matcher_place *place)
{
    auto_buf struct buf text = BUF_INIT(16 << 20);

    matcher_expected(operands->of[0], &text);
    return matcher_set_text(m, buf_slice(&text), place);
}

static enum status list_compile(struct value_matcher *m, const json_t *list, const json_t *node,
                                const struct matcher_place *place)
{
    struct operands *operands;
    char pointer[300];

    (void)node;
    if (!json_is_array(list))
        return matcher_refuse(place, "and field must be an array of matchers");
    operands = make(m, json_array_size(list));
    if (!operands)
        return matcher_out_of_memory(place);
    if (json_array_size(list) == 1 && json_is_null(json_array_get(list, 0)))
        return matcher_refuse(place, TOO_SHORT);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct matcher_place item = {pointer, place->depth + 1, place->fault};
        enum status st;

        snprintf(pointer, sizeof pointer, "%s/%zu", place->pointer, i);
        st = matcher_compile_item(json_array_get(list, i), &item, &operands->of[i]);
        if (st != ST_OK)
            return st;
        operands->count++;
    }
    if (operands->count < 2)
        return matcher_refuse(place, TOO_SHORT);
    if (matcher_is(operands->of[0], &matcher_null))
        return matcher_refuse(place, "%s", "");
    m->has_null = matcher_list_has_null(operands->of, operands->count);
    return take_first_text(m, operands, place);
}

/* What is one of several ways, or must not be, is nothing to note. */
static struct value_input without_notes(const struct value_input *in)
{
    struct value_input quiet = *in;

    quiet.notes = NULL;
    return quiet;
}

static enum status and_matches(const struct value_matcher *m, const struct value_input *in,
                               bool *ret, struct why *why)
{
    const struct operands *operands = m->state;
    enum status st = ST_OK;

    if (m->has_null)
        return request_pattern_fail_null(why);
    *ret = true;
    for (size_t i = 0; i < operands->count && *ret && st == ST_OK; i++)
        st = matcher_matches(operands->of[i], in, ret, why);
    return st;
}

static enum status or_matches(const struct value_matcher *m, const struct value_input *in,
                              bool *ret, struct why *why)
{
    const struct operands *operands = m->state;
    struct value_input quiet = without_notes(in);
    enum status st = ST_OK;

    if (m->has_null)
        return request_pattern_fail_null(why);
    *ret = false;
    for (size_t i = 0; i < operands->count && !*ret && st == ST_OK; i++)
        st = matcher_matches(operands->of[i], &quiet, ret, why);
    return st;
}

static double and_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct operands *operands = m->state;
    struct value_input one = *in;
    double sum = 0;

    for (size_t i = 0; i < operands->count; i++) {
        double distance = matcher_distance(operands->of[i], &one);

        sum += distance;
        if (distance > 0)
            one = without_notes(in); /* as where the first that does not match ends it */
    }
    return sum / (double)operands->count;
}

static double or_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct operands *operands = m->state;
    struct value_input quiet = without_notes(in);
    double least = matcher_distance(operands->of[0], &quiet);

    for (size_t i = 1; i < operands->count; i++) {
        double one = matcher_distance(operands->of[i], &quiet);

        if (distance_is_less(one, least))
            least = one;
    }
    return least;
}

static json_t *list_write(const struct value_matcher *m)
{
    const struct operands *operands = m->state;
    auto_json json_t *list = json_array();

    for (size_t i = 0; i < operands->count; i++) {
        if (json_array_append_new(list, matcher_json(operands->of[i])) != 0)
            return NULL;
    }
    return json_pack("{s:o}", m->kind->name, take(list));
}

static void put_expected(const struct value_matcher *m, const char *between, struct buf *ret)
{
    const struct operands *operands = m->state;

    for (size_t i = 0; i < operands->count; i++) {
        if (i > 0)
            buf_put_text(ret, between);
        buf_put_text(ret, operands->of[i]->kind->name);
        buf_put_char(ret, ' ');
        matcher_expected(operands->of[i], ret);
    }
}

static void and_expected(const struct value_matcher *m, struct buf *ret)
{
    put_expected(m, " AND ", ret);
}

static void or_expected(const struct value_matcher *m, struct buf *ret)
{
    put_expected(m, " OR ", ret);
}

const struct matcher_kind matcher_and = {
    .name = "and",
    .compile = list_compile,
    .matches = and_matches,
    .distance = and_distance,
    .write = list_write,
    .expected = and_expected,
    .release = release,
};

const struct matcher_kind matcher_or = {
    .name = "or",
    .compile = list_compile,
    .matches = or_matches,
    .distance = or_distance,
    .write = list_write,
    .expected = or_expected,
    .release = release,
};

/* ---- not ---- */

static enum status not_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                               const struct matcher_place *place)
{
    struct matcher_place inner = {place->pointer, place->depth + 1, place->fault};
    struct operands *operands = make(m, 1);
    enum status st;

    (void)node;
    if (!operands)
        return matcher_out_of_memory(place);
    if (json_is_null(operand))
        return matcher_refuse(place, "Cannot invoke \"com.github.tomakehurst.wiremock.matching."
                                     "StringValuePattern.getExpected()\" because "
                                     "\"unexpectedPattern\" is null");
    st = matcher_compile(operand, &inner, &operands->of[0]);
    if (st != ST_OK)
        return st;
    operands->count = 1;
    m->has_null = operands->of[0]->has_null;
    return take_first_text(m, operands, place);
}

static enum status not_matches(const struct value_matcher *m, const struct value_input *in,
                               bool *ret, struct why *why)
{
    const struct operands *operands = m->state;
    struct value_input quiet = without_notes(in);
    enum status st = matcher_matches(operands->of[0], &quiet, ret, why);

    *ret = !*ret;
    return st;
}

static json_t *not_write(const struct value_matcher *m)
{
    const struct operands *operands = m->state;

    return json_pack("{s:o}", "not", matcher_json(operands->of[0]));
}

const struct matcher_kind matcher_not = {
    .name = "not",
    .compile = not_compile,
    .matches = not_matches,
    .write = not_write,
    .release = release,
};

/* ---- null ---- */

static enum status null_matches(const struct value_matcher *m, const struct value_input *in,
                                bool *ret, struct why *why)
{
    (void)m;
    (void)in;
    (void)ret;
    return request_pattern_fail_null(why);
}

static json_t *null_write(const struct value_matcher *m)
{
    (void)m;
    return json_null();
}

const struct matcher_kind matcher_null = {
    .name = "null",
    .matches = null_matches,
    .write = null_write,
};
