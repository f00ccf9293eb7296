#include "common/options_internal.h"

#include <errno.h>
#include <limits.h>

static bool is_any(const char *text, const char *const words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

bool option_is_true(const char *text)
{
    static const char *const words[] = {"true", "on", "yes", "1"};

    return is_any(text, words, sizeof words / sizeof words[0]);
}

static bool is_false(const char *text)
{
    static const char *const words[] = {"false", "off", "no", "0"};

    return is_any(text, words, sizeof words / sizeof words[0]);
}

static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);

    for (const char *at = choices; *at; at += strspn(at, "|")) {
        size_t choice_len = strcspn(at, "|");

        if (choice_len == len && memcmp(at, text, len) == 0)
            return true;
        at += choice_len;
    }
    return false;
}

static enum status check_flag(const struct option *option, const char *label, const char *text,
                              struct why *why)
{
    (void)option;
    if (option_is_true(text) || is_false(text))
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "%s must be true or false", label);
}

static enum status check_switch(const struct option *option, const char *label, const char *text,
                                struct why *why)
{
    (void)option;
    if (strcmp(text, "on") == 0 || strcmp(text, "off") == 0)
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "%s must be on or off", label);
}

static enum status check_number(const struct option *option, const char *label, const char *text,
                                struct why *why)
{
    bool ranged = option->min != 0 || option->max != 0;
    long long min = ranged ? option->min : LLONG_MIN;
    long long max = ranged ? option->max : LLONG_MAX;
    bool shaped = strchr("+-0123456789", text[0]) && text[0]; /* strtoll would skip blanks */
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (shaped && end != text && !*end && !errno && number >= min && number <= max)
        return ST_OK;
    if (ranged)
        return fail(why, ST_BAD_INPUT, "%s must be an integer from %lld to %lld", label, min, max);
    return fail(why, ST_BAD_INPUT, "%s must be an integer", label);
}

static enum status check_text(const struct option *option, const char *label, const char *text,
                              struct why *why)
{
    if (!option->choices || is_choice(option->choices, text))
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "%s must be one of %s", label, option->choices);
}

enum status option_check(const struct option *option, const char *label, const char *text,
                         struct why *why)
{
    static enum status (*const checks[])(const struct option *, const char *, const char *,
                                         struct why *) = {
        [OPTION_FLAG] = check_flag, [OPTION_SWITCH] = check_switch, [OPTION_NUMBER] = check_number,
        [OPTION_TEXT] = check_text, [OPTION_LIST] = check_text,
    };

    return checks[option->type](option, label, text, why);
}
