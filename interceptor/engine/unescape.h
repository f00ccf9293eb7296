/* Strings of a call's body, decoded where they stand: a decoded string is never longer. */
#ifndef ENGINE_UNESCAPE_H
#define ENGINE_UNESCAPE_H

#include "common/buf.h"

/* text: well-formed, between its quotes. */
struct slice unescape_checked(char *text, size_t len);

/* p: behind the opening quote. Decodes up to the closing one, and gives the place behind it. Bytes
 * that are no UTF-8 stay, and a lone surrogate becomes three such bytes, for who reads the text to
 * refuse. NULL: the string does not end, or has a control character or no escape of JSON. */
char *unescape_unchecked(char *p, const char *end, struct slice *ret, const char **ret_fault);

#endif
