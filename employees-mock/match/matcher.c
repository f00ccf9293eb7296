#include "employees-mock/match/matcher.h"

#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/match/json_loose.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct matcher_kind *const kinds[] = {
    &matcher_equal_to,
    &matcher_equal_to_json,
    &matcher_json_path,
    &matcher_json_schema,
    &matcher_equal_to_xml,
    &matcher_xpath,
    &matcher_contains,
    &matcher_not,
    &matcher_does_not_contain,
    &matcher_regex,
    &matcher_does_not_match,
    &matcher_before,
    &matcher_after,
    &matcher_equal_to_date_time,
    &matcher_anything,
    &matcher_absent,
    &matcher_and,
    &matcher_or,
    &matcher_path_template,
};

/* ---- faults ---- */

static void fill_fault(struct match_fault *fault, const char *pointer, const char *below,
                       const char *format, va_list args)
{
    if (!fault)
        return;
    fault->code = 10;
    snprintf(fault->pointer, sizeof fault->pointer, "%s%s", pointer, below);
    if (fault->pointer[0] == '\0')
        snprintf(fault->pointer, sizeof fault->pointer, "/");
    snprintf(fault->title, sizeof fault->title, "Error parsing JSON");
    vsnprintf(fault->detail, sizeof fault->detail, format, args);
}

enum status matcher_refuse(const struct matcher_place *place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill_fault(place->fault, place->pointer, "", format, args);
    va_end(args);
    return ST_BAD_INPUT;
}

enum status matcher_refuse_below(const struct matcher_place *place, const char *below,
                                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill_fault(place->fault, place->pointer, below, format, args);
    va_end(args);
    return ST_BAD_INPUT;
}

enum status matcher_refuse_why(const struct matcher_place *place, enum status st,
                               const struct why *why)
{
    matcher_refuse(place, "%s", why->text);
    return st;
}

json_t *match_fault_json(const struct match_fault *fault)
{
    if (fault->code == MATCH_FAULT_XML)
        return json_pack("{s:i,s:s,s:s}", "code", fault->code, "title", fault->title, "detail",
                         fault->detail);
    return json_pack("{s:i,s:{s:s*},s:s,s:s*}", "code", fault->code, "source", "pointer",
                     fault->placeless ? NULL : fault->pointer, "title", fault->title, "detail",
                     fault->detail[0] ? fault->detail : NULL);
}

const char *matcher_java_value(const json_t *value)
{
    switch (json_loose_kind(value)) {
    case JSON_KIND_NULL:
        return "Null value (token `JsonToken.VALUE_NULL`)";
    case JSON_KIND_FALSE:
        return "Boolean value (token `JsonToken.VALUE_FALSE`)";
    case JSON_KIND_TRUE:
        return "Boolean value (token `JsonToken.VALUE_TRUE`)";
    case JSON_KIND_INTEGER:
        return "Integer value (token `JsonToken.VALUE_NUMBER_INT`)";
    case JSON_KIND_REAL:
        return "Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)";
    case JSON_KIND_STRING:
        return "String value (token `JsonToken.VALUE_STRING`)";
    case JSON_KIND_ARRAY:
        return "Array value (token `JsonToken.START_ARRAY`)";
    case JSON_KIND_OBJECT:
        return "Object value (token `JsonToken.START_OBJECT`)";
    }
    return "";
}

bool matcher_as_bool(const json_t *value)
{
    if (json_is_string(value))
        return strcmp(json_string_value(value), "true") == 0;
    if (json_is_integer(value))
        return json_integer_value(value) != 0;
    return json_is_true(value);
}

/* ---- life ---- */

struct value_matcher *matcher_new(const struct matcher_kind *kind)
{
    struct value_matcher *m = calloc(1, sizeof *m);

    if (m)
        m->kind = kind;
    return m;
}

void value_matcher_free(struct value_matcher *m)
{
    if (!m)
        return;
    if (m->kind->release && m->state)
        m->kind->release(m);
    free((char *)m->text.data);
    free(m);
}

enum status matcher_out_of_memory(const struct matcher_place *place)
{
    memory_note();
    matcher_refuse(place, "out of memory");
    return ST_NO_MEMORY;
}

enum status matcher_set_text(struct value_matcher *m, struct slice text,
                             const struct matcher_place *place)
{
    char *copy = slice_dup(text);

    if (!copy)
        return matcher_out_of_memory(place);
    free((char *)m->text.data);
    m->text = (struct slice){copy, text.len};
    return ST_OK;
}

enum status matcher_take_text(struct value_matcher *m, const json_t *operand,
                              const struct matcher_place *place)
{
    if (!json_is_string(operand))
        return matcher_refuse(place, "%s operand must be a non-null string", m->kind->name);
    return matcher_set_text(
        m, (struct slice){json_string_value(operand), json_string_length(operand)}, place);
}

static const struct matcher_kind *find_kind(const json_t *node)
{
    for (void *it = json_object_iter((json_t *)node); it;
         it = json_object_iter_next((json_t *)node, it)) {
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (strcmp(kinds[i]->name, json_object_iter_key(it)) == 0)
                return kinds[i];
        }
    }
    return NULL;
}

static enum status refuse_node(const json_t *node, const struct matcher_place *place)
{
    auto_buf struct buf text = BUF_INIT(600);

    json_loose_write(node, JSON_LOOSE_COMPACT, &text);
    return matcher_refuse(place, "%.*s is not a valid match operation", (int)text.len,
                          text.data ? text.data : "");
}

static enum status compile_kind(const struct matcher_kind *kind, const json_t *node,
                                const struct matcher_place *place, struct value_matcher **ret)
{
    auto_value_matcher struct value_matcher *m = matcher_new(kind);
    enum status st;

    if (!m)
        return matcher_out_of_memory(place);
    st = kind->compile(m, json_object_get(node, kind->name), node, place);
    if (st != ST_OK)
        return st;
    *ret = take(m);
    return ST_OK;
}

enum status matcher_compile(const json_t *node, const struct matcher_place *place,
                            struct value_matcher **ret)
{
    const struct matcher_kind *kind = json_is_object(node) ? find_kind(node) : NULL;

    if (place->depth > MATCHER_DEPTH_MAX)
        return matcher_refuse(place, "matchers are nested too deep");
    if (!kind)
        return refuse_node(node, place);
    return compile_kind(kind, node, place, ret);
}

enum status matcher_compile_content(const json_t *node, const struct matcher_place *place,
                                    struct value_matcher **ret)
{
    if (json_object_get(node, matcher_binary_equal_to.name))
        return compile_kind(&matcher_binary_equal_to, node, place, ret);
    return matcher_compile(node, place, ret);
}

enum status matcher_compile_item(const json_t *node, const struct matcher_place *place,
                                 struct value_matcher **ret)
{
    if (!json_is_null(node))
        return matcher_compile(node, place, ret);
    *ret = matcher_new(&matcher_null);
    return *ret ? ST_OK : matcher_out_of_memory(place);
}

bool matcher_list_has_null(struct value_matcher *const *list, size_t count)
{
    bool has = false;

    for (size_t i = 0; i < count; i++)
        has |= matcher_is(list[i], &matcher_null) || list[i]->has_null;
    return has;
}

enum status value_matcher_compile(const json_t *matcher, const char *pointer,
                                  struct value_matcher **ret, struct match_fault *fault)
{
    struct matcher_place place = {.pointer = pointer, .fault = fault};

    return matcher_compile(matcher, &place, ret);
}

/* ---- asking ---- */

enum status matcher_matches(const struct value_matcher *m, const struct value_input *in, bool *ret,
                            struct why *why)
{
    return m->kind->matches(m, in, ret, why);
}

double matcher_distance(const struct value_matcher *m, const struct value_input *in)
{
    bool matched = false;

    if (m->kind->distance)
        return m->kind->distance(m, in);
    if (m->kind->matches(m, in, &matched, NULL) != ST_OK)
        return 1;
    return matched ? 0 : 1;
}

bool distance_is_less(double a, double b)
{
    return isnan(b) ? !isnan(a) : a < b;
}

bool matcher_is(const struct value_matcher *m, const struct matcher_kind *kind)
{
    return m->kind == kind;
}

enum status value_matcher_matches(const struct value_matcher *m, const struct slice *value,
                                  bool *ret, struct why *why)
{
    struct value_input in = {.present = value != NULL};

    if (value)
        in.text = *value;
    return matcher_matches(m, &in, ret, why);
}

/* ---- writing ---- */

json_t *matcher_json(const struct value_matcher *m)
{
    auto_json json_t *object = NULL;

    if (m->kind->write)
        return m->kind->write(m);
    object = json_object();
    if (json_object_set_new(object, m->kind->name, json_stringn(m->text.data, m->text.len)) != 0)
        return NULL;
    return take(object);
}

void matcher_expected(const struct value_matcher *m, struct buf *ret)
{
    if (m->kind->expected)
        m->kind->expected(m, ret);
    else
        buf_put_slice(ret, m->text);
}
