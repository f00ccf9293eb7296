#include "employees-mock/admin/near_misses.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/admin/logged_request.h"
#include "employees-mock/bind.h"
#include "employees-mock/event_json.h"
#include "employees-mock/match/match_notes.h"

#include <math.h>

enum { NEAREST = 3 };

/* The closest few so far, nearest first. */
struct nearest {
    struct {
        size_t index;
        double distance;
    } items[NEAREST];
    size_t count;
};

/* Of equally close ones the first stays in front. */
static void offer(struct nearest *n, size_t index, double distance)
{
    size_t at = n->count < NEAREST ? n->count++ : NEAREST;

    for (; at > 0 && distance_is_less(distance, n->items[at - 1].distance); at--)
        if (at < NEAREST)
            n->items[at] = n->items[at - 1];
    if (at < NEAREST) {
        n->items[at].index = index;
        n->items[at].distance = distance;
    }
}

/* notes move in. */
static json_t *result_json(double distance, json_t *notes)
{
    return json_pack("{s:o,s:[],s:o}", "subEvents", notes, "diffDescriptions", "distance",
                     isnan(distance) ? json_string("NaN") : json_real(distance));
}

/* What matching notes of the pair, up to the first part that does not match; a new array. */
static json_t *notes_of(const struct request_pattern *pattern, const struct mock_request *r)
{
    struct match_notes notes = {0};
    bool matches;

    mock_request_note_in(r, &notes);
    (void)!request_pattern_matches(pattern, r, &matches, NULL);
    mock_request_note_in(r, NULL);
    return notes.list ? notes.list : json_array();
}

/* Appends the stubs nearest to a request. `request` is borrowed. False: a pattern breaks. */
static bool add_stubs(json_t *list, const struct stub_list *stubs, const struct mock_request *r,
                      json_t *request)
{
    struct nearest n = {0};

    for (size_t i = 0; i < stubs->count; i++)
        if (request_pattern_breaks(stubs->items[i]->pattern, r))
            return false;
    for (size_t i = 0; i < stubs->count; i++)
        offer(&n, i, request_pattern_distance(stubs->items[i]->pattern, r));
    for (size_t i = 0; i < n.count; i++)
        json_array_append_new(
            list, json_pack("{s:O,s:o,s:o}", "request", request, "stubMapping",
                            stub_json_copy(stubs->items[n.items[i].index]), "matchResult",
                            result_json(n.items[i].distance,
                                        notes_of(stubs->items[n.items[i].index]->pattern, r))));
    return true;
}

/* The list moves in. broken: a pattern has null among its matchers. */
static void answer(struct http_request *req, json_t *list, bool broken)
{
    struct why why = {0};

    if (broken) {
        json_decref(list);
        admin_failed(req, request_pattern_fail_null(&why), &why);
        return;
    }
    admin_json(req, 200, json_pack("{s:o}", "nearMisses", list));
}

void near_misses_of_unmatched(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_stub_list struct stub_list stubs = {0};
    auto_journal_list struct journal_list events = {0};
    json_t *list = json_array();
    bool broken = false;

    if (stub_store_list(app->stubs, &stubs, NULL) != ST_OK ||
        journal_list(app->journal, &events, NULL) != ST_OK) {
        answer(req, list, false);
        return;
    }
    for (size_t i = 0; i < events.count && !broken; i++) {
        auto_mock_request struct mock_request *r = NULL;
        auto_json json_t *request = NULL;

        if (events.items[i]->stub)
            continue;
        r = mock_request_new(&events.items[i]->request);
        request = event_request_json(events.items[i]);
        if (r && request)
            broken = !add_stubs(list, &stubs, r, request);
    }
    answer(req, list, broken);
}

static enum status read_request(json_t *logged, struct mock_request **ret,
                                struct match_fault *fault)
{
    struct why why = {0};
    enum status st = logged_request_bind(logged, fault);

    if (st != ST_OK)
        return st;
    st = mock_request_from_json(logged, ret, &why);
    return st == ST_OK ? ST_OK : bind_fail(fault, "", NULL, "%s", why.text);
}

void near_misses_of_request(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    auto_json json_t *request = NULL;
    auto_mock_request struct mock_request *r = NULL;
    auto_stub_list struct stub_list stubs = {0};
    struct match_fault fault = {0};
    json_t *list;
    struct why why = {0};
    bool broken;

    if (!admin_read(req, &body))
        return;
    if (stub_store_list(app->stubs, &stubs, &why) != ST_OK) {
        admin_failed(req, ST_NO_MEMORY, &why);
        return;
    }
    if (json_is_null(body)) { /* nobody asks it anything where there is no stub */
        if (stubs.count > 0)
            admin_null(req, (struct admin_null_use){"http.Request.getUrl()", "request"});
        else
            answer(req, json_array(), false);
        return;
    }
    if (read_request(body, &r, &fault) != ST_OK) {
        admin_fault(req, &fault);
        return;
    }
    request = request_json(r, body);
    list = json_array();
    broken = !add_stubs(list, &stubs, r, request);
    answer(req, list, broken);
}

/* Appends the requests nearest to a pattern. False: it breaks. */
static bool add_requests(json_t *list, const struct journal_list *events,
                         const struct request_pattern *pattern)
{
    auto_json json_t *pattern_json = request_pattern_json(pattern);
    struct nearest n = {0};

    for (size_t i = 0; i < events->count; i++) {
        auto_mock_request struct mock_request *r = mock_request_new(&events->items[i]->request);

        if (r && request_pattern_breaks(pattern, r))
            return false;
        if (r)
            offer(&n, i, request_pattern_distance(pattern, r));
    }
    for (size_t i = 0; i < n.count; i++) {
        const struct event *e = events->items[n.items[i].index];
        auto_mock_request struct mock_request *r = mock_request_new(&e->request);

        json_array_append_new(
            list,
            json_pack("{s:o,s:O,s:o}", "request", event_request_json(e), "requestPattern",
                      pattern_json, "matchResult",
                      result_json(n.items[i].distance, r ? notes_of(pattern, r) : json_array())));
    }
    return true;
}

void near_misses_of_pattern(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    auto_request_pattern struct request_pattern *pattern = NULL;
    auto_journal_list struct journal_list events = {0};
    struct match_fault fault = {0};
    json_t *list;
    bool broken;

    if (!admin_read(req, &body))
        return;
    if (json_is_null(body) && journal_count(app->journal) > 0) {
        admin_null(req, (struct admin_null_use){ADMIN_PATTERN_MATCH, "requestPattern"});
        return;
    }
    if (request_pattern_compile(body, "", &pattern, &fault) != ST_OK) {
        admin_fault(req, &fault);
        return;
    }
    list = json_array();
    broken =
        journal_list(app->journal, &events, NULL) == ST_OK && !add_requests(list, &events, pattern);
    answer(req, list, broken);
}
