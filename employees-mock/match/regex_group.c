#include "employees-mock/match/regex_group.h"

#include <ctype.h>
#include <stdbool.h>

static bool is_one_of(char c, const char *chars)
{
    return c != '\0' && strchr(chars, c);
}

/* Flags of both languages are kept. UNIX lines, Unicode case and Unicode classes are how PCRE2
 * works here anyway; its own (?U) means something else. */
static void put_flags(struct slice flags, struct buf *ret)
{
    for (size_t i = 0; i < flags.len; i++)
        if (!is_one_of(flags.data[i], "duU"))
            buf_put_text(ret, (char[]){flags.data[i], flags.data[i] == 'x' ? 'x' : '\0', '\0'});
}

/* From behind "(?<" of a name. */
static const char *pass_name(struct slice java, size_t from, size_t *at)
{
    for (*at = from; *at < java.len && isalnum((unsigned char)java.data[*at]); (*at)++)
        ;
    if (*at == from || isdigit((unsigned char)java.data[from])) {
        *at = from;
        return "capturing group name does not start with a Latin letter";
    }
    return *at < java.len && java.data[*at] == '>'
               ? NULL
               : "named capturing group is missing trailing '>'";
}

static const char *translate_flags(struct slice java, size_t from, size_t *at, struct buf *ret)
{
    for (*at = from; *at < java.len && is_one_of(java.data[*at], "idmsuxU-"); (*at)++)
        ;
    if (*at == java.len || !is_one_of(java.data[*at], ":)"))
        return "Unknown inline modifier";
    buf_put_text(ret, "(?");
    put_flags((struct slice){java.data + from, *at - from}, ret);
    return NULL;
}

const char *regex_group_translate(struct slice java, size_t *at, struct buf *ret)
{
    size_t from = *at + 2;
    char kind = from < java.len ? java.data[from] : '\0';
    bool looks_behind = kind == '<' && from + 1 < java.len && is_one_of(java.data[from + 1], "=!");
    const char *reason = NULL;

    if (!is_one_of(kind, ":=!><"))
        return translate_flags(java, from, at, ret);
    if (kind == '<' && !looks_behind)
        reason = pass_name(java, from + 1, at);
    if (!reason) {
        *at = from;
        buf_put_text(ret, "(?");
    }
    return reason;
}
