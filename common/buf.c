#include "common/buf.h"

#include "common/blocks.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#ifdef __linux__
#include "common/memory.h"

#include <sys/mman.h>
#else /* the plugin: it has one thread, and its host ends it where memory is out */
#define memory_alloc  malloc
#define memory_resize realloc
#endif

enum { SMALLEST = 64, PAGE = 4096 };

bool slice_equal_nocase(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.data, b.data, a.len) == 0);
}

bool slice_starts(struct slice a, struct slice prefix)
{
    return a.len >= prefix.len && slice_equal((struct slice){a.data, prefix.len}, prefix);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice a)
{
    while (a.len > 0 && is_blank(a.data[0])) {
        a.data++;
        a.len--;
    }
    while (a.len > 0 && is_blank(a.data[a.len - 1]))
        a.len--;
    return a;
}

char *slice_dup(struct slice a)
{
    char *copy = memory_alloc(a.len + 1);

    if (!copy)
        return NULL;
    if (a.len > 0)
        memcpy(copy, a.data, a.len);
    copy[a.len] = '\0';
    return copy;
}

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf)BUF_INIT(max);
}

void buf_done(struct buf *b)
{
    blocks_leave(b->data, b->cap);
    buf_init(b, b->max);
}

void buf_free(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = ST_OK;
}

/* Large blocks in large pages, where there are any: to be given memory takes a third of the time.
 * All pages that the block touches are named, for the one with malloc's header must not differ from
 * the others: realloc moves a mapping only if it is of one kind, and copies it otherwise. */
static void ask_for_large_pages(char *data, size_t size)
{
#ifdef __linux__
    size_t before = (uintptr_t)data % PAGE;

    if (size >= BLOCK_LARGE)
        (void)madvise(data - before, (before + size + PAGE - 1) / PAGE * PAGE, MADV_HUGEPAGE);
#else
    (void)data, (void)size;
#endif
}

/* The content in a block that somebody left, if it is time for a large one. */
static char *move_to_left_block(struct buf *b, size_t *cap)
{
    char *data = b->cap < BLOCK_LARGE && *cap >= BLOCK_LARGE ? blocks_take(*cap, cap) : NULL;

    if (!data)
        return NULL;
    if (b->len > 0)
        memcpy(data, b->data, b->len);
    free(b->data);
    return data;
}

static char *enlarge(struct buf *b, size_t cap)
{
    char *data = memory_resize(b->data, cap);

    if (data)
        ask_for_large_pages(data, cap);
    return data;
}

/* One byte more than the content may need is kept for the NUL of buf_text(). */
static bool grow(struct buf *b, size_t need)
{
    size_t cap = b->cap < SMALLEST ? SMALLEST : b->cap;
    char *data = NULL;

    if (need < PTRDIFF_MAX / 2) { /* no object is larger, and the sums below can't pass SIZE_MAX */
        while (cap < need + 1)
            cap += cap / 2;
        if (cap > b->max)
            cap = b->max + 1;
        data = move_to_left_block(b, &cap);
        if (!data)
            data = enlarge(b, cap);
    }
    if (!data) {
        b->failed = ST_NO_MEMORY;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

char *buf_reserve(struct buf *b, size_t more)
{
    if (b->failed != ST_OK)
        return NULL;
    if (more > b->max || b->len > b->max - more) {
        b->failed = ST_TOO_LARGE;
        return NULL;
    }
    if (b->len + more >= b->cap && !grow(b, b->len + more))
        return NULL;
    return b->data + b->len;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    char small[256];
    char *room;
    int len;

    va_start(args, format);
    len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len < 0) {
        b->failed = ST_INTERNAL;
        return;
    }
    if ((size_t)len < sizeof small) {
        buf_put(b, small, (size_t)len);
        return;
    }
    room = buf_reserve(b, (size_t)len); /* a byte for vsnprintf's NUL is always behind it */
    if (!room)
        return;
    va_start(args, format);
    vsnprintf(room, (size_t)len + 1, format, args);
    va_end(args);
    b->len += (size_t)len;
}

const char *int_text(int64_t number, char room[INT_TEXT_SIZE])
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    char *at = room + INT_TEXT_SIZE - 1;

    *at = '\0';
    for (; rest >= 100; rest /= 100) {
        at -= 2;
        memcpy(at, pairs + rest % 100 * 2, 2);
    }
    if (rest >= 10)
        *--at = pairs[rest * 2 + 1];
    *--at = rest >= 10 ? pairs[rest * 2] : (char)('0' + rest);
    if (number < 0)
        *--at = '-';
    return at;
}

/* The sign, if it has one, stays in front of the zeros. */
static void put_padded(struct buf *b, struct slice text, int digits)
{
    if (text.data[0] == '-') {
        buf_put_char(b, '-');
        text = slice_from(text, 1);
    }
    for (int len = (int)text.len; len < digits; len++)
        buf_put_char(b, '0');
    buf_put_slice(b, text);
}

void buf_put_int(struct buf *b, int64_t number, int digits)
{
    char room[INT_TEXT_SIZE];
    const char *text = int_text(number, room);
    size_t len = (size_t)(room + INT_TEXT_SIZE - 1 - text);

    if (digits > 1)
        put_padded(b, (struct slice){text, len}, digits);
    else
        buf_put(b, text, len);
}

static void put_escape(struct buf *b, unsigned char c)
{
    static const char short_forms[] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
        ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
    };

    if (c < sizeof short_forms && short_forms[c]) {
        buf_put_char(b, '\\');
        buf_put_char(b, short_forms[c]);
    } else {
        buf_printf(b, "\\u%04x", c);
    }
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Whether one of eight bytes needs an escape: those of the word that are zero once the character is
 * taken off, or below 0x20, get their highest bit set. */
static bool any_needs_escape(const char bytes[8])
{
    const uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
    uint64_t word, quotes, slashes;

    memcpy(&word, bytes, sizeof word);
    quotes = word ^ ('"' * ones);
    slashes = word ^ ('\\' * ones);
    return ((((word - 0x20 * ones) & ~word) | ((quotes - ones) & ~quotes) |
             ((slashes - ones) & ~slashes)) &
            high) != 0;
}

/* How many bytes at the front stand for themselves. */
static size_t plain_run(struct slice text)
{
    size_t len = 0;

    while (text.len - len >= 8 && !any_needs_escape(text.data + len))
        len += 8;
    if (text.len >= 8 && text.len - len < 8 && !any_needs_escape(text.data + text.len - 8))
        return text.len; /* the last eight, some of them again */
    while (len < text.len && !needs_escape((unsigned char)text.data[len]))
        len++;
    return len;
}

/* Most strings have nothing to escape. */
static void put_plain_string(struct buf *b, struct slice text)
{
    char *to = b->data + b->len;

    to[0] = '"';
    if (text.len > 0)
        memcpy(to + 1, text.data, text.len);
    to[text.len + 1] = '"';
    b->len += text.len + 2;
}

void buf_put_json_string(struct buf *b, struct slice text)
{
    size_t run = plain_run(text);

    if (run == text.len && buf_fits(b, run + 2)) {
        put_plain_string(b, text);
        return;
    }
    buf_put_char(b, '"');
    buf_put(b, text.data, run);
    while (run < text.len) {
        put_escape(b, (unsigned char)text.data[run]);
        text = slice_from(text, run + 1);
        run = plain_run(text);
        buf_put(b, text.data, run);
    }
    buf_put_char(b, '"');
}

enum status buf_status(const struct buf *b, struct why *why)
{
    if (b->failed == ST_OK)
        return ST_OK;
    if (b->failed == ST_TOO_LARGE)
        return fail(why, ST_TOO_LARGE, "more than %zu bytes", b->max);
    return fail(why, b->failed, "%s", status_word(b->failed));
}

const char *buf_text(struct buf *b)
{
    if (!buf_reserve(b, 0))
        return NULL;
    b->data[b->len] = '\0';
    return b->data;
}

char *buf_take(struct buf *b, size_t *ret_len)
{
    char *data;

    if (!buf_text(b))
        return NULL;
    data = b->data;
    if (ret_len)
        *ret_len = b->len;
    buf_init(b, b->max);
    return data;
}
