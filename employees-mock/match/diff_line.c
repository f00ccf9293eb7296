#include "employees-mock/match/diff_line.h"

void diff_spacer(const struct diff *d)
{
    columns_line(&d->columns, (struct slice){"", 0}, (struct slice){"", 0},
                 (struct slice){NULL, 0});
}

/* "Header does not match", "Header is not present", nothing; more.data NULL: no more to say. */
void diff_line(const struct diff *d, const char *attribute, struct slice left, struct slice right,
               bool exact, struct slice more)
{
    auto_buf struct buf message = BUF_INIT(4096);
    struct slice nothing = {NULL, 0};

    if (right.len == 0)
        buf_printf(&message, "%s is not present", attribute);
    else if (!exact)
        buf_printf(&message, "%s does not match", attribute);
    else if (more.len > 0)
        buf_put_text(&message, "null"); /* Java's way to add to no message */
    buf_put_slice(&message, more);
    columns_line(&d->columns, left, right, message.len > 0 ? buf_slice(&message) : nothing);
}

void diff_plain_line(const struct diff *d, const char *attribute, struct slice left,
                     struct slice right, bool exact)
{
    diff_line(d, attribute, left, right, exact, (struct slice){NULL, 0});
}

bool diff_matches(const struct value_matcher *m, struct slice value)
{
    struct value_input in = {.present = value.data != NULL, .text = value};
    bool matched = false;

    return matcher_matches(m, &in, &matched, NULL) == ST_OK && matched;
}

static bool is_equality(const struct value_matcher *m)
{
    return matcher_is(m, &matcher_equal_to) || matcher_is(m, &matcher_equal_to_json) ||
           matcher_is(m, &matcher_equal_to_xml) || matcher_is(m, &matcher_binary_equal_to);
}

/* " [contains] ", or what stands for equality. */
void diff_put_operator(const struct value_matcher *m, const char *equality, struct buf *ret)
{
    if (is_equality(m))
        buf_put_text(ret, equality);
    else
        buf_printf(ret, " [%s] ", m->kind->name);
}

/* What a matcher expects, where WireMock prints the plain value of it: null for absent, documents
 * as the stub has them. */
static bool is_date(const struct value_matcher *m)
{
    return matcher_is(m, &matcher_before) || matcher_is(m, &matcher_after) ||
           matcher_is(m, &matcher_equal_to_date_time);
}

void diff_put_value(const struct value_matcher *m, struct buf *ret)
{
    if (matcher_is(m, &matcher_absent))
        buf_put_text(ret, "null");
    else if (is_date(m))
        matcher_expected(m, ret);
    else
        buf_put_slice(ret, m->text);
}

void diff_put_multi_operator(const struct multi_matcher *m, const char *equality, struct buf *ret)
{
    if (m->kind == MULTI_SINGLE) {
        diff_put_operator(m->matchers[0], equality, ret);
        return;
    }
    buf_put_text(ret, m->kind == MULTI_HAS_EXACTLY ? " exactly [" : " including [");
    multi_matcher_name(m, ret);
    buf_put_char(ret, ']');
}
