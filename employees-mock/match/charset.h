/* Bytes of other charsets to UTF-8, as Java decodes them: what is no character becomes U+FFFD. */
#ifndef EMPLOYEES_MOCK_CHARSET_H
#define EMPLOYEES_MOCK_CHARSET_H

#include "common/buf.h"

#include <stdbool.h>
#include <stdint.h>

enum charset {
    CHARSET_UTF_8,
    CHARSET_ASCII,
    CHARSET_LATIN_1,
    CHARSET_WINDOWS_1252,
    CHARSET_UTF_16, /* by its byte order mark, else big endian */
    CHARSET_UTF_16BE,
    CHARSET_UTF_16LE,
    CHARSET_UTF_32, /* the same */
    CHARSET_UTF_32BE,
    CHARSET_UTF_32LE,
    CHARSET_BY_ICONV, /* this and all behind: places in a table of what iconv(3) decodes */
};

/* Whether '&', '=', '%' and letters are the bytes that they are in ASCII. */
bool charset_extends_ascii(enum charset charset);

/* The charset of a content type's "charset=" parameter; UTF-8 where it has none that is known. */
enum charset charset_of_content_type(struct slice content_type);

/* Whether its "charset=" names none, as far as can be told: neither one of those above nor one that
 * iconv(3) has. Java then gives up. */
bool charset_is_unknown(struct slice content_type);

/* Appends the text in UTF-8. */
void charset_decode(enum charset charset, struct slice bytes, struct buf *ret);

/* Appends one code point in UTF-8; no surrogates. */
void charset_put(struct buf *ret, uint32_t code);

#endif
