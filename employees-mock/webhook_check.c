#include "employees-mock/webhook_check.h"

#include "common/json.h"
#include "employees-mock/bind.h"
#include "employees-mock/template/template.h"

#include <stdio.h>
#include <string.h>

enum { POINTER_SIZE = 256, DEPTH_MAX = 64 };

static const char *const members[] = {"name", "parameters", "requestPhases", NULL};
static const struct bind_class class = {"extension.ServeEventListenerDefinition", members};
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
    enum status st = bind_array(b, "requestPhases", "java.util.Set<java.lang.Object>", &list);

    json_array_foreach ((json_t *)list, i, one) {
        auto_json json_t *wrapped = json_pack("{s:O}", "requestPhases", one);
        struct bind element = {wrapped, b->pointer, b->fault};
        size_t chosen;

        if (st == ST_OK)
            st = bind_word(&element, "requestPhases", &phase, &chosen);
    }
    return st;
}

static enum status check_one(const json_t *one, const char *list_pointer, const char *pointer,
                             struct match_fault *fault)
{
    char place[POINTER_SIZE + 16];
    const char *name = NULL;
    struct bind b;
    /* WireMock points at the list for what is wrong with an element */
    enum status st = bind_object(one, list_pointer, &class, &b, fault);

    if (st == ST_OK)
        st = check_phases(&b);
    if (st != ST_OK && fault)
        snprintf(fault->pointer, sizeof fault->pointer, "%s", list_pointer);
    if (st == ST_OK)
        st = bind_text(&b, "name", &name);
    if (st != ST_OK || !name || strcmp(name, "webhook") != 0)
        return st;
    snprintf(place, sizeof place, "%s/parameters", pointer);
    return check_templates(bind_any(&b, "parameters"), place, 0, fault);
}

/* {"webhook":{…}} into [{"name":"webhook","parameters":{…}}] */
static json_t *from_object(const json_t *object)
{
    json_t *list = json_array();
    const char *name;
    json_t *parameters;

    json_object_foreach ((json_t *)object, name, parameters) {
        json_array_append_new(list, json_pack("{s:s,s:O}", "name", name, "parameters", parameters));
    }
    return list;
}

enum status webhook_check(const json_t *value, const char *pointer, json_t **ret,
                          struct match_fault *fault)
{
    auto_json json_t *list = NULL;
    size_t i;
    json_t *one;

    if (!json_is_array(value) && !json_is_object(value))
        return ST_OK;
    list = json_is_object(value) ? from_object(value) : json_incref((json_t *)value);
    if (!list)
        return bind_fail_memory(fault);
    json_array_foreach (list, i, one) {
        char place[POINTER_SIZE - 16];
        enum status st;

        snprintf(place, sizeof place, "%s/%zu", pointer, i);
        st = check_one(one, pointer, place, fault);
        if (st != ST_OK)
            return st;
    }
    *ret = take(list);
    return ST_OK;
}
