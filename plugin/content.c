#include "plugin/content.h"

#include "plugin/text.h"

/* `application/json` of `Application/JSON; charset=utf-8`. */
static struct slice essence(struct slice type)
{
    const char *semicolon = type.len ? memchr(type.data, ';', type.len) : NULL;

    if (semicolon)
        type.len = (size_t)(semicolon - type.data);
    return slice_trim(type);
}

static bool starts_nocase(struct slice s, struct slice prefix)
{
    return s.len >= prefix.len && slice_equal_nocase((struct slice){s.data, prefix.len}, prefix);
}

static bool ends_nocase(struct slice s, struct slice suffix)
{
    return s.len >= suffix.len &&
           slice_equal_nocase((struct slice){s.data + s.len - suffix.len, suffix.len}, suffix);
}

static bool matches(struct slice type, struct slice pattern)
{
    if (pattern.len > 0 && pattern.data[pattern.len - 1] == '*')
        return starts_nocase(type, (struct slice){pattern.data, pattern.len - 1});
    return slice_equal_nocase(type, pattern);
}

bool content_is_html(struct slice type)
{
    return slice_equal_nocase(essence(type), SLICE("text/html"));
}

enum content content_by_type(struct slice type, const struct slice *passes, size_t passes_count)
{
    type = essence(type);
    if (slice_equal_nocase(type, SLICE("application/json")) || ends_nocase(type, SLICE("+json")))
        return CONTENT_JSON;
    if (slice_equal_nocase(type, SLICE("application/xml")) ||
        slice_equal_nocase(type, SLICE("text/xml")))
        return CONTENT_XML;
    for (size_t i = 0; i < passes_count; i++) {
        if (matches(type, passes[i]))
            return CONTENT_PASSES;
    }
    if (ends_nocase(type, SLICE("+xml")))
        return CONTENT_XML;
    if (slice_equal_nocase(type, SLICE("text/event-stream")))
        return CONTENT_REFUSED;
    return type.len == 0 || starts_nocase(type, SLICE("text/")) ? CONTENT_UNKNOWN : CONTENT_REFUSED;
}

/* ---- the first bytes ---- */

/* The parts of byte order marks count as blanks: no text of a kind that passes begins with them. */
static bool is_void(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0' || c >= 0xfe || c == 0xef ||
           c == 0xbb || c == 0xbf;
}

static struct slice skip_void(struct slice s)
{
    while (s.len > 0 && is_void((unsigned char)*s.data)) {
        s.data++;
        s.len--;
    }
    return s;
}

/* What follows the mark, or nothing when it is not there yet. */
static struct slice behind(struct slice s, struct slice mark)
{
    for (size_t i = 0; i + mark.len <= s.len; i++) {
        if (memcmp(s.data + i, mark.data, mark.len) == 0)
            return slice_from(s, i + mark.len);
    }
    return (struct slice){NULL, 0};
}

/* True as long as s, however short, does not differ from the prefix. */
static bool may_start(struct slice s, struct slice prefix)
{
    size_t len = s.len < prefix.len ? s.len : prefix.len;

    return slice_equal_nocase((struct slice){s.data, len}, (struct slice){prefix.data, len});
}

/* A `[` opens an array, a line of a log ([INFO]) or a selector of a style sheet ([hidden]). */
static enum look look_at_bracket(struct slice s)
{
    static const struct slice literals[] = {{"true", 4}, {"false", 5}, {"null", 4}};

    s = skip_void(slice_from(s, 1));
    if (s.len == 0)
        return LOOK_TOO_SHORT;
    if (text_is_digit(*s.data) || strchr("{[]\"'-", *s.data))
        return LOOK_JSON;
    for (size_t i = 0; i < sizeof literals / sizeof literals[0]; i++) {
        if (may_start(s, literals[i]))
            return s.len < literals[i].len ? LOOK_TOO_SHORT : LOOK_JSON;
    }
    return LOOK_OTHER;
}

static bool is_name_byte(char c)
{
    return (text_lower(c) >= 'a' && text_lower(c) <= 'z') || text_is_digit(c) || (c & 0x80) ||
           c == '_' || c == ':' || c == '-' || c == '.';
}

/* Elements of HTML that a page or a fragment of one may begin with; any with a hyphen is one too. */
static bool is_html_element(struct slice name)
{
    static const char elements[] =
        " a abbr address article aside audio b base blockquote body br button canvas caption center "
        "code col dd details dialog div dl dt em embed fieldset figure font footer form frameset h1 "
        "h2 h3 h4 h5 h6 head header hr i iframe img input label legend li link main map menu meta "
        "nav noscript object ol option p picture pre script section select small span strong style "
        "sub summary sup table tbody td template textarea tfoot th thead title tr u ul video ";
    const char *at = elements;

    if (name.len > 0 && memchr(name.data, '-', name.len))
        return true;
    while (*++at) {
        const char *blank = strchr(at, ' ');

        if (slice_equal_nocase(name, (struct slice){at, (size_t)(blank - at)}))
            return true;
        at = blank;
    }
    return false;
}

/* The name of the root element or document type. */
static enum look look_at_root(struct slice s, bool may_be_page)
{
    size_t len = 0;

    while (len < s.len && is_name_byte(s.data[len]))
        len++;
    if (len == 0 || text_is_digit(*s.data) || *s.data == '-' || *s.data == '.')
        return s.len == 0 ? LOOK_TOO_SHORT : LOOK_OTHER;
    if (len == s.len)
        return LOOK_TOO_SHORT;
    s.len = len;
    if (may_be_page && is_html_element(s))
        return LOOK_OTHER;
    if (slice_equal_nocase(s, SLICE("html")) || slice_equal_nocase(s, SLICE("svg")))
        return LOOK_OTHER;
    return LOOK_XML;
}

static enum look look_at_markup(struct slice s, bool is_html)
{
    static const struct slice comment = {"<!--", 4}, type = {"<!doctype", 9};
    bool declared = false;

    for (; s.len >= 2; s = skip_void(s)) {
        if (s.data[0] != '<')
            return LOOK_OTHER;
        if (s.data[1] == '?') {
            declared = true;
            s = behind(s, SLICE("?>"));
        } else if (s.data[1] != '!') {
            return look_at_root(slice_from(s, 1), is_html && !declared);
        } else if (may_start(s, comment)) {
            s = s.len < comment.len ? slice_from(s, s.len) : behind(s, SLICE("-->"));
        } else if (!may_start(s, type)) {
            return LOOK_OTHER;
        } else if (s.len < type.len) {
            return LOOK_TOO_SHORT;
        } else {
            return look_at_root(skip_void(slice_from(s, type.len)), is_html && !declared);
        }
    }
    return LOOK_TOO_SHORT;
}

enum look content_look(struct slice begin, bool is_html)
{
    begin = skip_void(begin);
    if (begin.len == 0)
        return LOOK_BLANK;
    switch (*begin.data) {
    case '{':
        return LOOK_JSON;
    case '[':
        return look_at_bracket(begin);
    case '<':
        return look_at_markup(begin, is_html);
    default:
        return LOOK_OTHER;
    }
}
