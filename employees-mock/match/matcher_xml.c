/* equalToXml, matchesXPath. */
#include "common/json.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/match/matcher.h"
#include "employees-mock/match/xml_equal.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xpath.h"
#include "employees-mock/match/xpath_local.h"

#include <stdlib.h>

/* ---- equalToXml ---- */

struct equal_state {
    struct xml_equal *equal;
    json_t *written; /* what is written back beside the document */
};

static void equal_release(struct value_matcher *m)
{
    struct equal_state *s = m->state;

    xml_equal_free(s->equal);
    json_decref(s->written);
    free(s);
}

static void keep(struct equal_state *s, const char *name, json_t *value)
{
    json_object_set_new(s->written, name, value);
}

static enum status read_exempted(struct equal_state *s, const json_t *node,
                                 struct xml_equal_options *options,
                                 const struct matcher_place *place)
{
    const json_t *list = json_object_get(node, "exemptedComparisons");
    json_t *name;
    size_t i;

    if (!json_is_array(list))
        return ST_OK;
    json_array_foreach (list, i, name) {
        enum xml_comparison comparison;

        if (json_is_null(name))
            return matcher_refuse(place, "Name is null");
        if (!json_is_string(name) || !xml_comparison_parse(json_string_value(name), &comparison))
            return matcher_refuse(place,
                                  "No enum constant wiremock.org.xmlunit.diff.ComparisonType.%s",
                                  json_is_string(name) ? json_string_value(name) : "null");
        options->exempted |= 1u << comparison;
    }
    keep(s, "exemptedComparisons", json_deep_copy(list));
    return ST_OK;
}

static enum status read_namespaces(const json_t *node, struct xml_equal_options *options,
                                   const struct matcher_place *place)
{
    static const char *const names[] = {
        [XML_NS_STRICT] = "STRICT", [XML_NS_LEGACY] = "LEGACY", [XML_NS_NONE] = "NONE"};
    const json_t *said = json_object_get(node, "namespaceAwareness");
    const char *wanted = json_string_value(said);

    if (!said)
        return ST_OK;
    if (!wanted)
        wanted = "null";
    for (enum xml_namespaces n = XML_NS_STRICT; n <= XML_NS_NONE; n++) {
        if (strcmp(names[n], wanted) == 0) {
            options->namespaces = n;
            return ST_OK;
        }
    }
    return matcher_refuse(place,
                          "No enum constant com.github.tomakehurst.wiremock.matching."
                          "EqualToXmlPattern.NamespaceAwareness.%s",
                          wanted);
}

static void read_flag(struct equal_state *s, const json_t *node, const char *name, bool *ret)
{
    const json_t *flag = json_object_get(node, name);

    if (!flag)
        return;
    *ret = matcher_as_bool(flag);
    keep(s, name, json_boolean(*ret));
}

static void read_delimiter(struct equal_state *s, const json_t *node, const char *name,
                           const char **ret)
{
    const json_t *text = json_object_get(node, name);

    if (!json_is_string(text))
        return;
    *ret = json_string_value(text);
    keep(s, name, json_string(*ret));
}

static enum status equal_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                                 const struct matcher_place *place)
{
    struct equal_state *s = calloc(1, sizeof *s);
    struct xml_equal_options options = {0};
    struct why why = {0};
    enum status st;

    m->state = s;
    if (s)
        s->written = json_object();
    if (!s || !s->written)
        return matcher_out_of_memory(place);
    if (!json_is_string(operand))
        return matcher_refuse(place, "'equalToXml' expected value cannot be null");
    st = matcher_take_text(m, operand, place);
    read_flag(s, node, "enablePlaceholders", &options.placeholders);
    read_delimiter(s, node, "placeholderOpeningDelimiterRegex", &options.opening);
    read_delimiter(s, node, "placeholderClosingDelimiterRegex", &options.closing);
    if (st == ST_OK)
        st = read_exempted(s, node, &options, place);
    read_flag(s, node, "ignoreOrderOfSameNode", &options.order_by_text);
    if (st == ST_OK)
        st = read_namespaces(node, &options, place);
    if (st != ST_OK)
        return st;
    if (json_is_string(json_object_get(node, "namespaceAwareness")))
        keep(s, "namespaceAwareness", json_copy(json_object_get(node, "namespaceAwareness")));
    st = xml_equal_compile(m->text, &options, &s->equal, &why);
    return st == ST_OK ? ST_OK : matcher_refuse_why(place, st, &why);
}

/* Why the text is no XML, without the place; false: it is some. */
static bool is_no_xml(const struct value_input *in, unsigned flags, struct why *ret)
{
    xmlDocPtr document = NULL;
    enum status st = xml_nodes_parse(in->text, flags, &document, ret);
    char *place = st == ST_BAD_INPUT ? strstr(ret->text, "; line ") : NULL;

    xmlFreeDoc(document);
    if (place)
        *place = '\0';
    return st == ST_BAD_INPUT;
}

static void note_parse_failure(const struct value_input *in)
{
    struct why reason = {0};

    if (in->notes && is_no_xml(in, XML_NODES_NAMESPACES, &reason))
        match_note_warning(in->notes, "%s", reason.text);
}

static enum status equal_matches(const struct value_matcher *m, const struct value_input *in,
                                 bool *ret, struct why *why)
{
    const struct equal_state *s = m->state;

    *ret = false;
    if (!in->present || in->text.len == 0)
        return ST_OK;
    note_parse_failure(in);
    return xml_equal_matches(s->equal, in->text, ret, why);
}

static double equal_distance(const struct value_matcher *m, const struct value_input *in)
{
    const struct equal_state *s = m->state;

    if (!in->present || in->text.len == 0)
        return 1;
    note_parse_failure(in);
    return xml_equal_distance(s->equal, in->text);
}

static json_t *equal_write(const struct value_matcher *m)
{
    const struct equal_state *s = m->state;
    json_t *object = json_object();

    json_object_set_new(object, "equalToXml", json_stringn(m->text.data, m->text.len));
    json_object_update(object, s->written);
    return object;
}

static void equal_expected(const struct value_matcher *m, struct buf *ret)
{
    auto_buf struct buf pretty = BUF_INIT(64 << 20);

    if (xml_document_write_pretty(m->text, &pretty, NULL) == ST_OK)
        buf_put_slice(ret, buf_slice(&pretty));
    else
        buf_put_slice(ret, m->text);
}

const struct matcher_kind matcher_equal_to_xml = {
    .name = "equalToXml",
    .compile = equal_compile,
    .matches = equal_matches,
    .distance = equal_distance,
    .write = equal_write,
    .expected = equal_expected,
    .release = equal_release,
};

/* ---- matchesXPath: the text is the expression ---- */

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
    else if (is_no_xml(in, 0, &reason)) {
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
