#include "employees-mock/match/json_cursor.h"

#include "common/utf8.h"

#include <stdio.h>
#include <string.h>

/* ---- faults, in Jackson's words ---- */

struct place {
    size_t line;
    size_t column;
};

static struct place place_of(const struct cursor *r, size_t at)
{
    struct place p = {1, 1};

    for (size_t i = 0; i < at && i < r->text.len; i++) {
        unsigned char c = (unsigned char)r->text.data[i];

        if (c == '\n') {
            p.line++;
            p.column = 1;
        } else if ((c & 0xC0) != 0x80) {
            p.column++;
        }
    }
    return p;
}

/* "[Source: (String)"…"; line: 1, column: 2]", of a long text the first 500 bytes. */
static void put_source(const struct cursor *r, size_t at, struct buf *words)
{
    struct place p = place_of(r, at);
    size_t shown = r->text.len < 500 ? r->text.len : 500;

    buf_put_text(words, "[Source: (String)\"");
    buf_put(words, r->text.data, shown);
    buf_put_char(words, '"');
    if (shown < r->text.len)
        buf_printf(words, "[truncated %zu chars]", r->text.len - shown);
    buf_printf(words, "; line: %zu, column: %zu]", p.line, p.column);
}

enum status cursor_say(struct cursor *r, size_t at, const char *reason)
{
    auto_buf struct buf words = BUF_INIT(4096);
    struct place p;
    char place[64];

    if (!r->why)
        return ST_BAD_INPUT;
    p = place_of(r, at);
    buf_put_text(&words, reason);
    buf_put_text(&words, "\n at ");
    put_source(r, at, &words);
    snprintf(place, sizeof place, "line %zu column %zu", p.line, p.column);
    return fail_at(r->why, ST_BAD_INPUT, place, "%s", buf_text(&words) ? words.data : reason);
}

/* "'x' (code 120)", "(CTRL-CHAR, code 1)", "'é' (code 233 / 0xe9)" */
static void write_character(const struct cursor *r, size_t at, char ret[64])
{
    struct slice rest = {r->text.data + at, r->text.len - at};
    uint32_t code = (unsigned char)rest.data[0];
    size_t len = code >= 0x80 ? utf8_step(rest, &code) : 1;

    if (code < ' ')
        snprintf(ret, 64, "(CTRL-CHAR, code %u)", code);
    else if (code < 0x80)
        snprintf(ret, 64, "'%c' (code %u)", (int)code, code);
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
        put_source(r, start, &reason);
        buf_put_char(&reason, ')');
    }
    return cursor_say(r, r->at, buf_text(&reason) ? reason.data : "Unexpected close marker");
}

enum status cursor_ended(struct cursor *r, const char *what, size_t start)
{
    auto_buf struct buf reason = BUF_INIT(4096);

    if (!r->why)
        return ST_BAD_INPUT;
    buf_printf(&reason, "Unexpected end-of-input: expected close marker for %s (start marker at ",
               what);
    put_source(r, start, &reason);
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
