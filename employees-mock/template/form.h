/* application/x-www-form-urlencoded texts as java.net.URLEncoder and URLDecoder have them, and
 * WireMock's formData. Charsets: UTF-8, ISO-8859-1 and US-ASCII. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_FORM_H
#define EMPLOYEES_MOCK_TEMPLATE_FORM_H

#include "employees-mock/template/value.h"

bool form_charset_known(struct slice charset);

/* Appends. Letters, digits and ".-*_" stay, a blank becomes '+', all else %XX. */
void form_encode(struct slice text, struct slice charset, struct buf *ret);

/* Appends. ST_BAD_INPUT: a broken %XX; why->text is Java's reason. */
MUST_CHECK enum status form_decode(struct slice text, struct slice charset, struct buf *ret,
                                   struct why *why);

/* name -> ListOrSingle of trimmed values; a field without '=' or value does not count. NULL: a
 * value can't be decoded, or memory is out. */
struct value_map *form_read(struct arena *a, struct slice text, bool decode, struct slice charset,
                            struct why *why);

#endif
