#include "employees-mock/unmatched.h"

#include "employees-mock/event_json.h"
#include "employees-mock/match/diff.h"
#include "employees-mock/request_target.h"
#include "employees-mock/respond.h"
#include "employees-mock/static_file.h"

enum { REPORT_MAX = 4 << 20 };

/* The first of those that are equally close. */
static struct stub *closest(const struct stub_list *stubs, const struct mock_request *r)
{
    struct stub *best = NULL;
    double least = 0;

    for (size_t i = 0; i < stubs->count; i++) {
        double distance = request_pattern_distance(stubs->items[i]->pattern, r);

        if (!best || distance_is_less(distance, least)) {
            least = distance;
            best = stubs->items[i];
        }
    }
    return best;
}

/* ST_BAD_INPUT: parameters of a query can't be told that Java's URI refuses. */
static enum status write_report(struct app *app, const struct mock_request *r, struct buf *ret,
                                struct why *why)
{
    auto_stub_list struct stub_list stubs = {0};
    auto_free char *state = NULL;
    enum status st = stub_store_list(app->stubs, &stubs, why);
    struct stub *s = st == ST_OK ? closest(&stubs, r) : NULL;

    if (st == ST_OK && s && request_pattern_asks_query(s->pattern))
        st = request_target_check_uri(mock_request_url(r), why);
    if (st != ST_OK)
        return st;
    if (!s) {
        diff_write(NULL, r, ret);
        return ST_OK;
    }
    if (request_pattern_breaks_diff(s->pattern, r))
        return request_pattern_fail_null(why);
    if (s->scenario_name)
        state = scenario_state_of(stub_store_scenarios(app->stubs), s->scenario_name);
    diff_write(&(struct diff_stub){s->pattern, s->name, s->scenario_name, s->required_state, state},
               r, ret);
    return ST_OK;
}

static void note(struct event *event, struct slice report)
{
    event->status = 404;
    event_add_note(event, "REQUEST_NOT_MATCHED",
                   json_pack("{s:i,s:s,s:o}", "status", 404, "contentType", "text/plain", "report",
                             text_json(report)));
}

enum responded unmatched_answer(struct app *app, struct http_request *req,
                                const struct mock_request *r, struct event *event)
{
    auto_buf struct buf report = BUF_INIT(REPORT_MAX);
    struct why why = {0};

    if (write_report(app, r, &report, &why) != ST_OK) {
        respond_exception(req, why.text);
        return RESPONDED_ERROR;
    }
    if (event)
        note(event, buf_slice(&report));
    if (!static_file_answer(app, req))
        http_reply(req, 404, "text/plain;charset=UTF-8", &report);
    return RESPONDED;
}
