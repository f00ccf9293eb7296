/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes the first code point of the text has (1 to 4), and which it is; 0 when the text is
 * empty or does not begin with a whole one. */
size_t utf8_step(struct slice text, uint32_t *ret_code);

bool utf8_valid(struct slice text);
bool utf8_is_ascii(struct slice text);

/* Whether two valid texts are the same in any case: of the letters of ASCII, and of the Latin,
 * Greek, Cyrillic, Armenian and Georgian ones that have a counterpart of their own. */
bool utf8_equal_nocase(struct slice a, struct slice b);

/* The same for two valid texts that are the same in any case. */
uint64_t utf8_hash_nocase(struct slice text, uint64_t seed);

/* As much of the valid text's beginning as max bytes take without parting a code point. */
struct slice utf8_cut(struct slice text, size_t max);

/* Appends the text in ISO-8859-1; `other` stands for each code point that this has not, and for
 * each byte that begins none. */
void utf8_put_latin_1(struct slice text, char other, struct buf *ret);

#endif
