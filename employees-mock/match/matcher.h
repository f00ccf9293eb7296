/* One matcher of one value, and the table of all kinds: private to matching.
 *
 * A kind is a row: how it is compiled from its JSON, asked, weighed, written back and released. */
#ifndef EMPLOYEES_MOCK_MATCHER_H
#define EMPLOYEES_MOCK_MATCHER_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "employees-mock/match/match.h"
#include "employees-mock/match/mock_cache.h"

#include <jansson.h>
#include <stdbool.h>

enum { MATCHER_DEPTH_MAX = 64 };

/* The value that is asked about. */
struct match_notes;

struct value_input {
    bool present;
    struct slice text;
    struct mock_cache *cache;  /* of the request whose body the text is; NULL: any other text */
    struct match_notes *notes; /* where match_notes.h adds to; NULL: nobody listens */
};

/* Where a matcher stands in its document, and where to say what is wrong with it. */
struct matcher_place {
    const char *pointer;
    unsigned depth;
    struct match_fault *fault;
};

struct matcher_kind {
    const char *name;
    /* `operand` is the member that bears the kind's name, `node` the object it stands in. */
    enum status (*compile)(struct value_matcher *m, const json_t *operand, const json_t *node,
                           const struct matcher_place *place);
    enum status (*matches)(const struct value_matcher *m, const struct value_input *in, bool *ret,
                           struct why *why);
    double (*distance)(const struct value_matcher *m,
                       const struct value_input *in);                 /* NULL: 0 or 1 */
    json_t *(*write)(const struct value_matcher *m);                  /* NULL: {name: text} */
    void (*expected)(const struct value_matcher *m, struct buf *ret); /* NULL: its text */
    void (*release)(struct value_matcher *m);                         /* NULL: nothing to release */
};

struct value_matcher {
    const struct matcher_kind *kind;
    struct slice text; /* the operand, terminated; owned */
    void *state;       /* the kind's own */
    bool has_null;     /* null stands among those that it is made of */
};

/* ---- the rows ---- */

extern const struct matcher_kind matcher_equal_to, matcher_contains, matcher_does_not_contain,
    matcher_regex, matcher_does_not_match, matcher_absent, matcher_anything, matcher_path_template,
    matcher_binary_equal_to, matcher_basic_auth;
extern const struct matcher_kind matcher_and, matcher_or, matcher_not;
extern const struct matcher_kind matcher_null; /* stands in a list; to ask it fails */
extern const struct matcher_kind matcher_before, matcher_after, matcher_equal_to_date_time;
extern const struct matcher_kind matcher_equal_to_json, matcher_json_path, matcher_json_schema;
extern const struct matcher_kind matcher_equal_to_xml, matcher_xpath;

/* ---- for the rows ---- */

/* A matcher with a copy of the operand's text; ST_BAD_INPUT in WireMock's words when it is no
 * text. */
MUST_CHECK enum status matcher_take_text(struct value_matcher *m, const json_t *operand,
                                         const struct matcher_place *place);
MUST_CHECK enum status matcher_set_text(struct value_matcher *m, struct slice text,
                                        const struct matcher_place *place);

/* Fills the fault and returns ST_BAD_INPUT. */
enum status matcher_refuse(const struct matcher_place *place, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* With a pointer that goes on from the place's: "/headers/A". */
enum status matcher_refuse_below(const struct matcher_place *place, const char *below,
                                 const char *format, ...) PRINTF_LIKE(3, 4);
/* The same for memory: ST_NO_MEMORY. */
enum status matcher_out_of_memory(const struct matcher_place *place);
/* The words of why as a fault, at the place. */
enum status matcher_refuse_why(const struct matcher_place *place, enum status st,
                               const struct why *why);

/* A matcher from its object. depth of the place is that of the new matcher. */
MUST_CHECK enum status matcher_compile(const json_t *node, const struct matcher_place *place,
                                       struct value_matcher **ret);
/* The same, and binaryEqualTo is taken too, as bodies do. */
MUST_CHECK enum status matcher_compile_content(const json_t *node,
                                               const struct matcher_place *place,
                                               struct value_matcher **ret);
/* The same in a list, where null may stand too: a matcher_null. */
MUST_CHECK enum status matcher_compile_item(const json_t *node, const struct matcher_place *place,
                                            struct value_matcher **ret);
bool matcher_list_has_null(struct value_matcher *const *list, size_t count);
/* For a kind that has no JSON (basic authentication). */
struct value_matcher *matcher_new(const struct matcher_kind *kind);
DEFINE_CLEANUP(value_matcher, struct value_matcher *, value_matcher_free)
#define auto_value_matcher __attribute__((cleanup(cleanup_value_matcher)))

MUST_CHECK enum status matcher_matches(const struct value_matcher *m, const struct value_input *in,
                                       bool *ret, struct why *why);
double matcher_distance(const struct value_matcher *m, const struct value_input *in);
bool matcher_is(const struct value_matcher *m, const struct matcher_kind *kind);

json_t *matcher_json(const struct value_matcher *m);
void matcher_expected(const struct value_matcher *m, struct buf *ret);

/* For diffs: the texts that a path's inner matcher is asked about (a new array), and that matcher
 * (NULL: the plain form). */
json_t *matcher_json_path_results(const struct value_matcher *m, const struct value_input *in);
const struct value_matcher *matcher_json_path_inner(const struct value_matcher *m);
json_t *matcher_xpath_results(const struct value_matcher *m, const struct value_input *in);
const struct value_matcher *matcher_xpath_inner(const struct value_matcher *m);

/* Java's way to name a JSON value in errors: "Object value (token `JsonToken.START_OBJECT`)". */
const char *matcher_java_value(const json_t *value);

/* Java's asBoolean: "true", a number that is not 0. */
bool matcher_as_bool(const json_t *value);

#endif
