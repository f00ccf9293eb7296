#include "employees-mock/match/xml_fault.h"

#include "common/buf.h"
#include "common/utf8.h"

#include <stdio.h>
#include <string.h>

static const char unfinished[] =
    "XML document structures must start and end within the same entity.";

/* What each of these makes of the parser's fault: words, and how far the place moves. */
typedef int explain(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX]);

static const char *here(const xmlParserCtxt *parser)
{
    return parser->input && parser->input->cur ? (const char *)parser->input->cur : "";
}

static bool at_end(const xmlParserCtxt *parser)
{
    return parser->input && parser->input->cur >= parser->input->end;
}

static int say(char words[XML_FAULT_MAX], const char *text)
{
    snprintf(words, XML_FAULT_MAX, "%s", text);
    return 0;
}

/* The start tag that the parser is in, from behind its '<'; empty where it is in none. */
static struct slice open_tag(const xmlParserCtxt *parser)
{
    const char *end = here(parser);
    const char *at = end;

    if (!parser->input)
        return (struct slice){"", 0};
    while (at > (const char *)parser->input->base && at[-1] != '<' && at[-1] != '>')
        at--;
    if (at == (const char *)parser->input->base || at[-1] == '>' || strchr("/!? ", *at))
        return (struct slice){"", 0};
    return (struct slice){at, (size_t)(end - at)};
}

static int name_len(struct slice tag)
{
    size_t len = 0;

    while (len < tag.len && !strchr(" \t\r\n/>=", tag.data[len]))
        len++;
    return (int)len;
}

static int wrong_in_tag(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);

    (void)e;
    if (tag.len == 0)
        return 0;
    if (here(parser)[0] == '/' && here(parser)[1] == '\0')
        return say(words, unfinished);
    snprintf(words, XML_FAULT_MAX,
             "Element type \"%.*s\" must be followed by either attribute specifications, \">\" or "
             "\"/>\".",
             name_len(tag), tag.data);
    return 0;
}

/* The name of the attribute whose value the tag ends in. */
static struct slice last_attribute(struct slice tag)
{
    size_t end = tag.len;
    size_t start;

    while (end > 0 && tag.data[end - 1] != '=')
        end--;
    while (end > 0 && strchr(" \t\r\n=", tag.data[end - 1]))
        end--;
    for (start = end; start > 0 && !strchr(" \t\r\n", tag.data[start - 1]);)
        start--;
    return (struct slice){tag.data + start, end - start};
}

static int no_quote(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);
    struct slice attribute = last_attribute(tag);

    (void)e;
    snprintf(words, XML_FAULT_MAX,
             "Open quote is expected for attribute \"%.*s\" associated with an  element type  "
             "\"%.*s\".",
             (int)attribute.len, attribute.data, name_len(tag), tag.data);
    return 0;
}

static int less_than_inside(const xmlError *e, const xmlParserCtxt *parser,
                            char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);
    struct slice attribute = last_attribute(tag);

    (void)e;
    snprintf(words, XML_FAULT_MAX,
             "The value of attribute \"%.*s\" associated with an element type \"%.*s\" must not "
             "contain the '<' character.",
             (int)attribute.len, attribute.data, name_len(tag), tag.data);
    return 0;
}

static int no_value(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);

    snprintf(words, XML_FAULT_MAX,
             "Attribute name \"%s\" associated with an element type \"%.*s\" must be followed by "
             "the ' = ' character.",
             e->str1, name_len(tag), tag.data);
    return 0;
}

static int twice(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);

    snprintf(words, XML_FAULT_MAX,
             "Attribute \"%s%s%s\" was already specified for element \"%.*s\".",
             e->str2 ? e->str2 : "", e->str2 ? ":" : "", e->str1, name_len(tag), tag.data);
    return 0;
}

static int no_semicolon(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    const char *end = here(parser);
    const char *at = end;

    (void)e;
    while (parser->input && at > (const char *)parser->input->base && at[-1] != '&')
        at--;
    snprintf(words, XML_FAULT_MAX,
             "The reference to entity \"%.*s\" must end with the ';' delimiter.", (int)(end - at),
             at);
    return 0;
}

static int cdata_end(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    (void)parser;
    return say(words, "The character sequence \"]]>\" must not appear in content unless used to "
                      "mark the end of a CDATA section.");
}

static int wrong_char(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    struct slice tag = open_tag(parser);
    struct slice attribute = last_attribute(tag);
    uint32_t code = (uint32_t)e->int1;

    if (tag.len > 0) { /* the parser stands before the character, and does not tell it */
        utf8_step(slice_of(here(parser)), &code);
        snprintf(words, XML_FAULT_MAX,
                 "An invalid XML character (Unicode: 0x%x) was found in the value of attribute "
                 "\"%.*s\" and element is \"%.*s\".",
                 code, (int)attribute.len, attribute.data, name_len(tag), tag.data);
    } else {
        snprintf(words, XML_FAULT_MAX,
                 "An invalid XML character (Unicode: 0x%x) was found in the element content of "
                 "the document.",
                 code);
    }
    return 0;
}

static int no_start(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    return say(words,
               at_end(parser) ? "Premature end of file." : "Content is not allowed in prolog.");
}

static int more_behind(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    if (*here(parser) != '<')
        return say(words, "Content is not allowed in trailing section.");
    if (parser->input->cur + 1 >= parser->input->end)
        return say(words, unfinished);
    say(words, "The markup in the document following the root element must be well-formed.");
    return 1;
}

static int no_name(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    if (strstr(e->message, "EntityRef"))
        return say(words,
                   "The entity name must immediately follow the '&' in the entity reference.");
    if (open_tag(parser).len > 0 && name_len(open_tag(parser)) > 0)
        return wrong_in_tag(e, parser, words);
    if (parser->nameNr > 0)
        return say(words, "The content of elements must consist of well-formed character data or "
                          "markup.");
    return say(words, "The markup in the document preceding the root element must be well-formed.");
}

static int no_such_end(const xmlParserCtxt *parser, const char *name, char words[XML_FAULT_MAX])
{
    const xmlNs *ns = parser->node ? parser->node->ns : NULL;
    const char *prefix = ns && ns->prefix ? (const char *)ns->prefix : "";
    const char *colon = *prefix ? ":" : "";

    snprintf(words, XML_FAULT_MAX,
             "The element type \"%s%s%s\" must be terminated by the matching end-tag "
             "\"</%s%s%s>\".",
             prefix, colon, name, prefix, colon, name);
    return 0;
}

static int wrong_end(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    no_such_end(parser, e->str1, words);
    return -(int)strlen(e->str2 ? e->str2 : "") - 1;
}

static int no_prefix(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    if (e->str3)
        snprintf(words, XML_FAULT_MAX,
                 "The prefix \"%s\" for attribute \"%s:%s\" associated with an element type \"%s\" "
                 "is not bound.",
                 e->str1, e->str1, e->str2, e->str3);
    else
        snprintf(words, XML_FAULT_MAX, "The prefix \"%s\" for element \"%s:%s\" is not bound.",
                 e->str1, e->str1, e->str2);
    return *here(parser) == '/' ? 2 : 1;
}

static int no_entity(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)parser;
    snprintf(words, XML_FAULT_MAX, "The entity \"%s\" was referenced, but not declared.", e->str1);
    return 0;
}

static int late_declaration(const xmlError *e, const xmlParserCtxt *parser,
                            char words[XML_FAULT_MAX])
{
    (void)e;
    if (at_end(parser))
        return say(words, "Premature end of file.");
    return say(words,
               "The processing instruction target matching \"[xX][mM][lL]\" is not allowed.");
}

/* Of a start tag that does not end, or of an end tag. */
static int no_end(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    const char *at = here(parser);

    (void)e;
    if (!parser->name || !at_end(parser)) {
        snprintf(words, XML_FAULT_MAX,
                 "The end-tag for element type \"%s\" must end with a '>' delimiter.",
                 parser->name ? (const char *)parser->name : "");
        return 0;
    }
    if (at - (const char *)parser->input->base > 2 && strncmp(at - 2, "</", 2) == 0)
        return no_such_end(parser, (const char *)parser->name, words);
    return say(words, unfinished);
}

static int hyphens(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    (void)parser;
    return say(words, "The string \"--\" is not permitted within comments.");
}

static const struct {
    int code;
    bool has_name;    /* the fault must bring one */
    bool goes_to_end; /* stands also where the text ends; others are then unfinished */
    explain *explain;
} known[] = {
    {XML_ERR_DOCUMENT_EMPTY, false, true, no_start},
    {XML_ERR_DOCUMENT_END, false, false, more_behind},
    {XML_ERR_NAME_REQUIRED, false, false, no_name},
    {XML_ERR_TAG_NAME_MISMATCH, true, true, wrong_end},
    {XML_NS_ERR_UNDEFINED_NAMESPACE, true, true, no_prefix},
    {XML_NS_ERR_QNAME, false, true, wrong_in_tag},
    {XML_ERR_UNDECLARED_ENTITY, true, true, no_entity},
    {XML_WAR_UNDECLARED_ENTITY, true, true, no_entity},
    {XML_ERR_ENTITYREF_SEMICOL_MISSING, false, false, no_semicolon},
    {XML_ERR_RESERVED_XML_NAME, false, true, late_declaration},
    {XML_ERR_TAG_NOT_FINISHED, false, true, no_end},
    {XML_ERR_GT_REQUIRED, false, true, no_end},
    {XML_ERR_SPACE_REQUIRED, false, false, wrong_in_tag},
    {XML_ERR_ATTRIBUTE_NOT_STARTED, false, false, no_quote},
    {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, true, false, no_value},
    {XML_ERR_ATTRIBUTE_REDEFINED, true, false, twice},
    {XML_ERR_LT_IN_ATTRIBUTE, false, false, less_than_inside},
    {XML_ERR_MISPLACED_CDATA_END, false, true, cdata_end},
    {XML_ERR_INVALID_CHAR, false, true, wrong_char},
    {XML_ERR_HYPHEN_IN_COMMENT, false, false, hyphens},
};

static int explain_fault(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == e->code && (!known[i].has_name || e->str1) &&
            (known[i].goes_to_end || !at_end(parser)))
            return known[i].explain(e, parser, words);
    return at_end(parser) && e->domain == XML_FROM_PARSER ? say(words, unfinished) : 0;
}

static void note(void *context, xmlErrorPtr e)
{
    xmlParserCtxtPtr parser = e->ctxt;
    struct xml_fault *f = parser ? parser->_private : NULL;

    (void)context;
    if (!f || f->found || e->level == XML_ERR_WARNING || !e->message ||
        (e->domain == XML_FROM_NAMESPACE && !f->namespaces))
        return;
    f->found = true;
    f->line = e->line;
    f->column = e->int2;
    snprintf(f->words, sizeof f->words, "%s", e->message);
    f->words[strcspn(f->words, "\n")] = '\0';
    f->column += explain_fault(e, parser, f->words);
}

void xml_fault_watch(xmlParserCtxtPtr parser, struct xml_fault *f)
{
    parser->_private = f;
    parser->sax->serror = note;
}
