#include "employees-mock/match/xml_placeholder.h"

#include "employees-mock/match/regex.h"

#include <ctype.h>
#include <stdlib.h>

struct xml_placeholder {
    struct regex *whole;  /* group 1 is all of it */
    size_t content_group; /* behind the groups that the opening delimiter has */
    struct regex *arguments;
};

void xml_placeholder_free(struct xml_placeholder *p)
{
    if (!p)
        return;
    regex_free(p->whole);
    regex_free(p->arguments);
    free(p);
}

static enum status find_content_group(const char *opening, struct xml_placeholder *p,
                                      struct why *why)
{
    auto_regex struct regex *re = NULL;
    enum status st = regex_compile(slice_of(opening ? opening : ""), 0, &re, why);

    if (st == ST_OK)
        p->content_group = 2 + regex_group_count(re);
    if (st == ST_OK && p->content_group >= REGEX_GROUPS_MAX)
        return fail(why, ST_BAD_INPUT, "the delimiter has too many groups");
    return st;
}

enum status xml_placeholder_compile(const char *opening, const char *closing,
                                    struct xml_placeholder **ret, struct why *why)
{
    struct xml_placeholder *p = calloc(1, sizeof *p);
    auto_buf struct buf pattern = BUF_INIT(16384);
    enum status st;

    if (!p)
        return fail_memory(why);
    buf_printf(&pattern, "(\\s*%s\\s*xmlunit\\.(.+)\\s*%s\\s*)",
               opening && opening[0] ? opening : "\\$\\{", closing && closing[0] ? closing : "\\}");
    st = buf_status(&pattern, why);
    if (st == ST_OK)
        st = regex_compile(buf_slice(&pattern), 0, &p->whole, why);
    if (st == ST_OK)
        st = find_content_group(opening, p, why);
    if (st == ST_OK)
        st = regex_compile(SLICE("(.*)\\s*\\((.+)\\s*\\)\\s*"), 0, &p->arguments, why);
    if (st != ST_OK) {
        xml_placeholder_free(p);
        return st;
    }
    *ret = p;
    return ST_OK;
}

/* ---- handlers: whether the actual text is what the placeholder stands for ---- */

static enum xml_placeholder_verdict verdict(bool equal)
{
    return equal ? XML_PLACEHOLDER_EQUAL : XML_PLACEHOLDER_DIFFERENT;
}

static enum xml_placeholder_verdict ignore(struct slice argument, struct slice actual)
{
    (void)argument;
    (void)actual;
    return XML_PLACEHOLDER_EQUAL;
}

static enum xml_placeholder_verdict finds(struct slice pattern, struct slice text)
{
    auto_regex struct regex *re = NULL;
    struct regex_found found;
    bool is_there = false;

    if (regex_compile(pattern, 0, &re, NULL) != ST_OK)
        return XML_PLACEHOLDER_BROKEN;
    return verdict(regex_find(re, text, 0, &found, &is_there, NULL) == ST_OK && is_there);
}

static enum xml_placeholder_verdict is_number(struct slice argument, struct slice actual)
{
    (void)argument;
    if (!actual.data)
        return XML_PLACEHOLDER_DIFFERENT;
    return finds(SLICE("^[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?$"), slice_trim(actual));
}

static enum xml_placeholder_verdict matches_regex(struct slice argument, struct slice actual)
{
    if (!actual.data || argument.len == 0)
        return XML_PLACEHOLDER_DIFFERENT;
    return finds(slice_trim(argument), slice_trim(actual));
}

static size_t run_length(struct slice pattern, size_t at)
{
    size_t end = at;

    while (end < pattern.len && pattern.data[end] == pattern.data[at])
        end++;
    return end - at;
}

static bool is_number_letter(char c, size_t count)
{
    return c && (strchr("yYdDHhkKmsSFwWu", c) || (c == 'M' && count <= 2));
}

/* One letter of a date pattern as a regular expression; numbers that stand side by side have as
 * many digits as letters. */
static void put_letters(struct slice pattern, size_t at, size_t count, struct buf *ret)
{
    char c = pattern.data[at];
    size_t behind = at + count;
    bool next_is_number =
        behind < pattern.len && is_number_letter(pattern.data[behind], run_length(pattern, behind));

    if (is_number_letter(c, count) && next_is_number)
        buf_printf(ret, "\\d{%zu}", count);
    else if (is_number_letter(c, count))
        buf_put_text(ret, "\\s*-?\\d+");
    else if (c == 'M' || c == 'L' || c == 'E')
        buf_put_text(ret, "[A-Za-z]+");
    else if (c == 'a')
        buf_put_text(ret, "(?:AM|PM|am|pm)");
    else if (c == 'Z' || c == 'X' || c == 'z')
        buf_put_text(ret, "(?:Z|(?:GMT|UTC)?[+-]\\d{1,2}:?\\d{0,2}|[A-Z]{3,4})");
    else
        buf_put_text(ret, "(?!)");
}

/* SimpleDateFormat.parse() takes days and months beyond their range, and does not look at what
 * stands behind the date: a regular expression of the pattern tells the same. */
static void put_date_regex(struct slice pattern, struct buf *ret)
{
    bool quoted = false;

    buf_put_char(ret, '^');
    for (size_t at = 0; at < pattern.len;) {
        char c = pattern.data[at];
        size_t count = run_length(pattern, at);

        if (c == '\'') {
            quoted = !quoted;
            count = 1;
        } else if (!quoted && isalpha((unsigned char)c)) {
            put_letters(pattern, at, count, ret);
        } else {
            count = 1;
            if (!isalnum((unsigned char)c) && (unsigned char)c < 0x80)
                buf_put_char(ret, '\\');
            buf_put_char(ret, c);
        }
        at += count;
    }
}

static enum xml_placeholder_verdict is_date_time(struct slice argument, struct slice actual)
{
    auto_buf struct buf regex = BUF_INIT(64 << 10);

    if (!actual.data || actual.len == 0)
        return XML_PLACEHOLDER_DIFFERENT;
    if (!argument.data)
        return finds(SLICE("^\\s*(?:\\d+-\\d+-\\d+|\\d+/\\d+/\\d+)"), actual);
    put_date_regex(argument, &regex);
    return buf_text(&regex) ? finds(buf_slice(&regex), actual) : XML_PLACEHOLDER_BROKEN;
}

static const struct {
    const char *name;
    enum xml_placeholder_verdict (*check)(struct slice argument, struct slice actual);
} handlers[] = {
    {"ignore", ignore},
    {"isNumber", is_number},
    {"matchesRegex", matches_regex},
    {"isDateTime", is_date_time},
};

/* Of several arguments the first counts. */
static struct slice first_argument(struct slice arguments)
{
    const char *comma = memchr(arguments.data, ',', arguments.len);

    return (struct slice){arguments.data, comma ? (size_t)(comma - arguments.data) : arguments.len};
}

enum xml_placeholder_verdict xml_placeholder_check(const struct xml_placeholder *p,
                                                   struct slice expected, struct slice actual)
{
    struct regex_found found;
    struct regex_found parts;
    struct slice keyword;
    struct slice argument = {NULL, 0};
    bool is_there = false;

    if (regex_find(p->whole, expected, 0, &found, &is_there, NULL) != ST_OK || !is_there)
        return XML_PLACEHOLDER_NONE;
    keyword = slice_trim(found.groups[p->content_group]);
    if (regex_find(p->arguments, keyword, 0, &parts, &is_there, NULL) == ST_OK && is_there) {
        argument = first_argument(parts.groups[2]);
        keyword = slice_trim(parts.groups[1]);
    }
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
        if (!slice_is(keyword, handlers[i].name))
            continue;
        if (!slice_equal(slice_trim(found.groups[1]), slice_trim(expected)))
            return XML_PLACEHOLDER_BROKEN;
        return handlers[i].check(argument, actual);
    }
    return XML_PLACEHOLDER_NONE;
}
