/* formatJson, formatXml: a block, or a parameter, laid out. */
#include "employees-mock/template/helper.h"

#include "employees-mock/match/json_loose.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/json_text.h"
#include "employees-mock/template/render.h"
#include "employees-mock/template/xml_format.h"

/* Jackson's words, by its other reader. */
static struct value throw_no_json(struct call *c, struct slice text)
{
    auto_buf struct buf words = BUF_INIT(8192);

    json_loose_explain(text, &(struct json_fault){.words = &words});
    if (words.len == 0)
        buf_put_text(&words, "it is no JSON");
    return call_throw(c, "wiremock.com.fasterxml.jackson.core.%s: %s",
                      slice_starts(buf_slice(&words), SLICE("Unexpected end-of-input"))
                          ? "io.JsonEOFException"
                          : "JsonParseException",
                      buf_text(&words) ? words.data : "");
}

static struct value format_json(struct call *c, struct slice text, bool pretty)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);
    struct value v;

    if (!json_text_read(call_arena(c), text, &v, NULL))
        return pretty ? throw_no_json(c, text)
                      : call_error(c, "There was an error parsing the json. Please make sure the "
                                      "json is valid");
    value_write_json(v, pretty ? FORM_PRETTY | FORM_NULLS | FORM_PLAIN : FORM_NULLS, &out);
    return call_string(c, &out);
}

static struct value format_xml(struct call *c, struct slice text, bool pretty)
{
    auto_buf struct buf out = CALL_BUF_INIT(c);

    if (xml_format(text, pretty, &out, NULL) != ST_OK)
        return call_error(c, "Input is not valid XML");
    return call_string(c, &out);
}

/* What is laid out; nothing where there is none. */
static struct slice text_of(struct call *c)
{
    if (c->block)
        return java_trim(call_body_text(c));
    return c->context.kind == V_STRING ? java_trim(c->context.text) : SLICE("");
}

/* False: it is none of the two, which was told in *ret_refusal. */
static bool read_style(struct call *c, const char *helper, bool *ret_pretty,
                       struct value *ret_refusal)
{
    struct value style = call_hash(c, "format");
    struct slice name = value_is_null(style) ? SLICE("pretty") : call_text(c, style);
    bool text = style.kind == V_STRING || value_is_null(style);

    *ret_pretty = slice_is(name, "pretty");
    if (text && (*ret_pretty || slice_is(name, "compact")))
        return true;
    if (text)
        *ret_refusal = call_error(c, "%s: format [%.*s] should be one of [pretty, compact]", helper,
                                  SHOW(name));
    else
        *ret_refusal = call_error(c,
                                  "%s: format [%.*s] of type [%s should be a Format or a String "
                                  "and one of [pretty, compact]]",
                                  helper, SHOW(name), value_class(style));
    return false;
}

static struct value run_format(struct call *c, const char *helper, const char *language,
                               struct value (*format)(struct call *c, struct slice text,
                                                      bool pretty))
{
    struct slice text = text_of(c);
    struct value refusal;
    bool pretty;

    if (text.len == 0)
        return call_error(c,
                          "%s should take a block of %s to format or a single parameter of type "
                          "String",
                          helper, language);
    return read_style(c, helper, &pretty, &refusal) ? format(c, text, pretty) : refusal;
}

static struct value run_format_json(struct call *c)
{
    return run_format(c, "formatJson", "JSON", format_json);
}

static struct value run_format_xml(struct call *c)
{
    return run_format(c, "formatXml", "XML", format_xml);
}

const struct helper helpers_pretty[] = {
    {.name = "formatJson", .run = run_format_json},
    {.name = "formatXml", .run = run_format_xml},
    {.name = NULL},
};
