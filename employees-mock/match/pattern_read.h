/* What the readers of a request pattern's JSON share. Private to pattern_*.c. */
#ifndef EMPLOYEES_MOCK_PATTERN_READ_H
#define EMPLOYEES_MOCK_PATTERN_READ_H

#include "employees-mock/match/pattern.h"

#define MATCHING         "com.github.tomakehurst.wiremock.matching."
#define PARAMETERS_CLASS "com.github.tomakehurst.wiremock.extension.Parameters"

/* A place one member further down. */
struct below {
    char pointer[256];
    struct matcher_place place;
};

const struct matcher_place *pattern_step_down(struct below *b, const struct matcher_place *place,
                                              const char *name);
const struct matcher_place *pattern_step_to_item(struct below *b, const struct matcher_place *place,
                                                 size_t index);

/* Jackson makes a text of any scalar. Replaces *ret. */
MUST_CHECK enum status pattern_read_text(const json_t *value, const struct matcher_place *place,
                                         char **ret);
/* In Jackson's words: which constructor an object lacks for a scalar. */
enum status pattern_refuse_scalar(const char *java_class, const json_t *value,
                                  const struct matcher_place *place);
enum status pattern_refuse_member(const char *name, const char *java_class,
                                  const struct matcher_place *place);
MUST_CHECK enum status pattern_expect_list(const json_t *value, const char *item,
                                           const struct matcher_place *place);

/* Each replaces what the list held. */
MUST_CHECK enum status pattern_read_values(const json_t *object, const struct matcher_place *place,
                                           struct value_matchers *ret);
MUST_CHECK enum status pattern_read_multis(const json_t *object, const struct matcher_place *place,
                                           struct multi_matchers *ret);
MUST_CHECK enum status pattern_read_contents(const json_t *list, const struct matcher_place *place,
                                             struct content_matchers *ret);
MUST_CHECK enum status pattern_read_custom(struct request_pattern *p, const json_t *value,
                                           const struct matcher_place *place);
MUST_CHECK enum status pattern_read_multipart(struct request_pattern *p, const json_t *list,
                                              const struct matcher_place *place);

#endif
