/* One line of a diff, and how a matcher reads in it. Private to diff*.c. */
#ifndef EMPLOYEES_MOCK_DIFF_LINE_H
#define EMPLOYEES_MOCK_DIFF_LINE_H

#include "employees-mock/match/diff_columns.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/match/pattern.h"

enum { DIFF_TEXT_MAX = 64 << 20 }; /* of one column's text */

struct diff {
    struct columns columns;
    const struct request_pattern *p;
    const struct mock_request *r;
};

void diff_spacer(const struct diff *d);

/* Both sides, with "Header does not match" unless `exact`, or "Header is not present" where
 * `right` is empty; `more` is added to that. more.data NULL: no more to say. */
void diff_line(const struct diff *d, const char *attribute, struct slice left, struct slice right,
               bool exact, struct slice more);
void diff_plain_line(const struct diff *d, const char *attribute, struct slice left,
                     struct slice right, bool exact);

/* value.data NULL: there is none. A matcher that fails does not match. */
bool diff_matches(const struct value_matcher *m, struct slice value);

/* " [contains] ", or `equality` where that is what the matcher asks. They append. */
void diff_put_operator(const struct value_matcher *m, const char *equality, struct buf *ret);
void diff_put_multi_operator(const struct multi_matcher *m, const char *equality, struct buf *ret);
/* What a matcher expects, where WireMock prints the plain value of it: null for absent, documents
 * as the stub has them. */
void diff_put_value(const struct value_matcher *m, struct buf *ret);

/* ---- diff_body.c ---- */

/* Only those bodies that do not match are shown. */
void diff_put_bodies(const struct diff *d, const struct content_matchers *list, struct slice body);

#endif
