/* A matcher of a header, query or form parameter, which may have many values: one matcher for the
 * best of them, hasExactly or includes. Private to matching. */
#ifndef EMPLOYEES_MOCK_MULTI_MATCHER_H
#define EMPLOYEES_MOCK_MULTI_MATCHER_H

#include "employees-mock/match/matcher.h"

enum multi_kind { MULTI_SINGLE, MULTI_HAS_EXACTLY, MULTI_INCLUDES };

struct multi_matcher {
    enum multi_kind kind;
    struct value_matcher **matchers; /* one, when the kind is MULTI_SINGLE */
    size_t count;
    bool has_null; /* null stands among them, or within one */
};

MUST_CHECK enum status multi_matcher_compile(const json_t *node, const struct matcher_place *place,
                                             struct multi_matcher **ret);
void multi_matcher_free(struct multi_matcher *m);
/* Takes the matcher over, also on failure (NULL). */
struct multi_matcher *multi_matcher_of(struct value_matcher *single);

/* The values of `name` in the fields; names in any case or as they stand. notes (match_notes.h) may
 * be NULL. */
MUST_CHECK enum status multi_matcher_matches(const struct multi_matcher *m,
                                             struct mock_fields fields, struct slice name,
                                             bool any_case, struct match_notes *notes, bool *ret,
                                             struct why *why);
double multi_matcher_distance(const struct multi_matcher *m, struct mock_fields fields,
                              struct slice name, bool any_case);

json_t *multi_matcher_json(const struct multi_matcher *m);
/* WireMock's name of it: "equalTo", or "equalTo a AND contains b". */
void multi_matcher_name(const struct multi_matcher *m, struct buf *ret);
/* What is expected; empty but for MULTI_SINGLE. */
void multi_matcher_expected(const struct multi_matcher *m, struct buf *ret);

#endif
