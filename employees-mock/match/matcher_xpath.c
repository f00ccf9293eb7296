/* matchesXPath: the text is the expression. */
#include "common/json.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/match/matcher.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xpath_local.h"

#include <stdlib.h>

struct xpath_state {
    struct xpath *xpath;         /* NULL: it is none, and matches nothing, as in WireMock */
    struct value_matcher *inner; /* NULL: the plain form */
    json_t *namespaces;
};

static void xpath_release(struct value_matcher *m)
{
    struct xpath_state *s = m->state;

    xpath_free(s->xpath);
    value_matcher_free(s->inner);
    json_decref(s->namespaces);
    free(s);
}

static enum status compile_expression(struct value_matcher *m, const struct matcher_place *place)
{
    struct xpath_state *s = m->state;
    struct why why = {0};
    enum status st = xpath_compile(m->text, s->namespaces, &s->xpath, &why);

    return st == ST_NO_MEMORY ? matcher_out_of_memory(place) : ST_OK;
}

static enum status xpath_kind_compile(struct value_matcher *m, const json_t *operand,
                                      const json_t *node, const struct matcher_place *place)
{
    struct xpath_state *s = calloc(1, sizeof *s);
    struct matcher_place inner = {place->pointer, place->depth + 1, place->fault};
    const json_t *expression = operand;
    const json_t *namespaces = json_object_get(node, "xPathNamespaces");
    enum status st = ST_OK;

    m->state = s;
    if (!s)
        return matcher_out_of_memory(place);
    if (!namespaces)
        namespaces = json_object_get(operand, "xPathNamespaces");
    if (json_object_size(namespaces) > 0)
        s->namespaces = json_deep_copy(namespaces);
    if (!json_is_string(operand)) {
        expression = json_object_get(operand, "expression");
        if (!expression)
            return matcher_refuse(place,
                                  "expression is required in the advanced matchesXPath form");
        st = matcher_compile(operand, &inner, &s->inner);
    }
    if (st == ST_OK && !json_is_string(expression))
        return matcher_refuse(place, "'matchesXPath' expected value cannot be null");
    if (st == ST_OK)
        st = matcher_take_text(m, expression, place);
    return st == ST_OK ? compile_expression(m, place) : st;
}

/* What the expression finds; NULL: nothing, or the text is no XML. *ret_own is a document to be
 * released after the result. */
static struct xpath_result *find(const struct value_matcher *m, const struct value_input *in,
                                 struct xml_document **ret_own, enum status *ret_st,
                                 struct why *why)
{
    const struct xpath_state *s = m->state;
    struct slice text = slice_trim(in->text);
    const struct xml_document *document = NULL;
    struct xpath_result *found = NULL;

    *ret_st = ST_OK;
    if (!s->xpath || !in->present || text.len == 0 || text.data[0] != '<')
        return NULL;
    if (in->cache)
        document = mock_cache_xml(in->cache, in->text);
    else if (xml_document_parse(in->text, ret_own, NULL) == ST_OK)
        document = *ret_own;
    if (!document)
        return NULL;
    *ret_st = xpath_read(s->xpath, document, &found, why);
    if (*ret_st == ST_BAD_INPUT)
        *ret_st = ST_OK;
    return found;
}

/* Why nothing could be looked for: the text is no XML, else the expression is none. */
static void note_fault(const struct value_matcher *m, const struct value_input *in)
{
    struct slice text = in->present ? slice_trim(in->text) : (struct slice){NULL, 0};
    int shown = text.len < 1 << 16 ? (int)in->text.len : 1 << 16;
    auto_buf struct buf title = BUF_INIT(8192);
    struct why reason = {0};

    if (!in->notes)
        return;
    if (!in->present)
        match_note_warning(in->notes, "Warning: failed to parse the XML document\nXML: null");
    else if (text.len == 0 || text.data[0] != '<')
        match_note_warning(in->notes, "Warning: failed to parse the XML document\nXML: %.*s", shown,
                           in->text.data);
    else if (xml_nodes_are_none(in->text, 0, &reason)) {
        buf_put_json_string(&title, slice_of(reason.text));
        match_note_warning(in->notes,
                           "Warning: failed to parse the XML document. Reason: {\n  \"errors\" : [ "
                           "{\n    \"code\" : 50,\n    \"title\" : %s\n  } ]\n}\nXML: %.*s",
                           buf_text(&title) ? title.data : "\"\"", shown, in->text.data);
    } else if (((const struct xpath_state *)m->state)->namespaces || !xpath_has_prefix(m->text)) {
        match_note_warning(in->notes, "Warning: failed to evaluate the XPath expression %.*s",
                           (int)m->text.len, m->text.data);
    }
}

/* Of several nodes the nearest decides. */
static double nearest(const struct value_matcher *inner, const struct xpath_result *found,
                      size_t *ret_which)
{
    double best = 1;

    for (size_t i = 0; i < xpath_result_count(found); i++) {
        struct value_input in = {.present = true, .text = xpath_result_text(found, i)};
        double distance = matcher_distance(inner, &in);

        if (i == 0 || distance_is_less(distance, best)) {
            best = distance;
            *ret_which = i;
        }
    }
    return best;
}

static enum status xpath_kind_matches(const struct value_matcher *m, const struct value_input *in,
                                      bool *ret, struct why *why)
{
    const struct xpath_state *s = m->state;
    auto_xml_document struct xml_document *own = NULL;
    enum status st;
    auto_xpath_result struct xpath_result *found = find(m, in, &own, &st, why);
    size_t which = 0;
    struct value_input one = {.present = true, .notes = in->notes};

    *ret = false;
    if (!found)
        note_fault(m, in);
    if (st != ST_OK || !found || xpath_result_count(found) == 0)
        return st;
    if (!s->inner) {
        *ret = true;
        return ST_OK;
    }
    if (xpath_result_count(found) > 1)
        nearest(s->inner, found, &which);
    one.text = xpath_result_text(found, which);
    return matcher_matches(s->inner, &one, ret, why);
}

static double xpath_kind_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct xpath_state *s = m->state;
    auto_xml_document struct xml_document *own = NULL;
    enum status st;
    auto_xpath_result struct xpath_result *found = find(m, in, &own, &st, NULL);
    size_t which = 0;

    if (!found)
        note_fault(m, in);
    if (!found || xpath_result_count(found) == 0)
        return 1;
    return s->inner ? nearest(s->inner, found, &which) : 0;
}

static json_t *xpath_kind_write(const struct value_matcher *m)
{
    const struct xpath_state *s = m->state;
    json_t *expression = json_stringn(m->text.data, m->text.len);
    json_t *object = json_object();

    if (s->inner) {
        auto_json json_t *inner = matcher_json(s->inner);
        json_t *advanced = json_object();

        json_object_set_new(advanced, "expression", expression);
        json_object_update(advanced, inner);
        json_object_set_new(object, "matchesXPath", advanced);
    } else {
        json_object_set_new(object, "matchesXPath", expression);
    }
    if (s->namespaces)
        json_object_set(object, "xPathNamespaces", s->namespaces);
    return object;
}

json_t *matcher_xpath_results(const struct value_matcher *m, const struct value_input *in)
{
    auto_xml_document struct xml_document *own = NULL;
    enum status st;
    auto_xpath_result struct xpath_result *found = find(m, in, &own, &st, NULL);
    json_t *texts = json_array();

    for (size_t i = 0; found && i < xpath_result_count(found); i++) {
        struct slice text = xpath_result_text(found, i);

        json_array_append_new(texts, json_stringn(text.data, text.len));
    }
    return texts;
}

const struct value_matcher *matcher_xpath_inner(const struct value_matcher *m)
{
    const struct xpath_state *s = m->state;

    return s->inner;
}

const struct matcher_kind matcher_xpath = {
    .name = "matchesXPath",
    .compile = xpath_kind_compile,
    .matches = xpath_kind_matches,
    .distance = xpath_kind_distance,
    .write = xpath_kind_write,
    .release = xpath_release,
};
