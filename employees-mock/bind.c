#include "employees-mock/bind.h"

#include "common/cleanup.h"
#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/matcher.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CODE_BAD_JSON = 10 };

static void fill(struct match_fault *fault, const char *base, const char *member,
                 const char *format, va_list args)
{
    fault->code = CODE_BAD_JSON;
    snprintf(fault->title, sizeof fault->title, "Error parsing JSON");
    if (member)
        snprintf(fault->pointer, sizeof fault->pointer, "%s/%s", base, member);
    else
        snprintf(fault->pointer, sizeof fault->pointer, "%s", base[0] ? base : "/");
    vsnprintf(fault->detail, sizeof fault->detail, format, args);
}

enum status bind_fail(struct match_fault *fault, const char *base, const char *member,
                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (fault)
        fill(fault, base, member, format, args);
    va_end(args);
    return ST_BAD_INPUT;
}

enum status bind_fail_memory(struct match_fault *fault)
{
    memory_note();
    return bind_fail(fault, "", NULL, "out of memory") == ST_OK ? ST_OK : ST_NO_MEMORY;
}

static bool class_has(const struct bind_class *class, const char *name)
{
    if (!class->members)
        return true;
    for (const char *const *m = class->members; *m; m++)
        if (strcmp(*m, name) == 0)
            return true;
    return false;
}

static enum status refuse_unknown(const struct bind *b, const struct bind_class *class)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)b->object, name, value) {
        if (!class_has(class, name))
            return bind_fail(b->fault, b->pointer, name,
                             "Unrecognized field \"%s\" (class com.github.tomakehurst.wiremock.%s),"
                             " not marked as ignorable",
                             name, class->name);
    }
    return ST_OK;
}

/* "no int/Int-argument constructor/factory method to deserialize from Number value (1)" */
static void put_no_creator(const json_t *value, struct buf *ret)
{
    const char *argument = "boolean/Boolean";
    const char *of = "boolean value (";

    if (json_is_string(value)) {
        buf_printf(ret,
                   "no String-argument constructor/factory method to deserialize from String value "
                   "('%s')",
                   json_string_value(value));
        return;
    }
    if (json_loose_is_number(value)) {
        argument = json_loose_kind(value) == JSON_KIND_REAL ? "double/Double"
                   : !json_is_integer(value)                ? "BigInteger"
                   : json_integer_value(value) < INT_MIN || json_integer_value(value) > INT_MAX
                       ? "long/Long"
                       : "int/Int";
        of = "Number value (";
    }
    buf_printf(ret, "no %s-argument constructor/factory method to deserialize from %s", argument,
               of);
    json_loose_write(value, JSON_LOOSE_COMPACT, ret);
    buf_put_char(ret, ')');
}

static enum status refuse_no_object(const json_t *value, const char *pointer,
                                    const struct bind_class *class, struct match_fault *fault)
{
    auto_buf struct buf words = BUF_INIT(sizeof fault->detail);

    if (json_is_array(value))
        return bind_fail(fault, pointer, NULL,
                         "Cannot deserialize value of type `com.github.tomakehurst.wiremock.%s` "
                         "from %s",
                         class->name, matcher_java_value(value));
    if (json_is_string(value) && json_string_length(value) == 0)
        return bind_fail(
            fault, pointer, NULL,
            "Cannot coerce empty String (\"\") to `com.github.tomakehurst.wiremock.%s` "
            "value (but could if coercion was enabled using `CoercionConfig`)",
            class->name);
    put_no_creator(value, &words);
    return bind_fail(fault, pointer, NULL,
                     "Cannot construct instance of `com.github.tomakehurst.wiremock.%s` "
                     "(although at least one Creator exists): %s",
                     class->name, buf_text(&words) ? words.data : "");
}

enum status bind_object(const json_t *value, const char *pointer, const struct bind_class *class,
                        struct bind *ret, struct match_fault *fault)
{
    struct bind b = {.object = value, .pointer = pointer, .fault = fault};
    enum status st;

    if (!value || json_is_null(value)) {
        b.object = NULL;
        *ret = b;
        return ST_OK;
    }
    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return refuse_no_object(value, pointer, class, fault);
    st = refuse_unknown(&b, class);
    if (st == ST_OK)
        *ret = b;
    return st;
}

const json_t *bind_any(const struct bind *b, const char *name)
{
    const json_t *value = json_object_get(b->object, name);

    return json_is_null(value) ? NULL : value;
}

static enum status fail_type(const struct bind *b, const char *name, const char *java_type,
                             const json_t *value)
{
    if (json_is_string(value))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `%s` from String \"%s\": not a valid "
                         "`%s` value",
                         java_type, json_string_value(value), java_type);
    return bind_fail(b->fault, b->pointer, name, "Cannot deserialize value of type `%s` from %s",
                     java_type, matcher_java_value(value));
}

/* A scalar that stands where text belongs is replaced by its text in the document itself, which so
 * owns it. */
static enum status scalar_as_text(const struct bind *b, const char *name, const json_t *value,
                                  const char **ret)
{
    auto_buf struct buf text = BUF_INIT(2048);
    json_t *made;

    json_loose_write(value, JSON_LOOSE_COMPACT, &text);
    made = buf_text(&text) ? json_string(text.data) : NULL;
    if (!made || json_object_set_new((json_t *)b->object, name, made) != 0)
        return bind_fail_memory(b->fault);
    *ret = json_string_value(made);
    return ST_OK;
}

enum status bind_text(const struct bind *b, const char *name, const char **ret)
{
    const json_t *value = bind_any(b, name);

    if (!value)
        return ST_OK;
    switch (json_loose_kind(value)) {
    case JSON_KIND_STRING:
        *ret = json_string_value(value);
        return ST_OK;
    case JSON_KIND_ARRAY:
    case JSON_KIND_OBJECT:
        return fail_type(b, name, "java.lang.String", value);
    default:
        return scalar_as_text(b, name, value, ret);
    }
}

enum status bind_uuid(const struct bind *b, const char *name, char ret[UUID_SIZE])
{
    const json_t *value = bind_any(b, name);
    char made[UUID_SIZE] = "";
    const char *given = NULL;
    struct slice text;

    if (!value)
        return ST_OK;
    if (json_is_array(value) || json_loose_kind(value) == JSON_KIND_OBJECT)
        return fail_type(b, name, "java.util.UUID", value);
    if (bind_text(b, name, &given) != ST_OK)
        return ST_NO_MEMORY;
    text = slice_trim(slice_of(given));
    if (text.len == 0)
        return ST_OK;
    for (size_t i = 0; i < text.len && i < UUID_SIZE - 1; i++)
        made[i] = (char)tolower((unsigned char)text.data[i]);
    if (text.len != UUID_SIZE - 1 || !uuid_valid(made))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `java.util.UUID` from String \"%s\": "
                         "UUID has to be represented by standard 36-char representation",
                         given);
    memcpy(ret, made, UUID_SIZE);
    return ST_OK;
}

/* A member that is no text; a blank one counts as null, and becomes so in the document itself. */
static const json_t *bind_scalar(const struct bind *b, const char *name)
{
    const json_t *value = bind_any(b, name);

    if (!json_is_string(value) || slice_trim(slice_of(json_string_value(value))).len > 0)
        return value;
    json_object_set_new((json_t *)b->object, name, json_null());
    return NULL;
}

static bool text_as_int(const char *text, long long *ret)
{
    struct slice digits = slice_trim(slice_of(text));
    char *end;
    long long number = strtoll(digits.data, &end, 10);

    if (digits.len == 0 || end != digits.data + digits.len)
        return false;
    *ret = number;
    return true;
}

enum status bind_int(const struct bind *b, const char *name, const char *java_type, long long *ret)
{
    const json_t *value = bind_scalar(b, name);
    long long number = 0;
    bool good;

    if (!value)
        return ST_OK;
    good = json_loose_is_number(value);
    if (json_is_integer(value))
        number = json_integer_value(value);
    else if (good)
        number = (long long)fmax(-9e18, fmin(9e18, json_loose_double(value)));
    else if (json_is_string(value))
        good = text_as_int(json_string_value(value), &number);
    if (good && strcmp(java_type, "long") != 0 && (number < INT_MIN || number > INT_MAX))
        return bind_fail(b->fault, b->pointer, name, "Numeric value (%lld) out of range of int",
                         number);
    if (!good)
        return fail_type(b, name, java_type, value);
    *ret = number;
    return ST_OK;
}

enum status bind_double(const struct bind *b, const char *name, double *ret)
{
    const json_t *value = bind_scalar(b, name);
    char *end;
    double number;

    if (!value)
        return ST_OK;
    if (json_loose_is_number(value)) {
        *ret = json_loose_double(value);
        return ST_OK;
    }
    if (!json_is_string(value))
        return fail_type(b, name, "double", value);
    number = strtod(json_string_value(value), &end);
    if (*end || end == json_string_value(value))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `double` from String \"%s\": not a "
                         "valid `double` value (as String to convert)",
                         json_string_value(value));
    *ret = number;
    return ST_OK;
}

static bool text_as_bool(const char *text, bool *ret)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_equal(slice_trim(slice_of(text)), slice_of(words[i]))) {
            *ret = i < 3;
            return true;
        }
    }
    return false;
}

enum status bind_bool(const struct bind *b, const char *name, const char *java_type, bool *ret)
{
    const json_t *value = bind_scalar(b, name);
    const char *text = json_string_value(value);

    if (!value)
        return ST_OK;
    if (json_is_boolean(value))
        *ret = json_is_true(value);
    else if (json_is_integer(value))
        *ret = json_integer_value(value) != 0;
    else if (text && !text_as_bool(text, ret))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `%s` from String \"%s\": only %s "
                         "recognized",
                         java_type, text,
                         strcmp(java_type, "boolean") == 0
                             ? "\"true\"/\"True\"/\"TRUE\" or \"false\"/\"False\"/\"FALSE\""
                             : "\"true\" or \"false\"");
    else if (!text)
        return fail_type(b, name, java_type, value);
    return ST_OK;
}

static bool is_about_all(const struct bind *b)
{
    return strcmp(b->fault->pointer, b->pointer[0] ? b->pointer : "/") == 0;
}

/* Adds those that the class knows; NULL: all. */
static enum status add_known(const struct bind *b, const struct bind_class *class, json_t *some)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)b->object, name, value) {
        if ((!class || class_has(class, name)) && json_object_set(some, name, value) != 0)
            return bind_fail_memory(b->fault);
    }
    return ST_OK;
}

enum status bind_first_fault(const struct bind *b, const struct bind_class *last,
                             bind_read_fn *read, void *ctx, enum status known)
{
    auto_json json_t *some = json_object();
    enum status st;
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)b->object, name, value) {
        if (last && !class_has(last, name))
            continue;
        if (!some || json_object_set(some, name, value) != 0)
            return bind_fail_memory(b->fault);
        st = read(ctx, some, b->fault);
        if (st != ST_OK && !is_about_all(b))
            return st;
        if (st != ST_OK) /* it waits until all the others are read */
            json_object_del(some, name);
    }
    st = add_known(b, last, some);
    if (st == ST_OK)
        st = read(ctx, some, b->fault);
    if (st == ST_OK && last)
        st = refuse_unknown(b, last);
    return st == ST_OK ? known : st;
}

bool bind_has_null(const json_t *list)
{
    size_t i;
    json_t *one;

    json_array_foreach ((json_t *)list, i, one) {
        if (json_is_null(one))
            return true;
    }
    return false;
}
