/* Searches text many bytes at a time: SSE2 where the compiler has it, else eight bytes in a word.
 *
 * No function reads outside [p, end). */
#ifndef ENGINE_SCAN_H
#define ENGINE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static inline bool scan_is_plain(char c, char quote, char other)
{
    return (signed char)c >= 0x20 && c != quote && c != other && c != '\\';
}

/* What scan_special() stops at: everything that a JSON string must escape. */
static inline bool scan_is_special(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static inline bool scan_is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

#ifdef __SSE2__

enum { SCAN_STEP = 16 };

/* A bit for each of 16 bytes that is `quote`, `other`, a backslash, a control character, or no
 * ASCII: as signed numbers the last two are those below a blank. */
static inline unsigned scan_step_plain(const char *p, char quote, char other)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i hit = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20));

    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8(quote)));
    if (other != quote)
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8(other)));
    return (unsigned)_mm_movemask_epi8(hit);
}

static inline unsigned scan_special_in(__m128i v)
{
    __m128i hit = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);

    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    return (unsigned)_mm_movemask_epi8(hit);
}

static inline unsigned scan_step_special(const char *p)
{
    return scan_special_in(_mm_loadu_si128((const __m128i *)(const void *)p));
}

/* Of 8 bytes. */
static inline unsigned scan_half_special(const char *p)
{
    return scan_special_in(_mm_loadl_epi64((const __m128i *)(const void *)p)) & 0xff;
}

static inline unsigned scan_step_ink(const char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i blank = _mm_cmpeq_epi8(v, _mm_set1_epi8(' '));

    blank = _mm_or_si128(blank, _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
    blank = _mm_or_si128(blank, _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
    blank = _mm_or_si128(blank, _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')));
    return (unsigned)_mm_movemask_epi8(blank) ^ 0xffffu;
}

static inline unsigned scan_first(unsigned hits)
{
    return (unsigned)__builtin_ctz(hits);
}

#else

enum { SCAN_STEP = 8 };

static inline uint64_t scan_load(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

/* Not zero if a byte of the word is zero (Mycroft); exact for the lowest such byte. */
static inline uint64_t scan_zero(uint64_t word)
{
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

static inline uint64_t scan_equal(uint64_t word, char c)
{
    return scan_zero(word ^ 0x0101010101010101u * (unsigned char)c);
}

static inline uint64_t scan_below_blank(uint64_t word)
{
    return (word - 0x2020202020202020u) & ~word & 0x8080808080808080u;
}

/* Whether one of 8 bytes may be a hit; the caller then looks at each. */
static inline uint64_t scan_step_plain(const char *p, char quote, char other)
{
    uint64_t w = scan_load(p);

    return scan_below_blank(w) | (w & 0x8080808080808080u) | scan_equal(w, '\\') |
           scan_equal(w, quote) | scan_equal(w, other);
}

static inline uint64_t scan_step_special(const char *p)
{
    uint64_t w = scan_load(p);

    return scan_below_blank(w) | scan_equal(w, '\\') | scan_equal(w, '"');
}

#endif

/* The first byte that is `quote`, `other`, a backslash, a control character or no ASCII. */
static inline const char *scan_plain(const char *p, const char *end, char quote, char other)
{
    for (; end - p >= SCAN_STEP; p += SCAN_STEP) {
        if (scan_step_plain(p, quote, other) == 0)
            continue;
#ifdef __SSE2__
        return p + scan_first(scan_step_plain(p, quote, other));
#else
        break;
#endif
    }
    while (p < end && scan_is_plain(*p, quote, other))
        p++;
    return p;
}

/* The same byte, or the one behind which less than a step is left; what is before it is copied to
 * `to` in whole steps, so that less than a step behind it is overwritten. */
static inline const char *scan_copy_plain(char *to, const char *p, const char *end, char quote,
                                          char other)
{
    for (; end - p >= SCAN_STEP; p += SCAN_STEP, to += SCAN_STEP) {
        memcpy(to, p, SCAN_STEP);
        if (scan_step_plain(p, quote, other) == 0)
            continue;
#ifdef __SSE2__
        return p + scan_first(scan_step_plain(p, quote, other));
#else
        for (int i = 0; i < SCAN_STEP; i++)
            if (!scan_is_plain(p[i], quote, other))
                return p + i;
#endif
    }
    return p;
}

/* The first byte that is a control character, a double quote or a backslash. */
static inline const char *scan_special(const char *p, const char *end)
{
    for (; end - p >= SCAN_STEP; p += SCAN_STEP) {
        if (scan_step_special(p) == 0)
            continue;
#ifdef __SSE2__
        return p + scan_first(scan_step_special(p));
#else
        break;
#endif
    }
#ifdef __SSE2__
    if (end - p >= SCAN_STEP / 2) { /* dates and words are as short */
        if (scan_half_special(p) != 0)
            return p + scan_first(scan_half_special(p));
        p += SCAN_STEP / 2;
    }
#endif
    while (p < end && !scan_is_special(*p))
        p++;
    return p;
}

enum { SCAN_BLOCK = 64 };

/* A bit for each of 64 bytes that is a control character, a double quote or a backslash. */
static inline uint64_t scan_block_special(const char *p)
{
    uint64_t hits = 0;

#ifdef __SSE2__
    for (int i = 0; i < SCAN_BLOCK; i += SCAN_STEP)
        hits |= (uint64_t)scan_step_special(p + i) << i;
#else
    for (int i = 0; i < SCAN_BLOCK; i++)
        hits |= (uint64_t)scan_is_special(p[i]) << i;
#endif
    return hits;
}

/* The same in the manner of scan_copy_plain(), but `to` may be a place before p: a step or more. */
static inline const char *scan_copy_special(char *to, const char *p, const char *end)
{
    for (; end - p >= SCAN_STEP; p += SCAN_STEP, to += SCAN_STEP) {
        memcpy(to, p, SCAN_STEP);
        if (scan_step_special(p) == 0)
            continue;
#ifdef __SSE2__
        return p + scan_first(scan_step_special(p));
#else
        for (int i = 0; i < SCAN_STEP; i++)
            if (scan_is_special(p[i]))
                return p + i;
#endif
    }
    return p;
}

/* The first byte that is no JSON white space. Most tokens have none or one before them. */
static inline const char *scan_blanks(const char *p, const char *end)
{
    if (p < end && (unsigned char)*p > ' ')
        return p;
#ifdef __SSE2__
    for (; end - p >= SCAN_STEP; p += SCAN_STEP) {
        unsigned ink = scan_step_ink(p);

        if (ink != 0)
            return p + scan_first(ink);
    }
#endif
    while (p < end && scan_is_blank(*p))
        p++;
    return p;
}

#endif
