#include "employees-mock/admin/mappings.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/admin/metadata.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/respond.h"

#include <stdio.h>
#include <string.h>

static enum status try_stub(struct app *app, const json_t *document, struct match_fault *fault)
{
    auto_stub struct stub *made = NULL;

    return stub_parse(document, "", &app->rules, &made, fault);
}

/* The stub of the request's body; NULL: the refusal is stored. */
static struct stub *read_stub(struct http_request *req)
{
    static const char *const objects[] = {"request", "response", NULL};
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};
    struct stub *s = NULL;

    if (!admin_read_bound(req, objects, try_stub, &body))
        return NULL;
    if (json_is_null(body)) {
        admin_null(req, (struct admin_null_use){"stubbing.StubMapping.getId()", "stubMapping"});
        return NULL;
    }
    if (stub_parse(body, "", &app->rules, &s, &fault) != ST_OK)
        admin_fault(req, &fault);
    return s;
}

static json_t *list_json(const struct stub_list *stubs, size_t from, size_t to, size_t total)
{
    json_t *list = json_array();

    for (size_t i = from; i < to; i++)
        json_array_append_new(list, stub_json_copy(stubs->items[i]));
    return json_pack("{s:o,s:{s:I}}", "mappings", list, "meta", "total", (json_int_t)total);
}

void mappings_list(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_stub_list struct stub_list stubs = {0};
    struct admin_page page;
    struct why why = {0};
    size_t to;

    if (!admin_read_page(req, &page))
        return;
    if (stub_store_list(app->stubs, &stubs, &why) != ST_OK) {
        admin_failed(req, ST_NO_MEMORY, &why);
        return;
    }
    if (page.offset > stubs.count) {
        snprintf(why.text, sizeof why.text,
                 "java.lang.IllegalArgumentException: fromIndex(%zu) > toIndex(%zu)", page.offset,
                 stubs.count);
        respond_exception(req, why.text);
        return;
    }
    to = page.has_limit && page.limit < stubs.count - page.offset ? page.offset + page.limit
                                                                  : stubs.count;
    admin_json(req, 200, list_json(&stubs, page.offset, to, stubs.count));
}

void mappings_create(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_stub struct stub *s = read_stub(req);
    auto_buf struct buf answer = {0};
    struct why why = {0};
    enum status st;

    if (!s || !admin_prepare(req, stub_json_copy(s), &answer))
        return;
    st = stub_store_add(app->stubs, s, &why);
    if (st == ST_OK)
        st = mapping_files_note(app->mappings, s, &why);
    if (st == ST_CONFLICT)
        admin_error(req, 422, 109, "Duplicate stub mapping ID", why.text);
    else if (st != ST_OK)
        admin_failed(req, st, &why);
    else
        admin_send(req, 201, &answer);
}

void mapping_read(struct http_request *req)
{
    struct app *app = http_app(req);
    char id[UUID_SIZE];
    auto_stub struct stub *s = NULL;

    if (!admin_id(req, id))
        return;
    s = stub_store_get(app->stubs, id);
    if (s)
        admin_json(req, 200, stub_json_copy(s));
    else
        admin_empty(req, 404);
}

/* Puts s in the place of old. False: the refusal is stored. */
static bool replace(struct http_request *req, struct stub *s, struct stub *old)
{
    struct app *app = http_app(req);
    struct why why = {0};
    enum status st = mapping_files_inherit(app->mappings, s, old, &why);

    if (st == ST_OK)
        st = stub_store_replace(app->stubs, s, &why);
    if (st == ST_OK)
        st = mapping_files_note(app->mappings, s, &why);
    if (st != ST_OK)
        admin_failed(req, st, &why);
    return st == ST_OK;
}

void mapping_edit(struct http_request *req)
{
    struct app *app = http_app(req);
    char id[UUID_SIZE];
    auto_stub struct stub *s = NULL;
    auto_stub struct stub *old = NULL;
    auto_buf struct buf answer = {0};

    if (!admin_id(req, id))
        return;
    old = stub_store_get(app->stubs, id);
    if (!old) {
        admin_empty(req, 404);
        return;
    }
    s = read_stub(req);
    if (!s)
        return;
    if (stub_set_id(s, id) != ST_OK)
        respond_exception(req, "out of memory");
    else if (admin_prepare(req, stub_json_copy(s), &answer) && replace(req, s, old))
        admin_send(req, 200, &answer);
}

/* The elder form: the id stands in the stub. */
void mappings_edit(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_stub struct stub *s = read_stub(req);
    auto_stub struct stub *old = NULL;

    if (!s)
        return;
    old = stub_store_get(app->stubs, s->id);
    if (!old)
        admin_empty(req, 404);
    else if (replace(req, s, old))
        admin_empty(req, 204);
}

void mapping_delete(struct http_request *req)
{
    struct app *app = http_app(req);
    char id[UUID_SIZE];
    auto_stub struct stub *s = NULL;

    if (!admin_id(req, id))
        return;
    s = stub_store_remove(app->stubs, id);
    if (!s) {
        admin_empty(req, 404);
        return;
    }
    mapping_files_note_removed(app->mappings, s);
    admin_done(req);
}

/* Removes stubs, and the files of those that persist. */
static void remove_those(struct app *app, bool (*which)(void *ctx, struct stub *s), void *ctx)
{
    auto_stub_list struct stub_list removed = {0};

    stub_store_remove_if(app->stubs, which, ctx, &removed);
    for (size_t i = 0; i < removed.count; i++)
        mapping_files_note_removed(app->mappings, removed.items[i]);
}

void mappings_delete_all(struct http_request *req)
{
    remove_those(http_app(req), NULL, NULL);
    admin_done(req);
}

static bool is_like(void *ctx, struct stub *s)
{
    const struct stub *like = ctx;

    return json_loose_equal(json_object_get(s->json, "request"),
                            json_object_get(like->json, "request"));
}

static bool has_id(void *ctx, struct stub *s)
{
    return strcmp(s->id, ctx) == 0;
}

static bool in_one_scenario(const struct stub *a, const struct stub *b)
{
    return a->scenario_name && b->scenario_name && strcmp(a->scenario_name, b->scenario_name) == 0;
}

void mappings_remove(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_stub struct stub *like = read_stub(req);
    auto_stub struct stub *known = NULL;
    auto_free char *state = NULL;

    if (!like)
        return;
    known = stub_store_get(app->stubs, like->id);
    if (like->scenario_name)
        state = scenario_state_of(stub_store_scenarios(app->stubs), like->scenario_name);
    if (known && in_one_scenario(known, like)) {
        remove_those(app, has_id, known->id);
    } else if (known) {
        stub_store_leave_if(app->stubs, has_id, known->id);
        mapping_files_note_removed(app->mappings, known);
    } else { /* and with the id unknown, no file goes */
        stub_store_leave_if(app->stubs, is_like, like);
    }
    /* WireMock also looks for the scenario that the body names, and fails where there is none */
    if (like->scenario_name && !state)
        respond_exception(req, "java.lang.IllegalStateException");
    else
        admin_empty(req, 200);
}

void mappings_save(struct http_request *req)
{
    struct app *app = http_app(req);
    struct why why = {0};
    enum status st = mapping_files_save_all(app->mappings, app->stubs, &why);

    if (st == ST_OK)
        admin_empty(req, 200);
    else
        respond_exception(req, why.text);
}

void mappings_reset(struct http_request *req)
{
    struct app *app = http_app(req);
    struct why why = {0};
    enum status st = mapping_files_reset(app->mappings, app->stubs, &why);

    journal_remove_if(app->journal, NULL, NULL);
    admin_files_read(req, st, &why);
}

/* ---- by what they are ---- */

static bool is_unmatched(void *ctx, struct stub *s)
{
    const struct journal_list *events = ctx;

    for (size_t i = 0; i < events->count; i++)
        if (events->items[i]->stub && strcmp(events->items[i]->stub->id, s->id) == 0)
            return false;
    return true;
}

static void answer_those(struct http_request *req, bool (*which)(void *ctx, struct stub *s),
                         void *ctx)
{
    struct app *app = http_app(req);
    auto_stub_list struct stub_list stubs = {0};
    struct why why = {0};
    json_t *list;

    if (stub_store_list(app->stubs, &stubs, &why) != ST_OK) {
        admin_failed(req, ST_NO_MEMORY, &why);
        return;
    }
    list = json_array();
    for (size_t i = 0; i < stubs.count; i++)
        if (which(ctx, stubs.items[i]))
            json_array_append_new(list, stub_json_copy(stubs.items[i]));
    admin_json(req, 200,
               json_pack("{s:o,s:{s:I}}", "mappings", list, "meta", "total",
                         (json_int_t)json_array_size(list)));
}

void mappings_unmatched(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_journal_list struct journal_list events = {0};
    struct why why = {0};

    if (journal_list(app->journal, &events, &why) != ST_OK)
        admin_failed(req, ST_NO_MEMORY, &why);
    else
        answer_those(req, is_unmatched, &events);
}

void mappings_delete_unmatched(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_journal_list struct journal_list events = {0};
    struct why why = {0};

    if (journal_list(app->journal, &events, &why) != ST_OK) {
        admin_failed(req, ST_NO_MEMORY, &why);
        return;
    }
    remove_those(app, is_unmatched, &events);
    admin_done(req);
}

static bool has_metadata(void *ctx, struct stub *s)
{
    return metadata_matches(ctx, s);
}

static struct value_matcher *read_metadata(struct http_request *req)
{
    struct app *app = http_app(req);

    return metadata_read(req, "pattern", stub_store_count(app->stubs));
}

void mappings_find_by_metadata(struct http_request *req)
{
    struct value_matcher *matcher = read_metadata(req);

    if (!matcher)
        return;
    answer_those(req, has_metadata, matcher);
    value_matcher_free(matcher);
}

void mappings_remove_by_metadata(struct http_request *req)
{
    struct value_matcher *matcher = read_metadata(req);

    if (!matcher)
        return;
    remove_those(http_app(req), has_metadata, matcher);
    value_matcher_free(matcher);
    admin_done(req);
}
