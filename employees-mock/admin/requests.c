#include "employees-mock/admin/requests.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/admin/metadata.h"
#include "employees-mock/event_json.h"
#include "employees-mock/match/datetime.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which events ---- */

struct filter {
    bool unmatched;
    char stub_id[UUID_SIZE]; /* "": any */
    int64_t since_ms;
    const struct request_pattern *pattern;
    const struct value_matcher *metadata;
};

static bool pattern_matches(const struct request_pattern *pattern, const struct event *e)
{
    auto_mock_request struct mock_request *r = mock_request_new(&e->request);
    bool matches = false;

    return r && request_pattern_matches(pattern, r, &matches, NULL) == ST_OK && matches;
}

static bool passes(const struct filter *f, const struct event *e)
{
    if (f->unmatched && e->stub)
        return false;
    if (f->stub_id[0] && (!e->stub || strcmp(e->stub->id, f->stub_id) != 0))
        return false;
    if (f->metadata && !metadata_matches(f->metadata, e->stub))
        return false;
    return !f->pattern || pattern_matches(f->pattern, e);
}

/* Events that pass, each as `write` has it. */
static json_t *collect(struct app *app, const struct filter *f, json_t *(*write)(struct event *e))
{
    auto_journal_list struct journal_list events = {0};
    json_t *list = json_array();

    if (journal_list(app->journal, &events, NULL) != ST_OK)
        return list;
    for (size_t i = 0; i < events.count; i++)
        if (passes(f, events.items[i]))
            json_array_append_new(list, write(events.items[i]));
    return list;
}

static json_t *write_request(struct event *e)
{
    return event_request_json(e);
}

static void answer_list(struct http_request *req, const char *name, json_t *list)
{
    const struct app *app = http_app(req);

    admin_json(req, 200,
               json_pack("{s:o,s:b}", name, list, "requestJournalDisabled",
                         journal_is_disabled(app->journal)));
}

/* ---- the list ---- */

/* ISO 8601 with an offset, and perhaps "[a zone]" behind it. A blank is the "+" of an offset that
 * was not encoded. */
static bool parse_moment(const char *text, int64_t *ret_ms)
{
    auto_free char *copy = strdup(text);
    char *blank = copy ? strchr(copy, ' ') : NULL;
    size_t zone = copy ? strcspn(copy, "[") : 0;
    struct datetime t;

    if (blank)
        *blank = '+';
    if (!copy || (copy[zone] && copy[strlen(copy) - 1] != ']') ||
        !datetime_parse_iso_offset((struct slice){copy, zone}, &t))
        return false;
    *ret_ms = datetime_to_us(&t, 0) / 1000;
    return true;
}

static bool read_since(struct http_request *req, int64_t *ret_ms)
{
    const char *text = http_query_param(req, "since");
    char title[128];

    if (!text || parse_moment(text, ret_ms))
        return true;
    snprintf(title, sizeof title, "%.80s is not a valid ISO8601 date", text);
    admin_json(req, 400,
               json_pack("{s:[{s:i,s:{s:s},s:s}]}", "errors", "code", 10, "source", "pointer",
                         "since", "title", title));
    return false;
}

static bool read_filter(struct http_request *req, struct filter *f)
{
    const char *unmatched = http_query_param(req, "unmatched");
    const char *stub_id = http_query_param(req, "matchingStub");
    char title[160];

    f->since_ms = INT64_MIN;
    f->unmatched = unmatched && strcmp(unmatched, "true") == 0;
    if (stub_id && !admin_uuid(slice_of(stub_id), f->stub_id)) {
        snprintf(title, sizeof title,
                 "Query parameter matchingStub value '%.60s' is not a valid UUID", stub_id);
        admin_error(req, 400, 15, title, NULL);
        return false;
    }
    return read_since(req, &f->since_ms);
}

/* The total counts what passes the filter, whatever the page shows of it. */
static void answer_page(struct http_request *req, const struct filter *f,
                        const struct admin_page *page)
{
    struct app *app = http_app(req);
    auto_journal_list struct journal_list events = {0};
    json_t *list = json_array();
    json_int_t total = 0;
    struct why why = {0};

    if (journal_list(app->journal, &events, &why) != ST_OK) {
        json_decref(list);
        admin_failed(req, ST_NO_MEMORY, &why);
        return;
    }
    for (size_t i = 0; i < events.count; i++) {
        if (!passes(f, events.items[i]))
            continue;
        total++;
        if (events.items[i]->logged_at_ms <= f->since_ms)
            continue;
        if (!page->has_limit || json_array_size(list) < page->limit)
            json_array_append_new(list, event_json(events.items[i]));
    }
    admin_json(req, 200,
               json_pack("{s:o,s:{s:I},s:b}", "requests", list, "meta", "total", total,
                         "requestJournalDisabled", journal_is_disabled(app->journal)));
}

void requests_list(struct http_request *req)
{
    struct filter f = {0};
    struct admin_page page = {0};

    if (admin_read_limit(req, &page) && read_filter(req, &f))
        answer_page(req, &f, &page);
}

void requests_unmatched(struct http_request *req)
{
    answer_list(req, "requests",
                collect(http_app(req), &(struct filter){.unmatched = true}, write_request));
}

void requests_delete_all(struct http_request *req)
{
    struct app *app = http_app(req);

    journal_remove_if(app->journal, NULL, NULL);
    admin_done(req);
}

/* ---- one ---- */

void request_read(struct http_request *req)
{
    struct app *app = http_app(req);
    char id[UUID_SIZE];
    auto_event struct event *e = NULL;

    if (!admin_id(req, id))
        return;
    e = journal_get(app->journal, id);
    if (e)
        admin_json(req, 200, event_json(e));
    else
        admin_empty(req, 404);
}

static bool has_id(void *ctx, const struct event *e)
{
    return strcmp(e->id, ctx) == 0;
}

void request_delete(struct http_request *req)
{
    struct app *app = http_app(req);
    char id[UUID_SIZE];

    if (!admin_id(req, id))
        return;
    journal_remove_if(app->journal, has_id, id);
    admin_done(req);
}

/* ---- by pattern ---- */

/* Whether asking some request ends in a failure, as null is among the pattern's matchers. */
static bool breaks(struct app *app, const struct request_pattern *pattern)
{
    auto_journal_list struct journal_list events = {0};
    bool broken = false;

    if (!request_pattern_has_null(pattern) || journal_list(app->journal, &events, NULL) != ST_OK)
        return false;
    for (size_t i = 0; i < events.count && !broken; i++) {
        auto_mock_request struct mock_request *r = mock_request_new(&events.items[i]->request);

        broken = r && request_pattern_breaks(pattern, r);
    }
    return broken;
}

static enum status try_pattern(struct app *app, const json_t *document, struct match_fault *fault)
{
    auto_request_pattern struct request_pattern *made = NULL;

    (void)app;
    return request_pattern_compile(document, "", &made, fault);
}

/* The pattern of the request's body; NULL: the refusal is stored. */
static struct request_pattern *read_pattern(struct http_request *req)
{
    static const char *const no_objects[] = {NULL};
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};
    auto_request_pattern struct request_pattern *pattern = NULL;
    struct why why = {0};

    if (!admin_read_bound(req, no_objects, try_pattern, &body))
        return NULL;
    if (json_is_null(body) && journal_count(app->journal) > 0) {
        admin_null(req, (struct admin_null_use){ADMIN_PATTERN_MATCH, "pattern"});
        return NULL;
    }
    if (request_pattern_compile(body, "", &pattern, &fault) != ST_OK) {
        admin_fault(req, &fault);
        return NULL;
    }
    if (breaks(app, pattern)) {
        admin_failed(req, request_pattern_fail_null(&why), &why);
        return NULL;
    }
    return take(pattern);
}

void requests_count(struct http_request *req)
{
    auto_request_pattern struct request_pattern *pattern = read_pattern(req);
    struct app *app = http_app(req);
    auto_journal_list struct journal_list events = {0};
    struct filter f = {.pattern = pattern};
    json_int_t count = journal_is_disabled(app->journal) ? -1 : 0;

    if (!pattern)
        return;
    if (journal_list(app->journal, &events, NULL) == ST_OK)
        for (size_t i = 0; i < events.count; i++)
            count += passes(&f, events.items[i]);
    admin_json(req, 200,
               json_pack("{s:I,s:b}", "count", count, "requestJournalDisabled",
                         journal_is_disabled(app->journal)));
}

void requests_find(struct http_request *req)
{
    auto_request_pattern struct request_pattern *pattern = read_pattern(req);
    auto_json json_t *newest_first = NULL;
    json_t *list;

    if (!pattern)
        return;
    newest_first = collect(http_app(req), &(struct filter){.pattern = pattern}, write_request);
    list = json_array();
    for (size_t i = json_array_size(newest_first); i > 0; i--)
        json_array_append(list, json_array_get(newest_first, i - 1));
    answer_list(req, "requests", list);
}

/* Matching may take its time: it is done before the journal is asked to wait. */
static void remove_those(struct http_request *req, const struct filter *f)
{
    struct app *app = http_app(req);
    auto_journal_list struct journal_list events = {0};
    json_t *removed = json_array();
    size_t kept = 0;

    if (journal_list(app->journal, &events, NULL) == ST_OK) {
        for (size_t i = 0; i < events.count; i++) {
            struct event *e = events.items[i];

            if (!passes(f, e)) {
                event_drop(e);
                continue;
            }
            json_array_append_new(removed, event_json(e));
            events.items[kept++] = e;
        }
        events.count = kept;
        journal_remove_those(app->journal, &events);
    }
    admin_json(req, 200, json_pack("{s:o}", "serveEvents", removed));
}

void requests_remove(struct http_request *req)
{
    auto_request_pattern struct request_pattern *pattern = read_pattern(req);

    if (pattern)
        remove_those(req, &(struct filter){.pattern = pattern});
}

void requests_remove_by_metadata(struct http_request *req)
{
    struct app *app = http_app(req);
    struct value_matcher *matcher =
        metadata_read(req, "metadataPattern", journal_count(app->journal));

    if (!matcher)
        return;
    remove_those(req, &(struct filter){.metadata = matcher});
    value_matcher_free(matcher);
}
