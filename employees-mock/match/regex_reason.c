#include "employees-mock/match/regex_java.h"
#include "employees-mock/match/regex_translation.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>

void regex_java_say(const char *reason, size_t at, struct slice java, struct why *why)
{
    int shown = java.len > 80 ? 80 : (int)java.len;

    if (at < java.len && at < 80)
        fail(why, ST_BAD_INPUT, "%s near index %zu\n%.*s\n%*s^", reason, at, shown, java.data,
             (int)at, "");
    else
        fail(why, ST_BAD_INPUT, "%s near index %zu\n%.*s", reason, at, shown, java.data);
}

enum status translation_refuse(const struct translation *t, const char *reason, size_t at)
{
    regex_java_say(reason, at, t->java, t->why);
    return ST_BAD_INPUT;
}

/* ---- what PCRE2 refuses ---- */

static const struct {
    int pcre;
    const char *java;
    bool at_end; /* Java names the pattern's end, not the place */
} reasons[] = {
    {PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS, "Unclosed group", true},
    {PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS, "Unmatched closing ')'", false},
    {PCRE2_ERROR_MISSING_SQUARE_BRACKET, "Unclosed character class", true},
    {PCRE2_ERROR_QUANTIFIER_INVALID, "Dangling meta character", false},
    {PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER, "Illegal repetition range", false},
    {PCRE2_ERROR_CLASS_RANGE_ORDER, "Illegal character range", false},
    {PCRE2_ERROR_END_BACKSLASH, "Unexpected internal error", true},
    {PCRE2_ERROR_UNKNOWN_ESCAPE, "Illegal/unsupported escape sequence", false},
    {PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH,
     "Look-behind group does not have an obvious maximum length", false},
};

void regex_java_reason(int code, size_t offset, struct slice java, struct why *why)
{
    char message[160] = "Illegal regular expression";
    size_t at = offset < java.len ? offset : java.len;

    pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].pcre != code)
            continue;
        snprintf(message, sizeof message, "%s", reasons[i].java);
        if (reasons[i].at_end)
            at = java.len;
        if (code == PCRE2_ERROR_QUANTIFIER_INVALID && at < java.len)
            snprintf(message, sizeof message, "Dangling meta character '%c'", java.data[at]);
    }
    if ((code == PCRE2_ERROR_MISSING_SQUARE_BRACKET ||
         code == PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS) &&
        at > 0)
        at--;
    regex_java_say(message, at, java, why);
}
