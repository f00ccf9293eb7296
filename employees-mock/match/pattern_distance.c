/* How far a request is away from a pattern, by WireMock's weights; and what an index can know. */
#include "employees-mock/match/pattern.h"
#include "employees-mock/match/regex.h"

/* Of what all but the customMatcher matches. */
#define CUSTOM_DISTANCE 0.5

struct weighing {
    double sum;
    double weights;
    bool exact;
};

static void weigh(struct weighing *w, double distance, bool exact, double weight)
{
    w->sum += weight * distance;
    w->weights += weight;
    w->exact = w->exact && exact;
}

static void weigh_matcher(struct weighing *w, const struct value_matcher *m,
                          const struct value_input *in, double weight)
{
    bool exact = true;

    if (m && matcher_matches(m, in, &exact, NULL) != ST_OK)
        exact = false;
    weigh(w, m ? matcher_distance(m, in) : 0, exact, weight);
}

struct mean {
    double sum;
    size_t count;
};

/* Adds one by one, in Java's order, on which the last digits depend. but: the name of an item that
 * does not count, or NULL. */
static void add_all(struct mean *m, const struct multi_matchers *list, struct mock_fields fields,
                    bool any_case, const char *but)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct named_multi_matcher *item = &list->items[i];

        if (but && strcmp(item->name, but) == 0)
            continue;
        m->sum += multi_matcher_distance(item->matcher, fields, slice_of(item->name), any_case);
        m->count++;
    }
}

static double mean_of(struct mean m)
{
    return m.count > 0 ? m.sum / (double)m.count : 0;
}

static double fields_distance(const struct multi_matchers *list, struct mock_fields fields)
{
    struct mean m = {0};

    add_all(&m, list, fields, false, NULL);
    return mean_of(m);
}

/* Basic credentials stand in the place of a pattern for Authorization. */
static double headers_distance(const struct request_pattern *p, const struct mock_request *r)
{
    static const char name[] = "Authorization";
    struct mock_fields headers = mock_request_headers(r);
    struct mean m = {0};

    if (p->authorization) {
        m.sum = multi_matcher_distance(p->authorization, headers, slice_of(name), true);
        m.count = 1;
    }
    add_all(&m, &p->headers, headers, true, p->authorization ? name : NULL);
    return mean_of(m);
}

static double cookies_distance(const struct request_pattern *p, const struct mock_request *r)
{
    double sum = 0;

    for (size_t i = 0; i < p->cookies.count; i++) {
        const struct named_value_matcher *item = &p->cookies.items[i];
        struct value_input in = {.present = true};
        double best = matcher_is(item->matcher, &matcher_absent) ? 0 : 1;
        size_t at = 0;
        bool first = true;

        while (
            mock_fields_next(mock_request_cookies(r), slice_of(item->name), false, &at, &in.text)) {
            double one = matcher_distance(item->matcher, &in);

            best = first || distance_is_less(one, best) ? one : best;
            first = false;
        }
        sum += best;
    }
    return p->cookies.count > 0 ? sum / (double)p->cookies.count : 0;
}

static double path_params_distance(const struct request_pattern *p, const struct mock_request *r)
{
    double sum = 0;

    if (p->url_kind != URL_PATH_TEMPLATE || p->path_params.count == 0)
        return 0;
    for (size_t i = 0; i < p->path_params.count; i++) {
        struct value_input in = pattern_path_param_input(p, p->path_params.items[i].name, r);

        sum += matcher_distance(p->path_params.items[i].matcher, &in);
    }
    return sum / (double)p->path_params.count;
}

static double body_distance(const struct request_pattern *p, const struct mock_request *r)
{
    double sum = 0;

    if (mock_request_lacks(r).body)
        return 0;
    for (size_t i = 0; i < p->body.count; i++) {
        const struct value_matcher *m = p->body.items[i];
        struct value_input in = m ? pattern_body_input(m, r) : (struct value_input){0};

        sum += m ? matcher_distance(m, &in) : 1;
    }
    return p->body.count > 0 ? sum / (double)p->body.count : 0;
}

static double multipart_distance(const struct request_pattern *p, const struct mock_request *r)
{
    double sum = 0;
    bool matched;

    if (p->part_count == 0)
        return 0;
    if (!mock_request_is_multipart(r))
        return 1;
    for (size_t i = 0; i < p->part_count; i++)
        sum += pattern_parts_match(&p->parts[i], r, &matched, NULL) == ST_OK && matched ? 0 : 1;
    return sum / (double)p->part_count;
}

/* The first six parts alone count where they do not all match; WireMock's weights. */
double request_pattern_distance(const struct request_pattern *p, const struct mock_request *r)
{
    struct weighing w = {.exact = true};
    struct value_input host = pattern_input(mock_request_host(r));
    struct value_input client_ip = pattern_input(mock_request_client_ip(r));
    struct value_input url = pattern_url_input(p, r);
    bool method = pattern_method_matches(p, mock_request_method(r));

    weigh(&w, pattern_scheme_matches(p, r) ? 0 : 1, pattern_scheme_matches(p, r), 3);
    weigh_matcher(&w, p->host, &host, 10);
    weigh(&w, pattern_port_matches(p, r) ? 0 : 1, pattern_port_matches(p, r), 10);
    weigh_matcher(&w, p->client_ip, &client_ip, 3);
    weigh_matcher(&w, p->url, &url, 10);
    weigh(&w, method ? 0 : 1, method, 3);
    if (!w.exact)
        return w.sum / w.weights;

    weigh(&w, path_params_distance(p, r), true, 1);
    weigh(&w, headers_distance(p, r), true, 1);
    weigh(&w, fields_distance(&p->query, mock_request_matched_params(r)), true, 1);
    weigh(&w, fields_distance(&p->form, mock_request_form_params(r)), true, 1);
    weigh(&w, cookies_distance(p, r), true, 1);
    weigh(&w, body_distance(p, r), true, 1);
    weigh(&w, multipart_distance(p, r), true, 1);
    return w.sum == 0 && p->has_custom ? CUSTOM_DISTANCE : w.sum / w.weights;
}

/* ---- for indexes ---- */

bool request_pattern_asks_query(const struct request_pattern *p)
{
    return p->query.count > 0;
}

const char *request_pattern_path_template(const struct request_pattern *p)
{
    return p->url_kind == URL_PATH_TEMPLATE ? p->url->text.data : NULL;
}

struct pattern_key request_pattern_key(const struct request_pattern *p)
{
    struct pattern_key key = {.place = PATTERN_ANYWHERE, .text = {"", 0}};
    const char *method = pattern_method(p);

    if (strcmp(method, "ANY") != 0 && strcmp(method, "GET_OR_HEAD") != 0)
        key.method = method;
    switch (p->url_kind) {
    case URL_ANY:
        return key;
    case URL_EQUAL:
        key.place = PATTERN_URL;
        key.text = p->url->text;
        return key;
    case URL_PATH_EQUAL:
        key.place = PATTERN_PATH;
        key.text = p->url->text;
        return key;
    case URL_REGEX:
    case URL_PATH_REGEX:
        key.text = regex_literal_prefix(p->url->state);
        break;
    case URL_PATH_TEMPLATE:
        key.text = path_template_prefix(p->url->state);
        break;
    }
    if (key.text.len > 0)
        key.place = PATTERN_PREFIX;
    return key;
}
