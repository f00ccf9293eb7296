#include "employees-mock/recorder.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/json_own.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/record_stub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recorder {
    pthread_mutex_t lock;
    enum recorder_state state;
    struct record_spec spec;
    char stub_id[UUID_SIZE]; /* of the stub that proxies */
    uint64_t started_us;
};

enum status recorder_new(struct recorder **ret, struct why *why)
{
    struct recorder *r = calloc(1, sizeof *r);

    if (!r)
        return fail_memory(why);
    pthread_mutex_init(&r->lock, NULL);
    *ret = r;
    return ST_OK;
}

void recorder_free(struct recorder *r)
{
    if (!r)
        return;
    record_spec_done(&r->spec);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

enum recorder_state recorder_state(struct recorder *r)
{
    enum recorder_state state;

    pthread_mutex_lock(&r->lock);
    state = r->state;
    pthread_mutex_unlock(&r->lock);
    return state;
}

/* ---- which events ---- */

static bool is_listed(const json_t *ids, const char *id)
{
    size_t i;
    json_t *one;

    json_array_foreach ((json_t *)ids, i, one) {
        if (json_is_string(one) && strcmp(json_string_value(one), id) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const struct event *e, const struct record_spec *spec, uint64_t since_us)
{
    auto_mock_request struct mock_request *r = NULL;
    bool matches = false;

    if (e->started_us < since_us)
        return false;
    if (!(e->answer && e->answer->proxy_base.text) && !spec->allow_non_proxied)
        return false;
    if (spec->ids && !is_listed(spec->ids, e->id))
        return false;
    if (!spec->filter)
        return true;
    r = mock_request_new(&e->request);
    return r && request_pattern_matches(spec->filter, r, &matches, NULL) == ST_OK && matches;
}

/* ---- repeats ---- */

static bool same_request(const json_t *a, const json_t *b)
{
    return json_loose_equal(json_object_get(a, "request"), json_object_get(b, "request"));
}

static void drop_repeats(json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = json_array_size(list); k-- > i + 1;)
            if (same_request(json_array_get(list, i), json_array_get(list, k)))
                json_array_remove(list, k);
}

static void set_state(json_t *mapping, const char *member, const char *scenario, size_t turn)
{
    json_object_set_new(mapping, member,
                        turn == 1 ? json_string(SCENARIO_STARTED)
                                  : json_sprintf("%s-%zu", scenario, turn));
}

/* The list is newest first: turns are counted from its end. */
static void link_repeats(json_t *list, size_t first, const char *scenario)
{
    json_t *last = json_array_get(list, first);
    size_t turn = 1;

    json_object_set_new(last, "scenarioName", json_string(scenario));
    set_state(last, "requiredScenarioState", scenario, turn);
    for (size_t k = first; k-- > 0;) {
        json_t *next = json_array_get(list, k);

        if (!same_request(last, next))
            continue;
        set_state(last, "newScenarioState", scenario, ++turn);
        json_object_set_new(next, "scenarioName", json_string(scenario));
        set_state(next, "requiredScenarioState", scenario, turn);
        last = next;
    }
}

/* The oldest of those like item i; i itself where there is none. */
static size_t oldest_like(const json_t *list, size_t i)
{
    for (size_t k = json_array_size(list); k-- > i + 1;)
        if (same_request(json_array_get(list, i), json_array_get(list, k)))
            return k;
    return i;
}

static void make_scenarios(json_t *list)
{
    size_t number = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *mapping = json_array_get(list, i);
        size_t first = oldest_like(list, i);
        auto_buf struct buf path = BUF_INIT(4 << 20);
        auto_buf struct buf scenario = BUF_INIT(4 << 20);

        if (json_object_get(mapping, "scenarioName") || first == i)
            continue;
        record_stub_put_path(json_object_get(mapping, "request"), &path);
        buf_printf(&scenario, "scenario-%zu-", ++number);
        buf_put_slice(&scenario, buf_slice(&path));
        if (buf_text(&scenario))
            link_repeats(list, first, scenario.data);
    }
}

/* ---- all together ---- */

/* What a recording makes, before any of it is kept. */
struct recording {
    struct journal_list events; /* what the files borrow from */
    json_t *mappings;
    struct record_file *files; /* one an event; "": none */
    struct stub **stubs;       /* one a mapping */
};

static void recording_done(struct recording *r)
{
    for (size_t i = 0; r->files && i < r->events.count; i++)
        record_file_done(&r->files[i]);
    for (size_t i = 0; r->stubs && i < json_array_size(r->mappings); i++)
        stub_drop(r->stubs[i]);
    free(r->files);
    free(r->stubs);
    json_decref(r->mappings);
    journal_unlist(&r->events);
}
#define auto_recording __attribute__((cleanup(recording_done)))

static enum status make_mappings(struct app *app, const struct record_spec *spec, uint64_t since_us,
                                 struct recording *ret, struct why *why)
{
    enum status st = journal_list(app->journal, &ret->events, why);

    if (st != ST_OK)
        return st;
    ret->mappings = json_array();
    ret->files = calloc(ret->events.count + 1, sizeof *ret->files);
    if (!ret->mappings || !ret->files)
        return fail_memory(why);
    for (size_t i = 0; i < ret->events.count; i++) {
        json_t *mapping;

        if (!is_wanted(ret->events.items[i], spec, since_us))
            continue;
        mapping = record_stub_json(ret->events.items[i], spec, &ret->files[i]);
        if (spec->persist)
            json_object_set_new(mapping, "persistent", json_true());
        if (json_array_append_new(ret->mappings, mapping) != 0)
            return fail_memory(why);
    }
    if (spec->repeats_as_scenarios)
        make_scenarios(ret->mappings);
    else
        drop_repeats(ret->mappings);
    return ST_OK;
}

/* The words of WireMock where a body that was sent can't stand in a stub. */
static void say_of_body(const json_t *mapping, struct match_fault *fault)
{
    const json_t *patterns = json_object_get(json_object_get(mapping, "request"), "bodyPatterns");

    fault->placeless = true;
    if (!json_object_get(json_array_get(patterns, 0), "equalToXml"))
        return;
    fault->code = MATCH_FAULT_XML;
    snprintf(fault->title, sizeof fault->title, "%.*s", (int)strcspn(fault->detail, ";"),
             fault->detail);
}

/* A stub shares its JSON with what it is read from, and with nobody once the store has it. */
static enum status parse_own(struct app *app, const json_t *mapping, struct stub **ret,
                             struct match_fault *fault)
{
    json_t *own = json_own(mapping);
    enum status st = stub_parse(own, "", &app->rules, ret, fault);

    json_decref(own);
    return st;
}

/* A body that its matcher can't take is found here. */
static enum status parse_mappings(struct app *app, struct recording *r, struct match_fault *fault,
                                  struct why *why)
{
    enum status st = ST_OK;
    size_t i;
    json_t *mapping;

    r->stubs = calloc(json_array_size(r->mappings) + 1, sizeof(struct stub *));
    if (!r->stubs)
        return fail_memory(why);
    json_array_foreach (r->mappings, i, mapping) {
        st = parse_own(app, mapping, &r->stubs[i], fault);
        if (st != ST_OK) {
            say_of_body(mapping, fault);
            return st;
        }
    }
    return ST_OK;
}

static enum status keep_stub(struct app *app, struct stub *s, struct why *why)
{
    enum status st = stub_store_add(app->stubs, s, why);

    return st == ST_OK ? mapping_files_note(app->mappings, s, why) : st;
}

static enum status keep_all(struct app *app, const struct recording *r, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < r->events.count && st == ST_OK; i++)
        if (r->files[i].name[0])
            st = body_files_write(app->files, r->files[i].name, r->files[i].content, why);
    for (size_t i = 0; i < json_array_size(r->mappings) && st == ST_OK; i++)
        st = keep_stub(app, r->stubs[i], why);
    return st;
}

static enum status record(struct app *app, const struct record_spec *spec, uint64_t since_us,
                          json_t **ret, struct match_fault *fault, struct why *why)
{
    auto_recording struct recording r = {.mappings = NULL};
    enum status st = make_mappings(app, spec, since_us, &r, why);

    if (st == ST_OK)
        st = parse_mappings(app, &r, fault, why);
    if (st == ST_OK)
        st = memory_blame(st, why);
    if (st == ST_OK)
        st = keep_all(app, &r, why);
    if (st == ST_OK)
        *ret = json_incref(r.mappings);
    return st;
}

enum status recorder_snapshot(struct app *app, const struct record_spec *spec, json_t **ret,
                              struct match_fault *fault, struct why *why)
{
    return record(app, spec, 0, ret, fault, why);
}

/* ---- start and stop ---- */

static enum status add_proxy(struct app *app, struct recorder *r, const char *target,
                             struct why *why)
{
    auto_json json_t *mapping = NULL;
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};

    uuid_make(r->stub_id);
    if (!target || !*target)
        return ST_OK;
    mapping = json_pack("{s:s,s:{s:s},s:{s:s}}", "id", r->stub_id, "request", "method", "ANY",
                        "response", "proxyBaseUrl", target);
    if (parse_own(app, mapping, &s, &fault) != ST_OK)
        return fail(why, ST_INTERNAL, "%s: %s", fault.pointer, fault.detail);
    return keep_stub(app, s, why);
}

enum status recorder_start(struct app *app, struct record_spec *spec, struct why *why)
{
    struct recorder *r = app->recorder;
    enum status st = ST_OK;

    pthread_mutex_lock(&r->lock);
    if (r->state != RECORDER_RECORDING) {
        st = add_proxy(app, r, spec->target, why);
        if (st == ST_OK) {
            record_spec_done(&r->spec);
            r->spec = *spec;
            *spec = (struct record_spec){0};
            r->started_us = clock_monotonic_us();
            r->state = RECORDER_RECORDING;
        }
    }
    pthread_mutex_unlock(&r->lock);
    return st;
}

static bool has_served_since(struct app *app, uint64_t since_us)
{
    auto_journal_list struct journal_list events = {0};

    if (journal_list(app->journal, &events, NULL) != ST_OK)
        return false;
    for (size_t i = 0; i < events.count; i++)
        if (events.items[i]->started_us >= since_us)
            return true;
    return false;
}

enum status recorder_stop(struct app *app, json_t **ret, bool *ret_only_ids,
                          struct match_fault *fault, struct why *why)
{
    struct recorder *r = app->recorder;
    enum status st;

    pthread_mutex_lock(&r->lock);
    if (r->state != RECORDER_RECORDING) {
        st = fail(why, ST_CONFLICT, "Not currently recording.");
    } else {
        /* WireMock tells of nothing in full */
        *ret_only_ids = r->spec.only_ids && has_served_since(app, r->started_us);
        st = record(app, &r->spec, r->started_us, ret, fault, why);
        if (st != ST_NO_MEMORY) { /* else it may be stopped again */
            r->state = RECORDER_STOPPED;
            stub_drop(stub_store_remove(app->stubs, r->stub_id));
        }
    }
    pthread_mutex_unlock(&r->lock);
    return st;
}
