/* What the matchers of JSON share. Private to matching. */
#ifndef EMPLOYEES_MOCK_MATCHER_JSON_H
#define EMPLOYEES_MOCK_MATCHER_JSON_H

#include "employees-mock/match/matcher.h"

/* The value as JSON, kept with the request where it is its body; NULL: it is none, or absent. A
 * reference for the caller. */
json_t *matcher_json_read(const struct value_input *in);

/* Sets the matcher's text from a member that is JSON, or a text that holds JSON. */
MUST_CHECK enum status matcher_json_take_text(struct value_matcher *m, const json_t *operand,
                                              const struct matcher_place *place);
/* The matcher's text as JSON, or WireMock's refusal. */
MUST_CHECK enum status matcher_json_parse(const struct value_matcher *m,
                                          const struct matcher_place *place, json_t **ret);

/* The operand pretty-printed, for diffs. */
void matcher_json_expected(const struct value_matcher *m, struct buf *ret);

#endif
