/* Kinds that are known and not provided yet: refused by name. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/matcher.h"

static enum status refuse(struct value_matcher *m, const json_t *operand, const json_t *node,
                          const struct matcher_place *place)
{
    (void)operand;
    (void)node;
    matcher_refuse(place, "%s is not supported", m->kind->name);
    return ST_UNSUPPORTED;
}

#define LATER(variable, word) const struct matcher_kind variable = {.name = word, .compile = refuse}
LATER(matcher_equal_to_xml, "equalToXml");
LATER(matcher_xpath, "matchesXPath");

enum status xml_document_parse(struct slice text, struct xml_document **ret, struct why *why)
{
    (void)text;
    (void)ret;
    return fail(why, ST_UNSUPPORTED, "XML is not supported");
}

void xml_document_free(struct xml_document *d)
{
    (void)d;
}
