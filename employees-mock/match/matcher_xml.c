/* equalToXml. */
#include "common/json.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/match/matcher.h"
#include "employees-mock/match/xml_equal.h"
#include "employees-mock/match/xml_nodes.h"

#include <stdlib.h>

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

static void note_parse_failure(const struct value_input *in)
{
    struct why reason = {0};

    if (in->notes && xml_nodes_are_none(in->text, XML_NODES_NAMESPACES, &reason))
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
