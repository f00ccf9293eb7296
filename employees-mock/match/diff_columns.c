#include "employees-mock/match/diff_columns.h"

#include <stdbool.h>
#include <stdlib.h>

enum { WRAPPED_MAX = 64 << 20 };

static size_t middle(const struct columns *c)
{
    return c->width / 2 - 1;
}

static void put_times(struct buf *ret, char what, size_t count)
{
    while (count-- > 0)
        buf_put_char(ret, what);
}

/* How many of Java's characters a code point is that begins with this byte; 0: none begins. */
static size_t java_chars(char byte)
{
    unsigned char c = (unsigned char)byte;

    return (c & 0xC0) == 0x80 ? 0 : (c & 0xF8) == 0xF0 ? 2 : 1;
}

static size_t width_of(struct slice text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += java_chars(text.data[i]);
    return count;
}

static void put_padded(struct buf *ret, struct slice text, size_t width)
{
    size_t own = width_of(text);

    buf_put_slice(ret, text);
    put_times(ret, ' ', own < width ? width - own : 0);
}

static void put_single(const struct columns *c, struct slice left, struct slice right,
                       struct slice message)
{
    put_padded(c->ret, left, middle(c) + 1);
    buf_put_char(c->ret, '|');
    if (right.len > 0)
        buf_put_char(c->ret, ' ');
    if (message.data && message.len > 0) {
        put_padded(c->ret, right, right.len > 0 ? middle(c) - 6 : middle(c) - 5);
        buf_put_text(c->ret, "<<<<< ");
        buf_put_slice(c->ret, message);
    } else {
        buf_put_slice(c->ret, right);
    }
    buf_put_char(c->ret, '\n');
}

void columns_blank(const struct columns *c)
{
    put_single(c, (struct slice){"", 0}, (struct slice){"", 0}, (struct slice){NULL, 0});
}

void columns_header(const struct columns *c)
{
    static const char title[] = "Request was not matched";
    size_t left = middle(c) - (sizeof title - 1) / 2;

    buf_put_char(c->ret, '\n');
    put_times(c->ret, ' ', left);
    buf_put_text(c->ret, title);
    buf_put_char(c->ret, '\n');
    put_times(c->ret, ' ', left);
    put_times(c->ret, '=', sizeof title - 1);
    buf_put_text(c->ret, "\n\n");
    put_times(c->ret, '-', c->width);
    buf_put_text(c->ret, "\n|");
    put_padded(c->ret, SLICE(" Closest stub"), middle(c));
    buf_put_char(c->ret, '|');
    put_padded(c->ret, SLICE(" Request"), middle(c));
    buf_put_text(c->ret, "|\n");
    put_times(c->ret, '-', c->width);
    buf_put_char(c->ret, '\n');
    columns_blank(c);
}

void columns_footer(const struct columns *c)
{
    put_times(c->ret, '-', c->width);
    buf_put_char(c->ret, '\n');
}

/* ---- wrapping ---- */

/* The byte place `count` of Java's characters behind `from`, or the end; no code point is cut. */
static size_t skip_chars(struct slice text, size_t from, size_t count)
{
    while (from < text.len && count > 0) {
        size_t own = java_chars(text.data[from++]);

        while (from < text.len && java_chars(text.data[from]) == 0)
            from++;
        count -= own < count ? own : count;
    }
    return from;
}

/* Breaks at the last blank that leaves no more than `limit`, or in the middle of a word; a line
 * break in the text counts like a letter, as in the commons library that WireMock took this from.
 */
static void wrap(struct slice text, size_t limit, struct buf *ret)
{
    size_t at = 0;

    while (at < text.len) {
        size_t end = skip_chars(text, at, limit);
        size_t last = skip_chars(text, end, 1);
        size_t blank = text.len;

        if (text.data[at] == ' ') {
            at++;
            continue;
        }
        if (end == text.len)
            break;
        for (size_t i = at; i < last; i++)
            blank = text.data[i] == ' ' ? i : blank;
        if (blank < text.len) {
            buf_put(ret, text.data + at, blank - at);
            at = blank + 1;
        } else {
            buf_put(ret, text.data + at, end - at);
            at = end;
        }
        buf_put_char(ret, '\n');
    }
    buf_put(ret, text.data + at, text.len - at);
}

static size_t longest_line(struct slice text)
{
    size_t longest = 0;
    size_t from = 0;

    while (from < text.len) {
        const char *newline = memchr(text.data + from, '\n', text.len - from);
        size_t end = newline ? (size_t)(newline - text.data) : text.len;
        size_t width = width_of((struct slice){text.data + from, end - from});

        longest = width > longest ? width : longest;
        from = end + 1;
    }
    return longest;
}

static bool is_blank_line(struct slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    }
    return true;
}

/* Wrapped text loses the lines that are blank, but for one at its end. */
static void drop_blank_lines(struct slice text, struct buf *ret)
{
    size_t from = 0;

    while (from < text.len) {
        const char *newline = memchr(text.data + from, '\n', text.len - from);
        size_t end = newline ? (size_t)(newline - text.data) : text.len;
        struct slice line = {text.data + from, end - from};

        if (!newline || !is_blank_line(line)) {
            buf_put_slice(ret, line);
            if (newline)
                buf_put_char(ret, '\n');
        }
        from = end + 1;
    }
}

/* Without the carriage returns of line breaks, wrapped where a line is too long. */
static void put_wrapped(const struct columns *c, struct slice text, struct buf *ret)
{
    auto_buf struct buf plain = BUF_INIT(WRAPPED_MAX);
    auto_buf struct buf wrapped = BUF_INIT(WRAPPED_MAX);

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '\r' || i + 1 == text.len || text.data[i + 1] != '\n')
            buf_put_char(&plain, text.data[i]);
    }
    if (longest_line(buf_slice(&plain)) <= c->width / 2 - 2) {
        buf_put_slice(ret, buf_slice(&plain));
        return;
    }
    wrap(buf_slice(&plain), c->width / 2 - 2, &wrapped);
    drop_blank_lines(buf_slice(&wrapped), ret);
}

/* The next line of what is left; empty when there is none. */
static struct slice next_line(struct slice *rest)
{
    const char *newline = rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
    struct slice line = {rest->data, newline ? (size_t)(newline - rest->data) : rest->len};

    rest->data += line.len + (newline != NULL);
    rest->len -= line.len + (newline != NULL);
    return line;
}

/* Java's split() forgets the empty lines at the end. */
static struct slice without_last_breaks(struct slice text)
{
    while (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    return text;
}

void columns_line(const struct columns *c, struct slice left, struct slice right,
                  struct slice message)
{
    auto_buf struct buf left_text = BUF_INIT(WRAPPED_MAX);
    auto_buf struct buf right_text = BUF_INIT(WRAPPED_MAX);
    struct slice left_rest;
    struct slice right_rest;

    put_wrapped(c, left, &left_text);
    put_wrapped(c, right, &right_text);
    left_rest = without_last_breaks(buf_slice(&left_text));
    right_rest = without_last_breaks(buf_slice(&right_text));
    do {
        struct slice a = next_line(&left_rest);
        struct slice b = next_line(&right_rest);

        put_single(c, a, b, message);
        message = (struct slice){NULL, 0};
    } while (left_rest.len > 0 || right_rest.len > 0);
}
