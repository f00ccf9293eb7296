/* The words of Java's enumerations out of JSON. */
#include "common/cleanup.h"
#include "employees-mock/bind.h"
#include "employees-mock/match/matcher.h"

#include <string.h>

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
                         all->name, matcher_java_value(value));
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(word, all->words[i]) == 0) {
            *ret = i;
            return ST_OK;
        }
    }
    return refuse_word(b, name, all, word);
}
