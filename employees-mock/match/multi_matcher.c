#include "employees-mock/match/multi_matcher.h"

#include "common/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const char *java_class;
} forms[] = {
    [MULTI_SINGLE] = {"", ""},
    [MULTI_HAS_EXACTLY] = {"hasExactly", "ExactMatchMultiValuePattern"},
    [MULTI_INCLUDES] = {"includes", "IncludesMatchMultiValuePattern"},
};

void multi_matcher_free(struct multi_matcher *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++)
        value_matcher_free(m->matchers[i]);
    free(m->matchers);
    free(m);
}

DEFINE_CLEANUP(multi_matcher, struct multi_matcher *, multi_matcher_free)
#define auto_multi_matcher __attribute__((cleanup(cleanup_multi_matcher)))

static struct multi_matcher *make(enum multi_kind kind, size_t count)
{
    struct multi_matcher *m = calloc(1, sizeof *m);

    if (!m)
        return NULL;
    m->kind = kind;
    m->matchers = calloc(count + 1, sizeof *m->matchers);
    if (m->matchers)
        return m;
    free(m);
    return NULL;
}

struct multi_matcher *multi_matcher_of(struct value_matcher *single)
{
    struct multi_matcher *m = single ? make(MULTI_SINGLE, 1) : NULL;

    if (!m) {
        value_matcher_free(single);
        return NULL;
    }
    m->matchers[m->count++] = single;
    m->has_null = single->has_null;
    return m;
}

static enum status check_members(const json_t *node, enum multi_kind kind,
                                 const struct matcher_place *place)
{
    for (void *it = json_object_iter((json_t *)node); it;
         it = json_object_iter_next((json_t *)node, it)) {
        const char *name = json_object_iter_key(it);
        char below[200];

        if (strcmp(name, forms[kind].name) == 0)
            continue;
        snprintf(below, sizeof below, "/%s", name);
        return matcher_refuse_below(place, below,
                                    "Unrecognized field \"%s\" (class "
                                    "com.github.tomakehurst.wiremock.matching.%s), not marked as "
                                    "ignorable",
                                    name, forms[kind].java_class);
    }
    return ST_OK;
}

static enum status compile_list(const json_t *node, enum multi_kind kind,
                                const struct matcher_place *place, struct multi_matcher **ret)
{
    const json_t *list = json_object_get(node, forms[kind].name);
    auto_multi_matcher struct multi_matcher *m = make(kind, json_array_size(list));
    enum status st = check_members(node, kind, place);
    char pointer[300];

    if (!m)
        return matcher_out_of_memory(place);
    if (st != ST_OK)
        return st;
    snprintf(pointer, sizeof pointer, "/%s", forms[kind].name);
    if (!json_is_array(list))
        return matcher_refuse_below(place, pointer,
                                    "Cannot deserialize value of type `java.util.ArrayList"
                                    "<com.github.tomakehurst.wiremock.matching."
                                    "StringValuePattern>` from %s",
                                    matcher_java_value(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct matcher_place item = {pointer, place->depth + 1, place->fault};

        snprintf(pointer, sizeof pointer, "%s/%s/%zu", place->pointer, forms[kind].name, i);
        st = matcher_compile_item(json_array_get(list, i), &item, &m->matchers[m->count]);
        if (st != ST_OK)
            return st;
        m->count++;
    }
    m->has_null = matcher_list_has_null(m->matchers, m->count);
    *ret = take(m);
    return ST_OK;
}

enum status multi_matcher_compile(const json_t *node, const struct matcher_place *place,
                                  struct multi_matcher **ret)
{
    struct value_matcher *single = NULL;
    enum status st;

    if (json_object_get(node, "hasExactly"))
        return compile_list(node, MULTI_HAS_EXACTLY, place, ret);
    if (json_object_get(node, "includes"))
        return compile_list(node, MULTI_INCLUDES, place, ret);
    if (json_is_object(node) && json_object_size(node) == 0)
        return matcher_refuse(place, "null is not a valid match operation");
    st = matcher_compile(node, place, &single);
    if (st != ST_OK)
        return st;
    *ret = multi_matcher_of(single);
    return *ret ? ST_OK : matcher_out_of_memory(place);
}

/* ---- asking ---- */

struct values {
    struct mock_fields fields;
    struct slice name;
    bool any_case;
    struct match_notes *notes;
};

static size_t count_values(const struct values *v)
{
    struct slice value;
    size_t at = 0;
    size_t count = 0;

    while (mock_fields_next(v->fields, v->name, v->any_case, &at, &value))
        count++;
    return count;
}

/* The value nearest to the matcher, which alone decides (as WireMock's getBestMatch). */
static struct value_input best_of(const struct value_matcher *m, const struct values *v,
                                  double *ret_distance)
{
    struct value_input best = {.present = false};
    struct value_input in = {.present = true};
    size_t at = 0;
    bool first = true;

    while (mock_fields_next(v->fields, v->name, v->any_case, &at, &in.text)) {
        double distance = matcher_distance(m, &in);

        if (first || distance_is_less(distance, *ret_distance)) {
            best = in;
            *ret_distance = distance;
        }
        first = false;
    }
    if (first)
        *ret_distance = matcher_distance(m, &best);
    return best;
}

static enum status best_matches(const struct value_matcher *m, const struct values *v, size_t count,
                                bool *ret, struct why *why)
{
    struct value_input in = {.present = false};
    size_t at = 0;
    double distance;

    if (count > 1)
        in = best_of(m, v, &distance);
    else
        in.present = mock_fields_next(v->fields, v->name, v->any_case, &at, &in.text);
    in.notes = v->notes;
    return matcher_matches(m, &in, ret, why);
}

enum status multi_matcher_matches(const struct multi_matcher *m, struct mock_fields fields,
                                  struct slice name, bool any_case, struct match_notes *notes,
                                  bool *ret, struct why *why)
{
    struct values v = {fields, name, any_case, notes};
    size_t count = count_values(&v);
    enum status st = ST_OK;

    if (m->has_null)
        return request_pattern_fail_null(why);
    *ret =
        m->kind == MULTI_SINGLE || (count > 0 && (m->kind == MULTI_INCLUDES || count == m->count));
    for (size_t i = 0; i < m->count && *ret && st == ST_OK; i++)
        st = best_matches(m->matchers[i], &v, count, ret, why);
    return st;
}

double multi_matcher_distance(const struct multi_matcher *m, struct mock_fields fields,
                              struct slice name, bool any_case)
{
    struct values v = {fields, name, any_case, NULL};
    size_t count = count_values(&v);
    double sum = 0;
    double one;

    if (m->kind != MULTI_SINGLE && count == 0)
        return 1;
    for (size_t i = 0; i < m->count; i++) {
        best_of(m->matchers[i], &v, &one);
        sum += one;
    }
    if (m->count > 0)
        sum /= (double)m->count;
    if (m->kind == MULTI_HAS_EXACTLY)
        sum = ((count == m->count ? 0 : 1) + sum) / 2;
    return sum;
}

/* ---- writing ---- */

json_t *multi_matcher_json(const struct multi_matcher *m)
{
    auto_json json_t *list = NULL;

    if (m->kind == MULTI_SINGLE)
        return matcher_json(m->matchers[0]);
    list = json_array();
    for (size_t i = 0; i < m->count; i++) {
        if (json_array_append_new(list, matcher_json(m->matchers[i])) != 0)
            return NULL;
    }
    return json_pack("{s:o}", forms[m->kind].name, take(list));
}

void multi_matcher_name(const struct multi_matcher *m, struct buf *ret)
{
    if (m->kind == MULTI_SINGLE) {
        buf_put_text(ret, m->matchers[0]->kind->name);
        return;
    }
    for (size_t i = 0; i < m->count; i++) {
        if (i > 0)
            buf_put_text(ret, " AND ");
        buf_put_text(ret, m->matchers[i]->kind->name);
        buf_put_char(ret, ' ');
        matcher_expected(m->matchers[i], ret);
    }
}

void multi_matcher_expected(const struct multi_matcher *m, struct buf *ret)
{
    if (m->kind == MULTI_SINGLE)
        matcher_expected(m->matchers[0], ret);
}
