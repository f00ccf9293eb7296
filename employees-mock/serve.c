#include "employees-mock/serve.h"

#include "common/clock.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/admin/server.h"
#include "employees-mock/app.h"
#include "employees-mock/cors.h"
#include "employees-mock/match/fields.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/received.h"
#include "employees-mock/request_target.h"
#include "employees-mock/respond.h"
#include "employees-mock/unmatched.h"
#include "employees-mock/webhook.h"

#include <string.h>

/* A request that nobody will ask for later needs no event. */
static struct event *make_event(struct app *app, const struct received *received, struct stub *stub)
{
    struct event *e;

    if (journal_is_disabled(app->journal) && !(stub && stub->listeners) &&
        !app->flags->print_traffic)
        return NULL;
    e = event_new(&received->source);
    if (!e || !stub)
        return e;
    e->stub = stub_hold(stub);
    return e;
}

static enum responded answer(struct app *app, struct http_request *req,
                             const struct mock_request *r, struct stub *stub, struct event *event)
{
    const struct answer *a = stub_choose_answer(stub);

    atomic_fetch_add_explicit(&stub->served, 1, memory_order_relaxed);
    if (event) {
        event->answer = a;
        event->status = a->status;
    }
    return respond(&(struct exchange){app, req, r, stub, a, event});
}

static enum responded answer_or_refuse(struct app *app, struct http_request *req,
                                       const struct mock_request *r, struct stub *stub,
                                       struct event *event)
{
    struct request_state *state = http_state(req);
    struct why why = {0};

    if (event)
        state->event = event_hold(event);
    if (stub)
        state->stub = stub_hold(stub);
    if (app->flags->stub_cors && stub)
        http_reply_header(req, "Vary", "Origin");
    if (stub)
        return answer(app, req, r, stub, event);
    if (app->rules.templating == TEMPLATING_GLOBAL && respond_check_model(r, &why) != ST_OK) {
        respond_exception(req, why.text);
        return RESPONDED_ERROR;
    }
    return unmatched_answer(app, req, r, event);
}

void serve_done(struct app *app, struct event *event)
{
    if (!event)
        return;
    atomic_store(&event->processed_us, clock_monotonic_us() - event->started_us);
    journal_add(app->journal, event);
    if (event->stub && event->stub->listeners)
        webhook_fire(app, event);
}

static void serve_received(struct app *app, struct http_request *req,
                           const struct received *received)
{
    auto_mock_request struct mock_request *r = mock_request_new(&received->source);
    auto_stub struct stub *stub = NULL;
    auto_event struct event *event = NULL;
    auto_match_notes struct match_notes notes = {0};
    struct why why = {0};

    if (!r) {
        respond_exception(req, "out of memory");
        return;
    }
    if (!journal_is_disabled(app->journal))
        mock_request_note_in(r, &notes);
    if (fields_check_cookies(mock_request_headers(r), &why) != ST_OK) {
        respond_page(req, 400, why.text);
        return;
    }
    cors_add_stub_headers(req);
    if (mock_request_check(r, &why) != ST_OK ||
        stub_store_match(app->stubs, r, &stub, &why) != ST_OK) {
        respond_exception(req, why.text);
        return;
    }
    if (stub && stub->listens_to_null) {
        respond_exception(req, "java.lang.NullPointerException: Cannot invoke \"com.github."
                               "tomakehurst.wiremock.extension.ServeEventListenerDefinition."
                               "getName()\" because \"listenerDef\" is null");
        return;
    }
    mock_request_note_in(r, NULL);
    event = make_event(app, received, stub);
    if (event)
        event_add_match_notes(event, notes.list);
    if (answer_or_refuse(app, req, r, stub, event) == RESPONDED)
        serve_done(app, event);
}

/* Paths that Jetty takes for the admin API's, but in other letters than the routes have. */
static bool answer_as_admin(struct http_request *req)
{
    struct slice path = http_path(req);
    enum admin_place place = ADMIN_NOT;

    if (memchr(path.data, '%', path.len) || memmem(path.data, path.len, "admin", 5))
        place = request_target_admin_place(path);
    if (place == ADMIN_ROOT)
        server_root(req);
    else if (place == ADMIN_INSIDE && admin_check(req))
        admin_empty(req, 404);
    return place != ADMIN_NOT;
}

static void refuse_received(struct http_request *req, const struct why *why)
{
    cors_add_stub_headers(req);
    respond_exception(req, why->text);
}

void serve_request(struct http_request *req)
{
    struct app *app = http_app(req);
    struct received received;
    struct why why = {0};

    if (answer_as_admin(req))
        return;
    if (app->flags->stub_cors && cors_answer_preflight(req))
        return;
    if (received_read(req, app->port, !app->flags->disable_gzip, &received, &why) == ST_OK)
        serve_received(app, req, &received);
    else
        refuse_received(req, &why);
    received_done(&received);
}
