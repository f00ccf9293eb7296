#include "plugin/request_scan.h"

#include "plugin/text.h"
#include "plugin/text8.h"

#include <stdlib.h>

enum expects {
    EXPECTS_OBJECT, /* the body's first character */
    EXPECTS_VALUE,
    EXPECTS_ITEM_OR_END,
    EXPECTS_NAME_OR_END,
    EXPECTS_NAME,
    EXPECTS_COLON,
    EXPECTS_COMMA_OR_END,
    EXPECTS_NOTHING, /* the object has ended */
    BROKEN,
};

enum lexeme { BETWEEN, NAME, STRING, LITERAL, NUMBER };

/* Where a string stands: 0 plain, ESCAPE behind a backslash, then counting four hex digits. */
enum { PLAIN, ESCAPE, HEX_1, HEX_2, HEX_3, HEX_4 };

/* RFC 8259, section 6, as states; those from N_ZERO on may end a number. */
enum { N_MINUS, N_DOT, N_E, N_E_SIGN, N_ZERO, N_DIGITS, N_FRACTION, N_EXPONENT };

static void give_up(struct request_scan *scan)
{
    scan->expects = BROKEN;
    scan->lexeme = BETWEEN;
}

bool request_scan_wants_more(const struct request_scan *scan)
{
    return scan->expects != BROKEN;
}

struct slice request_scan_code(const struct request_scan *scan, enum request_scan_code which)
{
    if (scan->expects != EXPECTS_NOTHING)
        return (struct slice){NULL, 0};
    return (struct slice){scan->code[which], scan->code_len[which]};
}

void request_scan_done(struct request_scan *scan)
{
    free(scan->is_object);
    scan->is_object = NULL;
    scan->levels_cap = 0;
    give_up(scan);
}

/* ---- nesting ---- */

static bool in_object(const struct request_scan *scan)
{
    uint32_t level = scan->depth - 1;

    return scan->is_object[level / 8] >> level % 8 & 1;
}

static bool make_room(struct request_scan *scan)
{
    uint32_t cap = scan->levels_cap ? scan->levels_cap * 2 : 128;
    uint8_t *levels;

    if (scan->depth < scan->levels_cap)
        return true;
    if (cap > REQUEST_SCAN_DEPTH_MAX)
        return false;
    levels = realloc(scan->is_object, cap / 8);
    if (!levels)
        return false;
    scan->is_object = levels;
    scan->levels_cap = cap;
    return true;
}

static void open_level(struct request_scan *scan, bool object)
{
    uint8_t bit;

    if (!make_room(scan)) {
        give_up(scan);
        return;
    }
    bit = (uint8_t)(1 << scan->depth % 8);
    if (object)
        scan->is_object[scan->depth / 8] |= bit;
    else
        scan->is_object[scan->depth / 8] &= (uint8_t)~bit;
    scan->depth++;
    scan->expects = object ? EXPECTS_NAME_OR_END : EXPECTS_ITEM_OR_END;
}

static void value_ended(struct request_scan *scan)
{
    scan->lexeme = BETWEEN;
    scan->expects = scan->depth == 0 ? EXPECTS_NOTHING : EXPECTS_COMMA_OR_END;
}

static void close_level(struct request_scan *scan, bool object)
{
    if (in_object(scan) != object) {
        give_up(scan);
        return;
    }
    scan->depth--;
    value_ended(scan);
}

/* ---- strings ---- */

static void begin_string(struct request_scan *scan, enum lexeme lexeme)
{
    scan->lexeme = lexeme;
    scan->progress = PLAIN;
    scan->text_len = 0;
    scan->unusable = false;
}

static bool is_captured(const struct request_scan *scan)
{
    if (scan->depth != 1)
        return false;
    return scan->lexeme == NAME || scan->is_code[SCAN_COUNTRY] || scan->is_code[SCAN_OWNER];
}

static void capture(struct request_scan *scan, const char *bytes, size_t len)
{
    if (!is_captured(scan) || scan->unusable)
        return;
    if (len > sizeof scan->text - scan->text_len) {
        scan->unusable = true;
        return;
    }
    for (size_t i = 0; i < len; i++)
        scan->unusable |= (bytes[i] & 0x80) != 0;
    memcpy(scan->text + scan->text_len, bytes, len);
    scan->text_len += (uint32_t)len;
}

/* Decides which code, if any, the value behind this name is. A name given twice ends it all. */
static void name_ended(struct request_scan *scan)
{
    static const char *const names[SCAN_CODES] = {"countryCode", "dataOwningCountryCode"};
    struct slice name = {scan->text, scan->text_len};

    scan->lexeme = BETWEEN;
    scan->expects = EXPECTS_COLON;
    for (int i = 0; i < SCAN_CODES; i++) {
        scan->is_code[i] = scan->depth == 1 && !scan->unusable && slice_is(name, names[i]);
        if (scan->is_code[i] && scan->seen[i])
            give_up(scan);
        scan->seen[i] |= scan->is_code[i];
    }
}

static void string_ended(struct request_scan *scan)
{
    if (scan->lexeme == NAME) {
        name_ended(scan);
        return;
    }
    for (int i = 0; i < SCAN_CODES; i++) {
        if (scan->depth != 1 || !scan->is_code[i] || scan->unusable)
            continue;
        memcpy(scan->code[i], scan->text, scan->text_len);
        scan->code_len[i] = scan->text_len;
    }
    value_ended(scan);
}

/* What is beyond ASCII makes a text unusable; its value does not matter. */
static void feed_hex(struct request_scan *scan, char c)
{
    int digit = text_hex_digit(c);
    char decoded;

    if (digit < 0) {
        give_up(scan);
        return;
    }
    if ((scan->progress == HEX_1 || scan->progress == HEX_2) && digit != 0)
        scan->unusable = true;
    scan->escape_value = (uint8_t)(scan->escape_value << 4 | digit);
    if (scan->progress++ < HEX_4)
        return;
    decoded = (char)scan->escape_value;
    capture(scan, &decoded, 1);
    scan->progress = PLAIN;
}

static void feed_escape(struct request_scan *scan, char c)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = c ? strchr(from, c) : NULL;

    if (c == 'u') {
        scan->progress = HEX_1;
    } else if (found) {
        capture(scan, &to[found - from], 1);
        scan->progress = PLAIN;
    } else {
        give_up(scan);
    }
}

/* Takes a run of plain bytes, or one other. */
static const char *feed_string(struct request_scan *scan, const char *at, const char *end)
{
    size_t plain;

    if (scan->progress != PLAIN) {
        if (scan->progress == ESCAPE)
            feed_escape(scan, *at);
        else
            feed_hex(scan, *at);
        return at + 1;
    }
    plain = text8_plain(at, end);
    capture(scan, at, plain);
    at += plain;
    if (at == end)
        return at;
    if (*at == '"')
        string_ended(scan);
    else if (*at == '\\')
        scan->progress = ESCAPE;
    else
        give_up(scan);
    return at + 1;
}

/* ---- numbers and literals ---- */

static int number_next(int state, char c)
{
    bool digit = c >= '0' && c <= '9';

    switch (state) {
    case N_MINUS:
        return c == '0' ? N_ZERO : digit ? N_DIGITS : -1;
    case N_DOT:
    case N_FRACTION:
        return digit ? N_FRACTION : state == N_FRACTION && (c | 0x20) == 'e' ? N_E : -1;
    case N_E:
        return digit ? N_EXPONENT : c == '+' || c == '-' ? N_E_SIGN : -1;
    case N_E_SIGN:
    case N_EXPONENT:
        return digit ? N_EXPONENT : -1;
    default: /* N_ZERO, N_DIGITS */
        if (digit)
            return state == N_DIGITS ? N_DIGITS : -1;
        return c == '.' ? N_DOT : (c | 0x20) == 'e' ? N_E : -1;
    }
}

/* The character that ends a number is left for what follows. */
static const char *feed_number(struct request_scan *scan, const char *at)
{
    int state = number_next(scan->progress, *at);

    if (state >= 0) {
        scan->progress = (uint8_t)state;
        return at + 1;
    }
    if (scan->progress < N_ZERO)
        give_up(scan);
    else
        value_ended(scan);
    return at;
}

static const char *feed_literal(struct request_scan *scan, const char *at)
{
    if (*at != scan->literal[scan->progress])
        give_up(scan);
    else if (scan->literal[++scan->progress] == '\0')
        value_ended(scan);
    return at + 1;
}

/* ---- between the tokens ---- */

static void begin_value(struct request_scan *scan, char c)
{
    switch (c) {
    case '{':
    case '[':
        open_level(scan, c == '{');
        return;
    case '"':
        begin_string(scan, STRING);
        return;
    case 't':
    case 'f':
    case 'n':
        scan->lexeme = LITERAL;
        scan->literal = c == 't' ? "true" : c == 'f' ? "false" : "null";
        scan->progress = 1;
        return;
    default:
        scan->lexeme = NUMBER;
        scan->progress = N_MINUS;
        if (c == '-')
            return;
        if (c == '0')
            scan->progress = N_ZERO;
        else if (c >= '1' && c <= '9')
            scan->progress = N_DIGITS;
        else
            give_up(scan);
    }
}

static void feed_structure(struct request_scan *scan, char c)
{
    enum expects expects = scan->expects;

    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return;
    if (expects == EXPECTS_OBJECT && c == '{')
        open_level(scan, true);
    else if (expects == EXPECTS_VALUE || (expects == EXPECTS_ITEM_OR_END && c != ']'))
        begin_value(scan, c);
    else if ((expects == EXPECTS_NAME_OR_END || expects == EXPECTS_NAME) && c == '"')
        begin_string(scan, NAME);
    else if (expects == EXPECTS_COLON && c == ':')
        scan->expects = EXPECTS_VALUE;
    else if (expects == EXPECTS_COMMA_OR_END && c == ',')
        scan->expects = in_object(scan) ? EXPECTS_NAME : EXPECTS_VALUE;
    else if (expects == EXPECTS_NAME_OR_END && c == '}')
        close_level(scan, true);
    else if (expects == EXPECTS_ITEM_OR_END && c == ']')
        close_level(scan, false);
    else if (expects == EXPECTS_COMMA_OR_END && (c == '}' || c == ']'))
        close_level(scan, c == '}');
    else
        give_up(scan);
}

void request_scan_feed(struct request_scan *scan, struct slice bytes)
{
    const char *at = bytes.data;
    const char *end = at + bytes.len;

    while (at < end && scan->expects != BROKEN) {
        switch ((enum lexeme)scan->lexeme) {
        case NAME:
        case STRING:
            at = feed_string(scan, at, end);
            break;
        case NUMBER:
            at = feed_number(scan, at);
            break;
        case LITERAL:
            at = feed_literal(scan, at);
            break;
        case BETWEEN:
            feed_structure(scan, *at++);
            break;
        }
    }
}
