/* JSON as WireMock's Jackson reads and writes it, in jansson's values.
 *
 * Differs from jansson: comments and 'single quotes' are taken, of duplicate members the last
 * counts, what stands behind the first value is ignored, text may hold NUL, lone surrogates become
 * '?', and numbers keep their digits: a whole number over 64 bits, or a decimal whose literal
 * is not what Java would print (1.10, 1e2), is held as an object of one member with a name that no
 * JSON text has. Ask json_loose_kind() before json_is_object(). Depth and digits of a number are
 * bounded (1000, as Jackson's). */
#ifndef EMPLOYEES_MOCK_JSON_LOOSE_H
#define EMPLOYEES_MOCK_JSON_LOOSE_H

#include "common/buf.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>

enum { JSON_LOOSE_DEPTH = 1000, JSON_LOOSE_DIGITS = 1000 };

/* The first value of the text. ST_BAD_INPUT: why->text is the reason in Jackson's words where they
 * are known, why->place is "line L column C". */
MUST_CHECK enum status json_loose_read(struct slice text, json_t **ret, struct why *why);

/* Whether a whole value stands in the text: whether json_loose_read() would take it. */
bool json_loose_is_whole(struct slice text);

/* Why a text is no JSON: all of Jackson's words, with their excerpts of the text, for which a why
 * has no room; and how far it was read. */
struct json_fault {
    struct buf *words; /* empty before */
    struct buf *place; /* NULL, or empty before: the pointer of the innermost value that had begun,
                          but for numbers, true, false and null; no name is escaped in it */
    size_t items;      /* that were read of the array at the place */
};
void json_loose_explain(struct slice text, struct json_fault *ret);

/* As json-smart reads in its permissive mode, which matchesJsonPath uses: also bare words and
 * names, missing values, trailing commas. Any text but an empty or broken one is at least a
 * string. */
MUST_CHECK enum status json_loose_read_permissive(struct slice text, json_t **ret, struct why *why);

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_FALSE,
    JSON_KIND_TRUE,
    JSON_KIND_INTEGER, /* json_integer_t, or kept as digits */
    JSON_KIND_REAL,    /* double, or kept as digits */
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT,
};
enum json_kind json_loose_kind(const json_t *value);

static inline bool json_loose_is_number(const json_t *v)
{
    return json_loose_kind(v) == JSON_KIND_INTEGER || json_loose_kind(v) == JSON_KIND_REAL;
}

/* The literal of a number that is kept as digits; NULL for any other value. */
const char *json_loose_digits(const json_t *value);
/* Such a number from its literal (which must be one); NULL: memory is out. */
json_t *json_loose_number(struct slice literal);
double json_loose_double(const json_t *number);

/* Numbers by value: -1, 0, 1. Exact. */
int json_loose_compare_numbers(const json_t *a, const json_t *b);
/* As Jackson's equals(): 1 and 1.0 differ, 1.0 and 1.00 do not; members in any order. */
bool json_loose_equal(const json_t *a, const json_t *b);

enum json_style {
    JSON_LOOSE_COMPACT, /* {"a":1,"b":[1,2]} */
    JSON_LOOSE_PRETTY,  /* WireMock's: { "a" : 1 } over several lines, arrays inline: [ 1, 2 ] */
};
/* Appends the value as WireMock writes it: doubles as Java's Double.toString, decimals that are
 * kept as digits in plain notation. */
void json_loose_write(const json_t *value, enum json_style style, struct buf *ret);
/* Appends a double as Java's Double.toString: "1.0", "1.0E10". */
void json_loose_write_double(double value, struct buf *ret);
/* Appends a number as Java's toString of what json-smart makes of it: a double of up to 18
 * characters ("1.1" of 1.10), a BigDecimal of more. */
void json_loose_write_number(const json_t *number, struct buf *ret);

#endif
