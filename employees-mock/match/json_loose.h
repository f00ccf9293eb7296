/* JSON as Jackson reads and writes it, in jansson's values.
 *
 * Differs from jansson: of duplicate members the last counts, any top-level value is taken, text
 * may hold NUL, lone surrogates become U+FFFD, and whole numbers over 64 bits keep their digits.
 * Such a number is held as an object of one member with a name that no JSON text can have; ask
 * json_loose_kind() before json_is_object(). Depth and digits of a number are bounded (1000, as
 * Jackson's). */
#ifndef EMPLOYEES_MOCK_JSON_LOOSE_H
#define EMPLOYEES_MOCK_JSON_LOOSE_H

#include "common/buf.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>

enum { JSON_LOOSE_DEPTH = 1000 };

/* One value and nothing but white space behind it. ST_BAD_INPUT: why->text is the reason in
 * Jackson's words where they are known, why->place is "line L column C". */
MUST_CHECK enum status json_loose_read(struct slice text, json_t **ret, struct why *why);
/* One value; what stands behind it is ignored, as Jackson's readTree does. */
MUST_CHECK enum status json_loose_read_first(struct slice text, json_t **ret, struct why *why);

enum json_kind {
    JSON_KIND_NULL,
    JSON_KIND_FALSE,
    JSON_KIND_TRUE,
    JSON_KIND_INTEGER, /* json_integer_t, or big */
    JSON_KIND_REAL,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT,
};
enum json_kind json_loose_kind(const json_t *value);
static inline bool json_loose_is_number(const json_t *v)
{
    return json_loose_kind(v) == JSON_KIND_INTEGER || json_loose_kind(v) == JSON_KIND_REAL;
}
/* The digits of a whole number over 64 bits; NULL for any other value. */
const char *json_loose_big(const json_t *value);
double json_loose_double(const json_t *number);

/* Numbers by value: -1, 0, 1. Exact for whole numbers of any size and for doubles. */
int json_loose_compare_numbers(const json_t *a, const json_t *b);
/* As Jackson's equals(): 1 and 1.0 differ; members in any order. */
bool json_loose_equal(const json_t *a, const json_t *b);

enum json_style {
    JSON_LOOSE_COMPACT, /* {"a":1,"b":[1,2]} */
    JSON_LOOSE_PRETTY,  /* WireMock's: { "a" : 1 } over several lines, arrays inline: [ 1, 2 ] */
};
/* Appends the value as Jackson writes it; reals as Java's Double.toString. */
void json_loose_write(const json_t *value, enum json_style style, struct buf *ret);
/* Appends a real as Java's Double.toString: "1.0", "1.0E10". */
void json_loose_write_real(double value, struct buf *ret);

#endif
