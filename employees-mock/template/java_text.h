/* Strings as Java counts and changes them: in UTF-16 units. Text is UTF-8; a byte that is none
 * counts as one unit. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_TEXT_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_TEXT_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* String.length(). */
size_t java_length(struct slice text);

/* The units from..to (to excluded) as bytes of the text; a surrogate pair that is cut becomes
 * '?', as Java's encoder writes it. from <= to <= java_length(). Appends. */
void java_substring(struct slice text, size_t from, size_t to, struct buf *ret);

/* toUpperCase() and toLowerCase() of Locale.ROOT. */
void java_upper(struct slice text, struct buf *ret);
void java_lower(struct slice text, struct buf *ret);

/* Of single code points. */
uint32_t java_code_upper(uint32_t code);
uint32_t java_code_lower(uint32_t code);
bool java_is_letter(uint32_t code);
bool java_is_whitespace(uint32_t code);

/* The first code point and its length in bytes (1 at least); U+FFFD for a byte that is none. */
uint32_t java_code_at(struct slice text, size_t *ret_len);
void java_put_code(uint32_t code, struct buf *ret);

/* String.trim(): without characters up to U+0020 at both ends. */
struct slice java_trim(struct slice text);
/* String.strip() and StringUtils.strip(): without white space at both ends. */
struct slice java_strip(struct slice text);

/* String.compareTo(): difference of the first differing units, or of the lengths. */
int java_compare(struct slice a, struct slice b);

/* String.replace() of literal text. An empty target stands between all units. Appends. */
void java_replace(struct slice text, struct slice target, struct slice with, struct buf *ret);

/* The first place of what at or behind from; SIZE_MAX: none. */
size_t java_find(struct slice text, struct slice what, size_t from);

#endif
