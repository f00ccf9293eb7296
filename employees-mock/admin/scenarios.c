#include "employees-mock/admin/scenarios.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/bind.h"
#include "employees-mock/java_hash.h"

#include <stdio.h>
#include <string.h>

enum { STATES_MAX = 1000 };

/* The stubs of one scenario, oldest first, and the states that they name. */
struct members {
    json_t *mappings;
    const char *states[STATES_MAX];
    size_t state_count;
};

static void add_state(struct members *m, const char *state)
{
    for (size_t i = 0; state && i < m->state_count; i++)
        if (strcmp(m->states[i], state) == 0)
            return;
    if (state && m->state_count < STATES_MAX)
        m->states[m->state_count++] = state;
}

static int compare_age(const void *a, const void *b)
{
    uint64_t x = (*(struct stub *const *)a)->order;
    uint64_t y = (*(struct stub *const *)b)->order;

    if (x != y)
        return x < y ? -1 : 1;
    x = (*(struct stub *const *)a)->left - 1; /* what was not left is behind what was */
    y = (*(struct stub *const *)b)->left - 1;
    return x < y ? -1 : x > y;
}

static void collect(const struct stub_list *stubs, const char *name, struct members *m)
{
    m->mappings = json_array();
    for (size_t i = 0; i < stubs->count; i++) {
        const struct stub *s = stubs->items[i];

        if (!s->scenario_name || strcmp(s->scenario_name, name) != 0)
            continue;
        json_array_append_new(m->mappings, stub_json_copy(s));
        add_state(m, s->required_state);
        add_state(m, s->new_state);
    }
    java_set_sort(m->states, m->state_count);
}

struct listing {
    struct stub_list stubs;
    json_t *ret;
};

static bool add_scenario(void *ctx, const char *name, const char *state)
{
    struct listing *l = ctx;
    struct members m = {0};
    json_t *states = json_array();

    collect(&l->stubs, name, &m);
    for (size_t i = 0; i < m.state_count; i++)
        json_array_append_new(states, json_string(m.states[i]));
    json_array_append_new(l->ret,
                          json_pack("{s:s,s:s,s:s,s:o,s:o}", "id", name, "name", name, "state",
                                    state, "possibleStates", states, "mappings", m.mappings));
    return true;
}

void scenarios_list(struct http_request *req)
{
    struct app *app = http_app(req);
    struct listing l = {.ret = json_array()};

    if (stub_store_list_scenarios(app->stubs, &l.stubs, NULL) == ST_OK) {
        qsort(l.stubs.items, l.stubs.count, sizeof *l.stubs.items, compare_age);
        scenarios_each(stub_store_scenarios(app->stubs), add_scenario, &l);
    }
    stub_store_unlist(&l.stubs);
    admin_json(req, 200, json_pack("{s:o}", "scenarios", l.ret));
}

void scenarios_reset_all(struct http_request *req)
{
    struct app *app = http_app(req);

    scenarios_reset(stub_store_scenarios(app->stubs));
    admin_done(req);
}

static bool names_state(struct app *app, const char *name, const char *state)
{
    auto_stub_list struct stub_list stubs = {0};
    struct members m = {0};
    bool found = false;

    if (stub_store_list_scenarios(app->stubs, &stubs, NULL) != ST_OK)
        return false;
    collect(&stubs, name, &m);
    json_decref(m.mappings);
    for (size_t i = 0; state && i < m.state_count && !found; i++)
        found = strcmp(m.states[i], state) == 0;
    return found;
}

/* The state of the request's body; NULL in *ret: back to the start. False: refused. */
static bool read_state(struct http_request *req, json_t **body, const char **ret)
{
    static const char *const members[] = {"state", NULL};
    static const struct bind_class class = {"admin.model.ScenarioState", members};
    struct match_fault fault = {0};
    struct bind b;
    enum status st;

    *ret = NULL;
    if (http_body(req).len == 0)
        return true;
    if (!admin_read_something(
            req, (struct admin_null_use){"admin.model.ScenarioState.getState()", "scenarioState"},
            body))
        return false;
    st = bind_object(*body, "", &class, &b, &fault);
    *ret = "null";
    if (st == ST_OK)
        st = bind_text(&b, "state", ret);
    if (st != ST_OK)
        admin_fault(req, &fault);
    return st == ST_OK;
}

/* {name} as it stands in the path, ".../{name}/state", which is what WireMock takes it for. */
static char *plain_name(struct http_request *req)
{
    struct slice path = http_path(req);
    const char *end = memrchr(path.data, '/', path.len);
    const char *start = memrchr(path.data, '/', (size_t)(end - path.data));

    return slice_dup((struct slice){start + 1, (size_t)(end - start) - 1});
}

void scenario_set_state(struct http_request *req)
{
    struct app *app = http_app(req);
    struct scenarios *all = stub_store_scenarios(app->stubs);
    auto_free char *plain = plain_name(req);
    auto_free char *now = plain ? scenario_state_of(all, plain) : NULL;
    const char *name = now ? plain : http_path_param(req, "name");
    auto_json json_t *body = NULL;
    const char *state;
    char title[512];

    if (!read_state(req, &body, &state))
        return;
    if (!now)
        now = scenario_state_of(all, name);
    if (!now) {
        snprintf(title, sizeof title, "Scenario %s does not exist", plain ? plain : name);
        admin_error(req, 404, 404, title, NULL);
        return;
    }
    if (state && !names_state(app, name, state)) {
        snprintf(title, sizeof title, "Scenario %s does not support state %s", name, state);
        admin_error(req, 422, 11, title, NULL);
        return;
    }
    if (scenario_set(all, name, state, NULL) == ST_OK)
        admin_done(req);
    else
        admin_empty(req, 404);
}
