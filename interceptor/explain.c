#include "interceptor/explain.h"

struct found {
    json_t *rules;
    const char *granting; /* the first rule that grants; NULL: none */
};

static bool add_rule(void *ctx, const struct rule *rule, enum rule_outcome outcome)
{
    struct found *found = ctx;

    if (outcome == RULE_GRANTS && !found->granting)
        found->granting = rule_name(rule);
    json_array_append_new(found->rules, json_pack("{s:s, s:s}", "rule", rule_name(rule), "outcome",
                                                  rule_outcome_word(outcome)));
    return true;
}

json_t *explain_write(const struct ward *ward, const struct rule_request *request)
{
    const struct manifest *m = ward->manifest;
    json_t *attributes = json_array();

    for (size_t i = 0; i < m->count; i++) {
        struct found found = {.rules = json_array()};

        grants_explain(ward->grants, i, request, add_rule, &found);
        json_array_append_new(attributes,
                              json_pack("{s:s, s:s, s:b, s:o, s:o}", "path", m->attributes[i].path,
                                        "type", manifest_type_word(m->attributes[i].type),
                                        "granted", found.granting != NULL, "rule",
                                        found.granting ? json_string(found.granting) : json_null(),
                                        "rules", found.rules));
    }
    return attributes;
}
