/* Why a text is no XML, in the words and with the place of Java's parser where they are known. */
#ifndef EMPLOYEES_MOCK_MATCH_XML_FAULT_H
#define EMPLOYEES_MOCK_MATCH_XML_FAULT_H

#include <libxml/parser.h>
#include <stdbool.h>

enum { XML_FAULT_MAX = 300 };

/* The first fault of a document; zeroed at first. */
struct xml_fault {
    bool namespaces; /* those of prefixes count */
    bool found;
    int line;
    int column;
    char words[XML_FAULT_MAX];
};

/* Makes the parser note its first fault, and print none; `f` outlives the parsing. */
void xml_fault_watch(xmlParserCtxtPtr parser, struct xml_fault *f);

#endif
