#include "employees-mock/match/xml_fault.h"

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

static int say(char words[XML_FAULT_MAX], const char *text)
{
    snprintf(words, XML_FAULT_MAX, "%s", text);
    return 0;
}

static int no_start(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    bool more = parser->input && parser->input->cur < parser->input->end;

    (void)e;
    return say(words, more ? "Content is not allowed in prolog." : "Premature end of file.");
}

static int more_behind(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    if (*here(parser) != '<')
        return say(words, "Content is not allowed in trailing section.");
    say(words, "The markup in the document following the root element must be well-formed.");
    return 1;
}

static int no_name(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    if (strstr(e->message, "EntityRef"))
        return say(words,
                   "The entity name must immediately follow the '&' in the entity reference.");
    if (parser->nameNr > 0)
        return say(words, unfinished);
    return say(words, "The markup in the document preceding the root element must be well-formed.");
}

static int wrong_end(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)parser;
    snprintf(words, XML_FAULT_MAX,
             "The element type \"%s\" must be terminated by the matching end-tag \"</%s>\".",
             e->str1, e->str1);
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
    (void)parser;
    return say(words,
               "The processing instruction target matching \"[xX][mM][lL]\" is not allowed.");
}

static int no_end(const xmlError *e, const xmlParserCtxt *parser, char words[XML_FAULT_MAX])
{
    (void)e;
    (void)parser;
    return say(words, unfinished);
}

static const struct {
    int code;
    bool has_name; /* the fault must bring one */
    explain *explain;
} known[] = {
    {XML_ERR_DOCUMENT_EMPTY, false, no_start},
    {XML_ERR_DOCUMENT_END, false, more_behind},
    {XML_ERR_NAME_REQUIRED, false, no_name},
    {XML_ERR_TAG_NAME_MISMATCH, true, wrong_end},
    {XML_NS_ERR_UNDEFINED_NAMESPACE, true, no_prefix},
    {XML_ERR_UNDECLARED_ENTITY, true, no_entity},
    {XML_WAR_UNDECLARED_ENTITY, true, no_entity},
    {XML_ERR_RESERVED_XML_NAME, false, late_declaration},
    {XML_ERR_TAG_NOT_FINISHED, false, no_end},
    {XML_ERR_GT_REQUIRED, false, no_end},
};

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
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == e->code && (!known[i].has_name || e->str1))
            f->column += known[i].explain(e, parser, f->words);
}

void xml_fault_watch(xmlParserCtxtPtr parser, struct xml_fault *f)
{
    parser->_private = f;
    parser->sax->serror = note;
}
