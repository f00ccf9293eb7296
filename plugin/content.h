/* What may be done with an answer's content, by its headers and its first bytes. */
#ifndef PLUGIN_CONTENT_H
#define PLUGIN_CONTENT_H

#include "common/buf.h"

enum content {
    CONTENT_JSON,    /* protected */
    CONTENT_XML,     /* protected */
    CONTENT_PASSES,  /* passes, unless it begins like data */
    CONTENT_UNKNOWN, /* refused, unless it begins like data */
    CONTENT_REFUSED, /* can't be protected, and may never end */
};

/* By the Content-Type; passes is a list of `type/subtype` in lower case, where a final `*` stands
 * for any rest. type may be empty (none was sent). */
enum content content_by_type(struct slice type, const struct slice *passes, size_t passes_count);

enum look { LOOK_BLANK, LOOK_TOO_SHORT, LOOK_JSON, LOOK_XML, LOOK_OTHER };

/* How a body begins. Byte order marks, NULs (of UTF-16) and blanks before it do not count, nor do
 * an XML declaration and comments. A page (<html>) or drawing (<svg>) is no data; under text/html
 * no other element of HTML is either, unless a declaration says that it is XML. */
enum look content_look(struct slice begin, bool is_html);

bool content_is_html(struct slice type);

#endif
