#include "employees-mock/unmatched.h"

#include "employees-mock/event_json.h"
#include "employees-mock/match/diff.h"
#include "employees-mock/static_file.h"

enum { REPORT_MAX = 4 << 20 };

/* The first of those that are equally close. */
static struct stub *closest(const struct stub_list *stubs, const struct mock_request *r)
{
    struct stub *best = NULL;
    double least = 2;

    for (size_t i = 0; i < stubs->count; i++) {
        double distance = request_pattern_distance(stubs->items[i]->pattern, r);

        if (distance < least) {
            least = distance;
            best = stubs->items[i];
        }
    }
    return best;
}

static void write_report(struct app *app, const struct mock_request *r, struct buf *ret)
{
    auto_stub_list struct stub_list stubs = {0};
    auto_free char *state = NULL;
    struct stub *s;

    if (stub_store_list(app->stubs, &stubs, NULL) != ST_OK)
        return;
    s = closest(&stubs, r);
    if (!s) {
        diff_write(NULL, r, ret);
        return;
    }
    if (s->scenario_name)
        state = scenario_state_of(stub_store_scenarios(app->stubs), s->scenario_name);
    diff_write(&(struct diff_stub){s->pattern, s->name, s->scenario_name, s->required_state, state},
               r, ret);
}

static void note(struct event *event, struct slice report)
{
    event->status = 404;
    event_add_note(event, "REQUEST_NOT_MATCHED",
                   json_pack("{s:i,s:s,s:o}", "status", 404, "contentType", "text/plain", "report",
                             text_json(report)));
}

void unmatched_answer(struct app *app, struct http_request *req, const struct mock_request *r,
                      struct event *event)
{
    auto_buf struct buf report = BUF_INIT(REPORT_MAX);

    write_report(app, r, &report);
    if (event)
        note(event, buf_slice(&report));
    if (static_file_answer(app, req))
        return;
    http_reply(req, 404, "text/plain;charset=UTF-8", &report);
}
