/* Bodies in a diff. */
#include "common/json.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/diff_line.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/xpath.h"

/* As the matcher's kind shows it: pretty where it is JSON or XML that is compared. */
static void put_formatted(const struct value_matcher *m, struct slice body, struct buf *ret)
{
    auto_buf struct buf text = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf pretty = BUF_INIT(DIFF_TEXT_MAX);
    auto_json json_t *json = NULL;

    charset_decode(CHARSET_UTF_8, body, &text);
    if (matcher_is(m, &matcher_equal_to_json) &&
        json_loose_read(buf_slice(&text), &json, NULL) == ST_OK)
        json_loose_write(json, JSON_LOOSE_PRETTY, ret);
    else if (matcher_is(m, &matcher_equal_to_xml) &&
             xml_document_write_pretty(buf_slice(&text), &pretty, NULL) == ST_OK)
        buf_put_slice(ret, buf_slice(&pretty));
    else
        buf_put_slice(ret, buf_slice(&text));
}

static void body_line(const struct diff *d, const struct value_matcher *m, struct slice left,
                      struct slice right)
{
    if (!diff_matches(m, (struct slice){right.data ? right.data : "", right.len}))
        diff_plain_line(d, "Body", left, right, false);
}

static void put_path_body(const struct diff *d, const struct value_matcher *m,
                          const struct value_matcher *inner, json_t *found, struct slice body)
{
    auto_json json_t *results = found;
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    const json_t *first = json_array_get(results, 0);

    buf_put_slice(&left, m->text);
    if (!inner) {
        body_line(d, m, buf_slice(&left), body);
        return;
    }
    buf_printf(&left, " [%s] ", inner->kind->name);
    matcher_expected(inner, &left);
    if (first)
        body_line(d, inner, buf_slice(&left),
                  (struct slice){json_string_value(first), json_string_length(first)});
    else
        body_line(d, m, buf_slice(&left), body);
}

static void put_body(const struct diff *d, const struct value_matcher *m, struct slice body)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf formatted = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(DIFF_TEXT_MAX);
    struct value_input in = {.present = body.len > 0};

    put_formatted(m, body, &formatted);
    in.text = buf_slice(&formatted);
    if (matcher_is(m, &matcher_json_path)) {
        put_path_body(d, m, matcher_json_path_inner(m), matcher_json_path_results(m, &in),
                      buf_slice(&formatted));
    } else if (matcher_is(m, &matcher_xpath)) {
        put_path_body(d, m, matcher_xpath_inner(m), matcher_xpath_results(m, &in),
                      buf_slice(&formatted));
    } else if (matcher_is(m, &matcher_binary_equal_to)) {
        if (!diff_matches(m, (struct slice){body.data ? body.data : "", body.len}))
            diff_plain_line(d, "Body", m->text, SLICE("[B@0"), false);
    } else {
        buf_printf(&left, "[%s]\n", m->kind->name);
        matcher_expected(m, &left);
        buf_put_char(&right, '\n');
        buf_put_slice(&right, buf_slice(&formatted));
        body_line(d, m, buf_slice(&left), buf_slice(&right));
    }
}

void diff_put_bodies(const struct diff *d, const struct content_matchers *list, struct slice body)
{
    for (size_t i = 0; i < list->count; i++)
        put_body(d, list->items[i], body);
}
