/* The escapes of JSON strings: \n, \u00e9, \ud83d\ude00. */
#ifndef ENGINE_JSON_ESCAPE_H
#define ENGINE_JSON_ESCAPE_H

#include "interceptor/engine/codepoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the character behind a backslash stands for; 0: it is none of the short escapes, which are
 * all but \\u and the apostrophe's. */
extern const char json_escape_short[256];

/* p: at the backslash. Behind the escape, two of them for a pair of surrogates; NULL: not
 * well-formed, or a lone surrogate. apostrophe: what \' stands for; 0: it is no escape. */
const char *json_escape_skip(const char *p, const char *end, char apostrophe);

/* The UTF-8 of a well-formed escape; returns the place behind it. */
const char *json_escape_read(const char *p, char apostrophe, char ret[CODEPOINT_BYTES_MAX],
                             size_t *ret_len);

/* Four hex digits, or -1. */
int json_escape_hex4(const char *p, const char *end);

static inline bool is_high_surrogate(int code)
{
    return code >= 0xd800 && code < 0xdc00;
}

static inline bool is_low_surrogate(int code)
{
    return code >= 0xdc00 && code < 0xe000;
}

static inline uint32_t join_surrogates(int high, int low)
{
    return 0x10000u + (((uint32_t)high & 0x3ff) << 10) + ((uint32_t)low & 0x3ff);
}

#endif
