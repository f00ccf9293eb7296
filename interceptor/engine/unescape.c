#include "interceptor/engine/unescape.h"

#include "interceptor/engine/json_escape.h"
#include "interceptor/engine/scan.h"

#include <stdint.h>

/* Moves bytes towards the front; short ones through registers, all read before any is written. */
static inline char *move_front(char *to, const char *from, size_t len)
{
    uint64_t first, last;
    uint32_t head, tail;

    if (len > 16) {
        memmove(to, from, len);
    } else if (len >= 8) {
        memcpy(&first, from, 8);
        memcpy(&last, from + len - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + len - 8, &last, 8);
    } else if (len >= 4) {
        memcpy(&head, from, 4);
        memcpy(&tail, from + len - 4, 4);
        memcpy(to, &head, 4);
        memcpy(to + len - 4, &tail, 4);
    } else {
        for (size_t i = 0; i < len; i++)
            to[i] = from[i];
    }
    return to + len;
}

/* The escape at p, well-formed or a lone surrogate, written to *to; NULL: neither. */
static char *decode_rare(char *p, const char *end, char **to)
{
    char bytes[CODEPOINT_BYTES_MAX];
    size_t len;
    int code;

    if (json_escape_skip(p, end, '\'')) {
        p += json_escape_read(p, '\'', bytes, &len) - p;
    } else {
        code = end - p >= 6 && p[1] == 'u' ? json_escape_hex4(p + 2, end) : -1;
        if (code < 0)
            return NULL;
        len = codepoint_write((uint32_t)code, bytes);
        p += 6;
    }
    for (size_t i = 0; i < len; i++)
        *(*to)++ = bytes[i];
    return p;
}

/* Most are quotes. */
static inline char *decode_escape(char *p, const char *end, char **to)
{
    if (end - p < 2 || p[1] != '"')
        return decode_rare(p, end, to);
    *(*to)++ = '"';
    return p + 2;
}

/* Moves what stands before the next special byte; returns that. Runs are short: as soon as the place
 * to go to is far enough behind, they are moved in whole steps. */
static inline char *move_run(char **to, char *p, const char *end)
{
    size_t len;

    if (p - *to >= SCAN_STEP) {
        len = (size_t)(scan_copy_special(*to, p, end) - p);
        *to += len;
        p += len;
    }
    len = (size_t)(scan_special(p, end) - p);
    *to = *to == p ? p + len : move_front(*to, p, len);
    return p + len;
}

/* Whole steps; less than one behind the copy is overwritten. */
static inline char *copy_steps(char *to, const char *from, size_t len)
{
    for (size_t i = 0; i < len; i += SCAN_STEP)
        memcpy(to + i, from + i, SCAN_STEP);
    return to + len;
}

static inline bool is_raw_break(char c)
{
    return c == '\n' || c == '\r' || c == '\t';
}

/* Moves blocks in which nothing but short escapes and raw breaks is special, as nearly all are, and
 * the front of the first one where something is; returns what is not moved yet. The place to go to
 * must be a step or more behind. */
static char *move_blocks(char **to, char *p, const char *end)
{
    while (end - p >= SCAN_BLOCK + SCAN_STEP) {
        uint64_t hits = scan_block_special(p);
        char *from = p, *behind = p + SCAN_BLOCK;

        for (; hits != 0; hits &= hits - 1) {
            char *hit = p + __builtin_ctzll(hits);
            char meant = *hit == '\\' ? json_escape_short[(unsigned char)hit[1]] : '\0';

            if (is_raw_break(*hit))
                continue;
            *to = copy_steps(*to, from, (size_t)(hit - from));
            if (!meant)
                return hit;
            *(*to)++ = meant;
            from = hit + 2;
            hits &= ~((uint64_t)2 << (hit - p)); /* the character may be special itself */
        }
        if (from < behind) {
            *to = copy_steps(*to, from, (size_t)(behind - from));
            from = behind;
        }
        p = from;
    }
    return p;
}

char *unescape_unchecked(char *p, const char *end, struct slice *ret, const char **ret_fault)
{
    char *from = p, *to = p;

    while (p < end) {
        if (p - to >= SCAN_STEP)
            p = move_blocks(&to, p, end);
        p = move_run(&to, p, end);
        if (p < end && *p == '"') {
            *ret = (struct slice){from, (size_t)(to - from)};
            return p + 1;
        }
        if (p < end && *p == '\\') {
            *ret_fault = "an escape is not well-formed";
            p = decode_escape(p, end, &to);
            if (!p)
                return NULL;
        } else if (p < end && is_raw_break(*p)) {
            *to++ = *p++;
        } else if (p < end) {
            *ret_fault = "a control character in a string";
            return NULL;
        }
    }
    *ret_fault = "a string does not end";
    return NULL;
}

struct slice unescape_checked(char *text, size_t len)
{
    char *p = text, *to = text, *end = text + len;

    while (p < end) {
        char *slash = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((slash ? slash : end) - p);

        to = move_front(to, p, run);
        p += run;
        if (p < end)
            p = decode_escape(p, end, &to);
    }
    return (struct slice){text, (size_t)(to - text)};
}
