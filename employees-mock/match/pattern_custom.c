/* customMatcher: the name of an extension's matcher and its parameters. There are no extensions, so
 * it matches nothing, as in WireMock where the extension is not loaded. */
#include "common/json.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern_read.h"

static enum status read_parameters(const json_t *value, const struct matcher_place *place,
                                   json_t **ret)
{
    if (json_is_string(value))
        return pattern_refuse_scalar(PARAMETERS_CLASS, value, place);
    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return matcher_refuse(place, "Cannot deserialize value of type `%s` from %s",
                              PARAMETERS_CLASS, matcher_java_value(value));
    json_decref(*ret);
    *ret = json_without_nulls(value);
    return *ret ? ST_OK : matcher_out_of_memory(place);
}

static enum status read_member(struct request_pattern *p, const char *name, const json_t *value,
                               const struct matcher_place *place)
{
    if (strcmp(name, "name") == 0)
        return json_is_null(value) ? ST_OK : pattern_read_text(value, place, &p->custom_name);
    return json_is_null(value) ? ST_OK : read_parameters(value, place, &p->custom_parameters);
}

enum status pattern_read_custom(struct request_pattern *p, const json_t *value,
                                const struct matcher_place *place)
{
    static const char java_class[] = MATCHING "CustomMatcherDefinition";
    const char *unknown = NULL;
    const char *name;
    json_t *member;

    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return pattern_refuse_scalar(java_class, value, place);
    p->has_custom = true;
    json_object_foreach ((json_t *)value, name, member) {
        struct below b;
        enum status st = ST_OK;

        if (strcmp(name, "name") != 0 && strcmp(name, "parameters") != 0)
            unknown = unknown ? unknown : name;
        else
            st = read_member(p, name, member, pattern_step_down(&b, place, name));
        if (st != ST_OK)
            return st;
    }
    return unknown ? pattern_refuse_member(unknown, java_class, place) : ST_OK;
}

json_t *pattern_custom_json(const struct request_pattern *p)
{
    if (!p->has_custom)
        return NULL;
    return json_pack("{s:s*,s:o*}", "name", p->custom_name, "parameters",
                     json_own(p->custom_parameters));
}
