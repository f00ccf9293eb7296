#include "interceptor/engine/literal.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/json_text.h"
#include "interceptor/engine/scan.h"

static bool put(struct sink *s, struct slice text)
{
    return sink_escaped(s, text, SINK_TEXT);
}

/* Most are short, and have nothing to escape. */
static bool put_usual_string(struct sink *s, struct slice text)
{
    const char *end = text.data + text.len;

    if (text.len > SINK_CHUNK || scan_special(text.data, end) != end || !sink_room(s, text.len + 4))
        return false;
    sink_put(s, "\\\"", 2);
    sink_put(s, text.data, text.len);
    sink_put(s, "\\\"", 2);
    return true;
}

static bool write_json_string(struct sink *s, struct slice text)
{
    if (put_usual_string(s, text))
        return true;
    return put(s, SLICE("\"")) && sink_escaped(s, text, SINK_STRING) && put(s, SLICE("\""));
}

/* A token may come from an SQL data set, whose literals are not all JSON's: TRUE, .5, 007. */
static bool write_json(struct sink *s, const struct value *v)
{
    switch (v->kind) {
    case VALUE_BOOLEAN:
        return put(s, slice_equal_nocase(v->text, SLICE("true")) ? SLICE("true") : SLICE("false"));
    case VALUE_NUMBER:
        return json_text_is_number(v->text) ? put(s, v->text) : write_json_string(s, v->text);
    case VALUE_STRING:
        return write_json_string(s, v->text);
    default:
        return put(s, v->text);
    }
}

/* What XML (1.0, section 2.2) has no way to say becomes the replacement character. */
static struct slice xml_entity(unsigned char c, enum literal_style style)
{
    switch (c) {
    case '&':
        return SLICE("&amp;");
    case '<':
        return SLICE("&lt;");
    case '>':
        return SLICE("&gt;");
    case '\r':
        return SLICE("&#13;");
    case '"':
        return style == LITERAL_XML_ATTRIBUTE_2 ? SLICE("&quot;") : SLICE("\"");
    case '\'':
        return style == LITERAL_XML_ATTRIBUTE_1 ? SLICE("&apos;") : SLICE("'");
    case '\n':
        return style == LITERAL_XML_TEXT ? SLICE("\n") : SLICE("&#10;");
    case '\t':
        return style == LITERAL_XML_TEXT ? SLICE("\t") : SLICE("&#9;");
    default:
        return SLICE("\xef\xbf\xbd");
    }
}

/* The bytes of the character at p if it has to be written otherwise, or 0. U+FFFE and U+FFFF are no
 * characters in XML. */
static size_t xml_special(const char *p, const char *end)
{
    if ((unsigned char)*p < 0x20 || strchr("&<>\"'", *p))
        return 1;
    return end - p >= 3 && memcmp(p, "\xef\xbf", 2) == 0 && (unsigned char)p[2] >= 0xbe ? 3 : 0;
}

static bool write_xml(struct sink *s, enum literal_style style, struct slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    const char *from = p;

    while (p < end) {
        size_t special = xml_special(p, end);

        if (!special) {
            p++;
            continue;
        }
        if (!put(s, (struct slice){from, (size_t)(p - from)}) ||
            !put(s, xml_entity((unsigned char)*p, style)))
            return false;
        p += special;
        from = p;
    }
    return put(s, (struct slice){from, (size_t)(end - from)});
}

/* Apostrophes are doubled, and backslashes where they escape. */
static bool write_sql_text(struct sink *s, struct slice text, bool backslash)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '\'' && (text.data[i] != '\\' || !backslash))
            continue;
        if (!put(s, (struct slice){text.data + from, i + 1 - from}))
            return false;
        from = i;
    }
    return put(s, slice_from(text, from));
}

static bool write_sql(struct sink *s, const struct value *v, bool backslash)
{
    if (v->kind == VALUE_NULL)
        return put(s, SLICE("NULL"));
    if (v->kind != VALUE_STRING)
        return put(s, v->text);
    return put(s, SLICE("'")) && write_sql_text(s, v->text, backslash) && put(s, SLICE("'"));
}

bool literal_write(struct sink *s, enum literal_style style, const struct value *v)
{
    switch (style) {
    case LITERAL_JSON:
        return write_json(s, v);
    case LITERAL_SQL:
        return write_sql(s, v, false);
    case LITERAL_SQL_ESCAPED:
        return write_sql(s, v, true);
    default:
        return v->kind == VALUE_NULL || write_xml(s, style, v->text);
    }
}
