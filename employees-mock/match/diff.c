#include "employees-mock/match/diff.h"

#include "common/json.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/diff_columns.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern.h"
#include "employees-mock/match/xpath.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 64 << 20, WIDTH = 119, WIDTH_MIN = 40, WIDTH_MAX = 2000 };

struct diff {
    struct columns columns;
    const struct request_pattern *p;
    const struct mock_request *r;
};

/* ---- lines ---- */

static void spacer(const struct diff *d)
{
    columns_line(&d->columns, (struct slice){"", 0}, (struct slice){"", 0},
                 (struct slice){NULL, 0});
}

/* "Header does not match", "Header is not present", nothing; more.data NULL: no more to say. */
static void line(const struct diff *d, const char *attribute, struct slice left, struct slice right,
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

static void plain_line(const struct diff *d, const char *attribute, struct slice left,
                       struct slice right, bool exact)
{
    line(d, attribute, left, right, exact, (struct slice){NULL, 0});
}

static bool matches(const struct value_matcher *m, struct slice value)
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
static void put_operator(const struct value_matcher *m, const char *equality, struct buf *ret)
{
    if (is_equality(m))
        buf_put_text(ret, equality);
    else
        buf_printf(ret, " [%s] ", m->kind->name);
}

/* What a matcher expects, where WireMock prints the plain value of it: null for absent. */
static void put_value(const struct value_matcher *m, struct buf *ret)
{
    if (matcher_is(m, &matcher_absent))
        buf_put_text(ret, "null");
    else
        matcher_expected(m, ret);
}

static void put_multi_operator(const struct multi_matcher *m, const char *equality, struct buf *ret)
{
    if (m->kind == MULTI_SINGLE) {
        put_operator(m->matchers[0], equality, ret);
        return;
    }
    buf_put_text(ret, m->kind == MULTI_HAS_EXACTLY ? " exactly [" : " including [");
    multi_matcher_name(m, ret);
    buf_put_char(ret, ']');
}

/* ---- connection, method, URL ---- */

static void put_host(const struct diff *d)
{
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);

    if (!d->p->host)
        return;
    put_operator(d->p->host, "", &left);
    matcher_expected(d->p->host, &left);
    plain_line(d, "Host", slice_trim(buf_slice(&left)), mock_request_host(d->r),
               matches(d->p->host, mock_request_host(d->r)));
}

static void put_port(const struct diff *d)
{
    char wanted[24];
    char found[24];

    if (!d->p->has_port)
        return;
    snprintf(wanted, sizeof wanted, "%d", d->p->port);
    snprintf(found, sizeof found, "%d", mock_request_port(d->r));
    plain_line(d, "Port", slice_of(wanted), slice_of(found), d->p->port == mock_request_port(d->r));
}

/* WireMock compares the address with the words of the matcher, so it never matches here. */
static void put_client_ip(const struct diff *d)
{
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);

    if (!d->p->client_ip)
        return;
    buf_printf(&left, "%s ", d->p->client_ip->kind->name);
    put_value(d->p->client_ip, &left);
    plain_line(d, "ClientIp", buf_slice(&left), mock_request_client_ip(d->r), false);
}

static void put_scheme(const struct diff *d)
{
    if (d->p->scheme)
        plain_line(d, "Scheme", slice_of(d->p->scheme), mock_request_scheme(d->r),
                   slice_is(mock_request_scheme(d->r), d->p->scheme));
}

static void put_method(const struct diff *d)
{
    plain_line(d, "HTTP method", slice_of(pattern_method(d->p)), mock_request_method(d->r),
               pattern_method_matches(d->p, mock_request_method(d->r)));
}

static bool has_open_question_mark(struct slice regex)
{
    const char *mark = regex.len > 0 ? memchr(regex.data, '?', regex.len) : NULL;

    return mark && (mark - regex.data < 2 || mark[-1] != '\\');
}

static void put_url(const struct diff *d, bool *ret_exact)
{
    static const char *const kinds[] = {
        [URL_ANY] = "",
        [URL_EQUAL] = "",
        [URL_REGEX] = "[regex] ",
        [URL_PATH_EQUAL] = "[path] ",
        [URL_PATH_REGEX] = "[path regex] ",
        [URL_PATH_TEMPLATE] = "[path template] ",
    };
    struct slice wanted = d->p->url ? d->p->url->text : SLICE("(always)");
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
    auto_buf struct buf more = BUF_INIT(256);

    if (pattern_url_matches(d->p, d->r, ret_exact, NULL) != ST_OK)
        *ret_exact = false;
    buf_put_text(&left, kinds[d->p->url_kind]);
    buf_put_slice(&left, wanted);
    if ((d->p->url_kind == URL_REGEX || d->p->url_kind == URL_PATH_REGEX) &&
        has_open_question_mark(wanted))
        buf_put_text(&more, ". When using a regex, \"?\" should be \"\\?\"");
    if (d->p->url && !slice_starts(wanted, SLICE("/")))
        buf_put_text(&more, ". URLs must start with a /");
    line(d, "URL", buf_slice(&left), mock_request_url(d->r), *ret_exact, buf_slice(&more));
    spacer(d);
}

/* ---- named values ---- */

/* One value a line, as "key: value". */
static void put_values(struct mock_fields fields, struct slice name, bool any_case, struct buf *ret)
{
    struct slice value;
    size_t at = 0;

    while (mock_fields_next(fields, name, any_case, &at, &value)) {
        if (ret->len > 0)
            buf_put_char(ret, '\n');
        buf_put_slice(ret, name);
        buf_put_text(ret, ": ");
        buf_put_slice(ret, value);
    }
}

static void put_named(const struct diff *d, const char *attribute, const char *before,
                      const struct named_multi_matcher *item, struct mock_fields fields,
                      bool header)
{
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
    auto_buf struct buf expected = BUF_INIT(TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(TEXT_MAX);
    struct slice name = slice_of(item->name);
    bool exact = false;

    multi_matcher_expected(item->matcher, &expected);
    buf_printf(&left, "%s%s", before, item->name);
    put_multi_operator(item->matcher, header ? "" : " = ", &left);
    if (header && expected.len > 0)
        buf_put_text(&left, ": ");
    buf_put_slice(&left, buf_slice(&expected));
    put_values(fields, name, header, &right);
    if (multi_matcher_matches(item->matcher, fields, name, header, &exact, NULL) != ST_OK)
        exact = false;
    plain_line(d, attribute, buf_slice(&left), buf_slice(&right), exact);
}

static void put_headers(const struct diff *d, const struct multi_matchers *list,
                        struct multi_matcher *authorization, struct mock_fields headers)
{
    char name[] = "Authorization";
    struct named_multi_matcher own = {name, authorization};

    for (size_t i = 0; i < list->count; i++) {
        if (!authorization || strcmp(list->items[i].name, own.name) != 0)
            put_named(d, "Header", "", &list->items[i], headers, true);
    }
    if (authorization)
        put_named(d, "Header", "", &own, headers, true);
    if (list->count > 0 || authorization)
        spacer(d);
}

static void put_list(const struct diff *d, const char *attribute, const char *before,
                     const struct multi_matchers *list, struct mock_fields fields)
{
    for (size_t i = 0; i < list->count; i++)
        put_named(d, attribute, before, &list->items[i], fields, false);
    if (list->count > 0)
        spacer(d);
}

/* Only where the template matches, in the template's order. */
static void put_path_params(const struct diff *d, bool url_matches)
{
    const struct value_matchers *list = &d->p->path_params;

    if (d->p->url_kind != URL_PATH_TEMPLATE || list->count == 0 || !url_matches)
        return;
    for (size_t i = 0; i < path_template_count(d->p->url->state); i++) {
        struct slice name = path_template_name(d->p->url->state, i);
        struct slice value = {NULL, 0};

        (void)path_template_value(d->p->url->state, i, mock_request_path(d->r), &value);
        for (size_t j = 0; j < list->count; j++) {
            auto_buf struct buf left = BUF_INIT(TEXT_MAX);

            if (!slice_is(name, list->items[j].name))
                continue;
            buf_printf(&left, "Path parameter: %s", list->items[j].name);
            put_operator(list->items[j].matcher, " = ", &left);
            put_value(list->items[j].matcher, &left);
            plain_line(d, "Path parameter", buf_slice(&left), value,
                       matches(list->items[j].matcher, value));
        }
    }
    spacer(d);
}

static void put_cookies(const struct diff *d)
{
    const struct value_matchers *list = &d->p->cookies;

    for (size_t i = 0; i < list->count; i++) {
        auto_buf struct buf left = BUF_INIT(TEXT_MAX);
        struct slice value = {"", 0};
        size_t at = 0;

        mock_fields_next(mock_request_cookies(d->r), slice_of(list->items[i].name), false, &at,
                         &value);
        buf_printf(&left, "Cookie: %s", list->items[i].name);
        put_operator(list->items[i].matcher, "=", &left);
        put_value(list->items[i].matcher, &left);
        plain_line(d, "Cookie", buf_slice(&left), value, matches(list->items[i].matcher, value));
    }
    if (list->count > 0)
        spacer(d);
}

/* ---- bodies: only those that do not match are shown ---- */

/* As the matcher's kind shows it: pretty where it is JSON or XML that is compared. */
static void put_formatted(const struct value_matcher *m, struct slice body, struct buf *ret)
{
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);
    auto_buf struct buf pretty = BUF_INIT(TEXT_MAX);
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
    if (!matches(m, (struct slice){right.data ? right.data : "", right.len}))
        plain_line(d, "Body", left, right, false);
}

static void put_path_body(const struct diff *d, const struct value_matcher *m,
                          const struct value_matcher *inner, json_t *found, struct slice body)
{
    auto_json json_t *results = found;
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
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
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
    auto_buf struct buf formatted = BUF_INIT(TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(TEXT_MAX);
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
        if (!matches(m, (struct slice){body.data ? body.data : "", body.len}))
            plain_line(d, "Body", m->text, SLICE("[B@0"), false);
    } else {
        buf_printf(&left, "[%s]\n", m->kind->name);
        matcher_expected(m, &left);
        buf_put_char(&right, '\n');
        buf_put_slice(&right, buf_slice(&formatted));
        body_line(d, m, buf_slice(&left), buf_slice(&right));
    }
}

static void put_bodies(const struct diff *d, const struct content_matchers *list, struct slice body)
{
    for (size_t i = 0; i < list->count; i++)
        put_body(d, list->items[i], body);
}

/* ---- multipart ---- */

/* `before` and `behind` around the names of both sides. */
static void put_section(const struct diff *d, const char *before, const char *pattern_name,
                        const char *slash, struct slice part_name)
{
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(TEXT_MAX);

    buf_printf(&left, "[%s%s%s]", before, pattern_name ? ": " : "",
               pattern_name ? pattern_name : "");
    buf_printf(&right, "[%s%.*s]", slash, (int)part_name.len, part_name.data ? part_name.data : "");
    plain_line(d, "", buf_slice(&left), buf_slice(&right), true);
}

static void put_part(const struct diff *d, const struct part_pattern *pattern,
                     const struct mock_part *part)
{
    bool matched = false;

    spacer(d);
    put_section(d, "Multipart", pattern->name, "", part->name);
    spacer(d);
    if (pattern_part_matches(pattern, part, &matched, NULL) != ST_OK || !matched) {
        put_headers(d, &pattern->headers, NULL, part->headers);
        put_bodies(d, &pattern->body, part->body);
        spacer(d);
    }
    put_section(d, "/Multipart", NULL, "/", part->name);
    spacer(d);
}

static void put_multipart(const struct diff *d)
{
    const struct mock_part *parts;
    size_t count = mock_request_parts(d->r, &parts);

    for (size_t i = 0; i < d->p->part_count; i++) {
        bool matched = false;

        if (!mock_request_is_multipart(d->r)) {
            columns_line(&d->columns, SLICE("[Multipart request body]"), (struct slice){"", 0},
                         SLICE("[Multipart request body] is not present"));
            continue;
        }
        if (pattern_parts_match(&d->p->parts[i], d->r, &matched, NULL) == ST_OK && matched)
            continue;
        for (size_t j = 0; j < count; j++)
            put_part(d, &d->p->parts[i], &parts[j]);
    }
}

/* ---- the whole ---- */

static void put_scenario(const struct diff *d, const struct diff_stub *stub)
{
    auto_buf struct buf left = BUF_INIT(TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(TEXT_MAX);

    if (!stub->scenario || !stub->required_state)
        return;
    buf_printf(&left, "[Scenario '%s' state: %s]", stub->scenario, stub->required_state);
    buf_printf(&right, "[Scenario '%s' state: %s]", stub->scenario,
               stub->current_state ? stub->current_state : "null");
    plain_line(d, "Scenario", buf_slice(&left), buf_slice(&right), false);
}

static size_t width_for(const struct mock_request *r)
{
    struct slice asked = mock_request_header(r, "X-WireMock-Console-Width");
    auto_free char *text = asked.data ? slice_dup(asked) : NULL;
    long width = text ? strtol(text, NULL, 10) : WIDTH;

    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : (size_t)width;
}

void diff_write(const struct diff_stub *stub, const struct mock_request *r, struct buf *ret)
{
    struct diff d = {.columns = {ret, 0}, .r = r};
    bool url_matches = false;

    if (!stub) {
        buf_put_text(ret, "No response could be served as there are no stub mappings in this "
                          "WireMock instance.");
        return;
    }
    d.p = stub->pattern;
    d.columns.width = width_for(r);
    columns_header(&d.columns);
    if (stub->name) {
        columns_line(&d.columns, slice_of(stub->name), (struct slice){"", 0},
                     (struct slice){NULL, 0});
        columns_blank(&d.columns);
    }
    put_host(&d);
    put_port(&d);
    put_client_ip(&d);
    put_scheme(&d);
    put_method(&d);
    put_url(&d, &url_matches);
    put_headers(&d, &d.p->headers, d.p->authorization, mock_request_headers(r));
    put_path_params(&d, url_matches);
    put_list(&d, "Query", "Query: ", &d.p->query, mock_request_query_params(r));
    put_list(&d, "Form data", "Form: ", &d.p->form, mock_request_form_params(r));
    put_cookies(&d);
    put_bodies(&d, &d.p->body, mock_request_body(r));
    put_multipart(&d);
    put_scenario(&d, stub);
    columns_blank(&d.columns);
    columns_footer(&d.columns);
}
