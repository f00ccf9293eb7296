/* Finds the country codes in a request's JSON body while it streams by: nothing is kept but the
 * codes, so that a request of any size costs the same and is not delayed.
 *
 * Only strings at the top level of an object count, under their exact names and with escapes
 * resolved. A body that is not JSON from the first byte to the last, or gives one of the names
 * twice, gives no code at all: two readers must not be able to see two countries in it. */
#ifndef PLUGIN_REQUEST_SCAN_H
#define PLUGIN_REQUEST_SCAN_H

#include "common/buf.h"

#include <stdint.h>

enum { REQUEST_SCAN_CODE_MAX = 64, REQUEST_SCAN_DEPTH_MAX = 1 << 20 };

enum request_scan_code { SCAN_COUNTRY, SCAN_OWNER, SCAN_CODES };

/* Owned by the caller; begin with all bytes zero. The fields are the scanner's own. */
struct request_scan {
    uint8_t expects;  /* enum expects: what may come next between the tokens */
    uint8_t lexeme;   /* enum lexeme: the token being read */
    uint8_t progress; /* within a literal, an escape or a number */
    uint8_t escape_value;
    bool is_code[SCAN_CODES]; /* the string now read, or the name before it */
    bool seen[SCAN_CODES];
    bool unusable; /* the text captured is too long, or not ASCII */
    const char *literal;
    uint8_t *is_object; /* a bit a level; heap */
    uint32_t levels_cap;
    uint32_t depth;
    uint32_t text_len;
    char text[REQUEST_SCAN_CODE_MAX];
    uint32_t code_len[SCAN_CODES];
    char code[SCAN_CODES][REQUEST_SCAN_CODE_MAX];
};

/* Takes the next bytes of the body. */
void request_scan_feed(struct request_scan *scan, struct slice bytes);

/* True as long as the body can still be a JSON object; false tells that the rest is of no use. */
bool request_scan_wants_more(const struct request_scan *scan);

/* The code, once the body has ended. Empty: none was given. */
struct slice request_scan_code(const struct request_scan *scan, enum request_scan_code which);

void request_scan_done(struct request_scan *scan);

#endif
