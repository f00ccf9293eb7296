#include "employees-mock/bind.h"

#include "common/cleanup.h"
#include "employees-mock/match/json_loose.h"

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
    return bind_fail(fault, "", NULL, "out of memory") == ST_OK ? ST_OK : ST_NO_MEMORY;
}

static const char *token_of(const json_t *value)
{
    switch (json_loose_kind(value)) {
    case JSON_KIND_ARRAY:
        return "Array value (token `JsonToken.START_ARRAY`)";
    case JSON_KIND_OBJECT:
        return "Object value (token `JsonToken.START_OBJECT`)";
    case JSON_KIND_STRING:
        return "String value (token `JsonToken.VALUE_STRING`)";
    case JSON_KIND_INTEGER:
        return "Integer value (token `JsonToken.VALUE_NUMBER_INT`)";
    case JSON_KIND_REAL:
        return "Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)";
    case JSON_KIND_TRUE:
        return "Boolean value (token `JsonToken.VALUE_TRUE`)";
    case JSON_KIND_FALSE:
        return "Boolean value (token `JsonToken.VALUE_FALSE`)";
    case JSON_KIND_NULL:
        break;
    }
    return "Null value";
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
                         class->name, token_of(value));
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
                     java_type, token_of(value));
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

static bool text_as_int(const char *text, long long *ret)
{
    char *end;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end)
        return false;
    *ret = number;
    return true;
}

enum status bind_int(const struct bind *b, const char *name, const char *java_type, long long *ret)
{
    const json_t *value = bind_any(b, name);
    long long number = 0;
    bool good;

    if (!value)
        return ST_OK;
    if (json_is_string(value) && json_string_value(value)[0] == '\0')
        return ST_OK;
    good = json_is_integer(value) || json_is_real(value);
    if (json_is_integer(value))
        number = json_integer_value(value);
    else if (json_is_real(value))
        number = (long long)fmax(-9e18, fmin(9e18, json_real_value(value)));
    else if (json_is_string(value))
        good = text_as_int(json_string_value(value), &number);
    if (good && (number < INT_MIN || number > INT_MAX))
        return bind_fail(b->fault, b->pointer, name, "Numeric value (%lld) out of range of int",
                         number);
    if (!good)
        return fail_type(b, name, java_type, value);
    *ret = number;
    return ST_OK;
}

enum status bind_double(const struct bind *b, const char *name, double *ret)
{
    const json_t *value = bind_any(b, name);
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
        return fail_type(b, name, "double", value);
    *ret = number;
    return ST_OK;
}

enum status bind_bool(const struct bind *b, const char *name, bool *ret)
{
    const json_t *value = bind_any(b, name);
    const char *text = json_string_value(value);

    if (!value)
        return ST_OK;
    if (json_is_boolean(value))
        *ret = json_is_true(value);
    else if (json_is_integer(value))
        *ret = json_integer_value(value) != 0;
    else if (text && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
        *ret = text[0] == 't';
    else if (text)
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `java.lang.Boolean` from String \"%s\": "
                         "only \"true\" or \"false\" recognized",
                         text);
    else
        return fail_type(b, name, "java.lang.Boolean", value);
    return ST_OK;
}

enum status bind_array(const struct bind *b, const char *name, const char *java_type,
                       const json_t **ret)
{
    const json_t *value = bind_any(b, name);

    if (!value)
        return ST_OK;
    if (json_is_string(value))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot construct instance of `java.util.ArrayList` (although at least "
                         "one Creator exists): no String-argument constructor/factory method to "
                         "deserialize from String value ('%s')",
                         json_string_value(value));
    if (!json_is_array(value))
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `%s` from %s", java_type,
                         token_of(value));
    *ret = value;
    return ST_OK;
}

/* The word that follows `last` in the alphabet. */
static const char *next_word(const struct bind_enum *all, const char *last)
{
    const char *next = NULL;

    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->words[i], last) > 0 && (!next || strcmp(all->words[i], next) < 0))
            next = all->words[i];
    return next;
}

static enum status refuse_word(const struct bind *b, const char *name, const struct bind_enum *all,
                               const char *word)
{
    auto_buf struct buf words = BUF_INIT(1024);

    if (!*word)
        return bind_fail(
            b->fault, b->pointer, name,
            "Cannot coerce empty String (\"\") to `com.github.tomakehurst.wiremock.%s` "
            "value (but could if coercion was enabled using `CoercionConfig`)",
            all->name);
    for (const char *next = next_word(all, ""); next; next = next_word(all, next))
        buf_printf(&words, "%s%s", words.len ? ", " : "", next);
    return bind_fail(b->fault, b->pointer, name,
                     "Cannot deserialize value of type `com.github.tomakehurst.wiremock.%s` from "
                     "String \"%s\": not one of the values accepted for Enum class: [%s]",
                     all->name, word, buf_text(&words) ? words.data : "");
}

enum status bind_word(const struct bind *b, const char *name, const struct bind_enum *all,
                      size_t *ret)
{
    const json_t *value = bind_any(b, name);
    const char *word = json_string_value(value);

    if (!value)
        return ST_OK;
    if (json_is_integer(value)) {
        json_int_t number = json_integer_value(value);

        if (number < 0 || (size_t)number >= all->count)
            return bind_fail(
                b->fault, b->pointer, name,
                "Cannot deserialize value of type `com.github.tomakehurst.wiremock.%s` "
                "from number %" JSON_INTEGER_FORMAT
                ": index value outside legal index range [0..%zu]",
                all->name, number, all->count - 1);
        *ret = (size_t)number;
        return ST_OK;
    }
    if (!word)
        return bind_fail(b->fault, b->pointer, name,
                         "Cannot deserialize value of type `com.github.tomakehurst.wiremock.%s` "
                         "from %s",
                         all->name, token_of(value));
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(word, all->words[i]) == 0) {
            *ret = i;
            return ST_OK;
        }
    }
    return refuse_word(b, name, all, word);
}
