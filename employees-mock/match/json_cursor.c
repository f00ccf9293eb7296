#include "employees-mock/match/json_cursor.h"

#include "common/utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- faults, in Jackson's words ---- */

struct place {
    size_t line;
    size_t column;
};

/* How many of Java's characters the bytes from `from` to `to` are. */
static size_t count_chars(struct slice text, size_t from, size_t to)
{
    size_t count = 0;

    for (; from < to; from++) {
        unsigned char c = (unsigned char)text.data[from];

        count += ((c & 0xC0) != 0x80) + ((c & 0xF8) == 0xF0);
    }
    return count;
}

static struct place place_of(const struct cursor *r, size_t at)
{
    struct place p = {1, 1};

    for (size_t i = 0; i < at && i < r->text.len; i++) {
        unsigned char c = (unsigned char)r->text.data[i];

        if (c == '\n') {
            p.line++;
            p.column = 1;
        } else {
            p.column += count_chars(r->text, i, i + 1);
        }
    }
    return p;
}

/* Control characters but line breaks are escaped. */
static void put_excerpt(struct slice text, struct buf *words)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if ((c < ' ' && c != '\n' && c != '\r') || c == 0x7f)
            buf_printf(words, "\\u%04X", c);
        else
            buf_put_char(words, (char)c);
    }
}

/* "[Source: (String)"…"; line: 1, column: 2]", of a long text the first 500 characters. */
static void put_source(const struct cursor *r, struct place p, struct buf *words)
{
    size_t shown = 0;

    for (size_t next = 0, chars = 0; next < r->text.len && chars <= 500; shown = next) {
        size_t from = next++;

        while (next < r->text.len && (r->text.data[next] & 0xC0) == 0x80)
            next++;
        chars += count_chars(r->text, from, next);
        if (chars > 500)
            break;
    }
    buf_put_text(words, "[Source: (String)\"");
    put_excerpt((struct slice){r->text.data, shown}, words);
    buf_put_char(words, '"');
    if (shown < r->text.len)
        buf_printf(words, "[truncated %zu chars]", count_chars(r->text, shown, r->text.len));
    buf_printf(words, "; line: %zu, column: %zu]", p.line, p.column);
}

enum status cursor_say(struct cursor *r, size_t at, const char *reason)
{
    auto_buf struct buf words = BUF_INIT(4096);
    struct place p;
    char place[64];

    if (!r->why && !r->words)
        return ST_BAD_INPUT;
    p = place_of(r, at);
    buf_put_text(&words, reason);
    buf_put_text(&words, "\n at ");
    put_source(r, p, &words);
    snprintf(place, sizeof place, "line %zu column %zu", p.line, p.column);
    if (r->words)
        buf_put_slice(r->words, buf_slice(&words));
    return fail_at(r->why, ST_BAD_INPUT, place, "%s", buf_text(&words) ? words.data : reason);
}

enum status cursor_control(struct cursor *r)
{
    char reason[160];

    snprintf(reason, sizeof reason,
             "Illegal unquoted character ((CTRL-CHAR, code %u)): has to be escaped using backslash "
             "to be included in %s",
             (unsigned char)cursor_here(r), r->in_name ? "name" : "string value");
    return cursor_say(r, r->at, reason);
}

/* "'x' (code 120)", "(CTRL-CHAR, code 1)", "'€' (code 8364 / 0x20ac)"; of two of Java's characters
 * the first. */
static void write_character(const struct cursor *r, size_t at, char ret[64])
{
    struct slice rest = {r->text.data + at, r->text.len - at};
    uint32_t code = (unsigned char)rest.data[0];
    size_t len = code >= 0x80 ? utf8_step(rest, &code) : 1;

    if (code < ' ' || (code >= 0x7f && code < 0xa0))
        snprintf(ret, 64, "(CTRL-CHAR, code %u)", code);
    else if (code < 0x100)
        snprintf(ret, 64, "'%.*s' (code %u)", (int)len, rest.data, code);
    else if (code > 0xffff)
        snprintf(ret, 64, "'?' (code %u / 0x%x)", 0xd7c0 + (code >> 10), 0xd7c0 + (code >> 10));
    else
        snprintf(ret, 64, "'%.*s' (code %u / 0x%x)", (int)len, rest.data, code, code);
}

enum status cursor_unexpected(struct cursor *r, const char *wanted)
{
    char character[64];
    char reason[240];

    write_character(r, r->at, character);
    if ((unsigned char)cursor_here(r) < ' ') {
        snprintf(reason, sizeof reason,
                 "Illegal character (%s): only regular white space (\\r, \\n, \\t) is allowed "
                 "between tokens",
                 character);
        return cursor_say(r, r->at + 1, reason);
    }
    snprintf(reason, sizeof reason, "Unexpected character (%s): %s", character, wanted);
    return cursor_say(r, r->at, reason);
}

enum status cursor_no_number(struct cursor *r, size_t character_at, size_t at, const char *wanted)
{
    char character[64];
    char reason[240];

    write_character(r, character_at, character);
    snprintf(reason, sizeof reason, "Unexpected character (%s) in numeric value: %s", character,
             wanted);
    return cursor_say(r, at, reason);
}

enum status cursor_wrong_end(struct cursor *r, const char *open, size_t start)
{
    auto_buf struct buf reason = BUF_INIT(4096);
    char close = cursor_here(r);

    if (!open)
        buf_printf(&reason, "Unexpected close marker '%c': no open %s to close", close,
                   close == ']' ? "Array" : "Object");
    else
        buf_printf(&reason, "Unexpected close marker '%c': expected '%c' (for %s starting at ",
                   close, close == ']' ? '}' : ']', open);
    if (open) {
        put_source(r, place_of(r, start), &reason);
        buf_put_char(&reason, ')');
    }
    return cursor_say(r, r->at, buf_text(&reason) ? reason.data : "Unexpected close marker");
}

enum status cursor_ended(struct cursor *r, const char *what, size_t start)
{
    auto_buf struct buf reason = BUF_INIT(4096);

    if (!r->why && !r->words)
        return ST_BAD_INPUT;
    buf_printf(&reason, "Unexpected end-of-input: expected close marker for %s (start marker at ",
               what);
    put_source(r, place_of(r, start), &reason);
    buf_put_char(&reason, ')');
    return cursor_say(r, r->at, buf_text(&reason) ? reason.data : "Unexpected end-of-input");
}

/* ---- blanks and comments ---- */

static void skip_comment(struct cursor *r)
{
    const char *end;
    bool block = r->text.data[r->at + 1] == '*';
    size_t from = r->at + 2;

    end = from >= r->text.len ? NULL
          : block             ? memmem(r->text.data + from, r->text.len - from, "*/", 2)
                              : memchr(r->text.data + from, '\n', r->text.len - from);
    r->at = end ? (size_t)(end - r->text.data) + (block ? 2 : 1) : r->text.len;
}

void cursor_skip_comments(struct cursor *r)
{
    while (r->at + 1 < r->text.len && cursor_here(r) == '/' &&
           (r->text.data[r->at + 1] == '/' || r->text.data[r->at + 1] == '*')) {
        skip_comment(r);
        cursor_skip_spaces(r);
    }
}
