#include "employees-mock/webhook_check.h"

#include "common/json.h"
#include "employees-mock/bind.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/template/template.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { POINTER_SIZE = 256, DEPTH_MAX = 64 };

#define EXTENSION "com.github.tomakehurst.wiremock.extension."

static const struct bind_class listener = {
    "extension.ServeEventListenerDefinition",
    (const char *const[]){"name", "requestPhases", "parameters", NULL}};
static const struct bind_class action = {"extension.PostServeActionDefinition",
                                         (const char *const[]){"name", "parameters", NULL}};
static const char *const phases[] = {"BEFORE_MATCH", "AFTER_MATCH", "BEFORE_RESPONSE_SENT",
                                     "AFTER_COMPLETE"};

/* Every text in the parameters of a webhook is a template. */
static enum status check_templates(const json_t *value, const char *pointer, int depth,
                                   struct match_fault *fault)
{
    struct template *parsed = NULL;
    struct why why = {0};
    const char *name;
    json_t *member;
    size_t i;
    enum status st = ST_OK;

    if (depth > DEPTH_MAX)
        return bind_fail(fault, pointer, NULL, "nested too deep");
    if (json_is_string(value)) {
        st = template_parse((struct slice){json_string_value(value), json_string_length(value)},
                            &parsed, &why);
        template_free(parsed);
        return st == ST_OK ? ST_OK : bind_fail(fault, pointer, NULL, "%s", why.text);
    }
    json_object_foreach ((json_t *)value, name, member) {
        st = check_templates(member, pointer, depth + 1, fault);
        if (st != ST_OK)
            return st;
    }
    json_array_foreach ((json_t *)value, i, member) {
        st = check_templates(member, pointer, depth + 1, fault);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status check_phases(const struct bind *b)
{
    static const struct bind_enum phase = {"extension.ServeEventListener$RequestPhase", phases, 4};
    const json_t *list = NULL;
    size_t i;
    json_t *one;
    enum status st =
        bind_array(b, "requestPhases",
                   "java.util.HashSet<" EXTENSION "ServeEventListener$RequestPhase>", &list);

    json_array_foreach ((json_t *)list, i, one) {
        auto_json json_t *wrapped = json_pack("{s:O}", "requestPhases", one);
        struct bind element = {wrapped, b->pointer, b->fault};
        size_t chosen;

        if (st == ST_OK)
            st = bind_word(&element, "requestPhases", &phase, &chosen);
    }
    return st;
}

/* What Java says where it wants a map. */
static enum status refuse_cast(const json_t *value, const char *pointer, struct match_fault *fault)
{
    const char *class = "java.lang.Integer";

    if (json_is_null(value))
        return bind_fail(fault, pointer, NULL,
                         "Cannot invoke \"java.util.Map.size()\" because \"m\" is null");
    if (json_is_string(value))
        class = "java.lang.String";
    else if (json_is_boolean(value))
        class = "java.lang.Boolean";
    else if (json_is_array(value))
        class = "java.util.ArrayList";
    else if (json_loose_kind(value) == JSON_KIND_REAL)
        class = "java.math.BigDecimal";
    else if (!json_is_integer(value))
        class = "java.math.BigInteger";
    else if (json_integer_value(value) < INT_MIN || json_integer_value(value) > INT_MAX)
        class = "java.lang.Long";
    return bind_fail(fault, pointer, NULL,
                     "class %s cannot be cast to class java.util.Map (%s and java.util.Map are in "
                     "module java.base of loader 'bootstrap')",
                     class, class);
}

static enum status bind_one(const struct bind *b, const char **name, const json_t **parameters)
{
    static const char java_class[] = EXTENSION "Parameters";
    enum status st = check_phases(b);

    if (st == ST_OK)
        st = bind_text(b, "name", name);
    return st == ST_OK ? bind_map(b, "parameters", java_class, java_class, parameters) : st;
}

/* As WireMock writes them. */
static void put_in_order(json_t *object, const struct bind_class *class)
{
    for (const char *const *name = class->members; *name; name++)
        json_put_last(object, *name);
}

static enum status check_one(json_t *one, const struct bind_class *class, const char *list,
                             size_t index, struct match_fault *fault)
{
    char place[POINTER_SIZE + 48];
    const char *name = NULL;
    const json_t *parameters = NULL;
    struct bind b;
    enum status st;

    if (json_loose_kind(one) != JSON_KIND_OBJECT)
        return json_is_null(one) ? ST_OK : refuse_cast(one, list, fault);
    st = bind_object(one, list, class, &b, fault);
    if (st == ST_OK)
        st = bind_one(&b, &name, &parameters);
    if (st == ST_OK)
        put_in_order(one, class);
    /* WireMock points at the list for what is wrong with an element */
    if (st != ST_OK && fault)
        snprintf(fault->pointer, sizeof fault->pointer, "%s", list);
    if (st != ST_OK || !name || strcmp(name, "webhook") != 0)
        return st;
    snprintf(place, sizeof place, "%s/%zu/parameters", list, index);
    return check_templates(parameters, place, 0, fault);
}

/* {"webhook":{…}} into [{"name":"webhook","parameters":{…}}] */
static enum status from_object(const json_t *object, const char *pointer, json_t **ret,
                               struct match_fault *fault)
{
    auto_json json_t *list = json_array();
    const char *name;
    json_t *parameters;

    json_object_foreach ((json_t *)object, name, parameters) {
        if (json_loose_kind(parameters) != JSON_KIND_OBJECT)
            return refuse_cast(parameters, pointer, fault);
        json_array_append_new(list, json_pack("{s:s,s:O}", "name", name, "parameters", parameters));
    }
    *ret = take(list);
    return ST_OK;
}

static enum status read_list(const json_t *value, bool are_actions, const char *pointer,
                             json_t **ret, struct match_fault *fault)
{
    if (json_is_array(value))
        *ret = json_incref((json_t *)value);
    else if (are_actions && json_loose_kind(value) == JSON_KIND_OBJECT)
        return from_object(value, pointer, ret, fault);
    return ST_OK;
}

enum status webhook_check(const json_t *value, bool are_actions, const char *pointer, json_t **ret,
                          struct match_fault *fault)
{
    auto_json json_t *given = NULL;
    auto_json json_t *list = NULL;
    size_t i;
    json_t *one;
    enum status st = value ? read_list(value, are_actions, pointer, &given, fault) : ST_OK;

    if (st != ST_OK || !given)
        return st;
    list = json_without_nulls(given);
    if (!list)
        return bind_fail_memory(fault);
    json_array_foreach (list, i, one) {
        st = check_one(one, are_actions ? &action : &listener, pointer, i, fault);
        if (st != ST_OK)
            return st;
    }
    *ret = take(list);
    return ST_OK;
}
