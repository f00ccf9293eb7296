#include "interceptor/admin.h"

#include "interceptor/call.h"

#include <string.h>

enum {
    DEFAULT_LIMIT = 100,
    AUDIT_LIMIT_MAX = 10000,
    AUDIT_BYTES_MAX = 16 << 20, /* of an answer's records; parsed they take several times as much */
    FLUSH_MS = 2000
};

void calls_list(struct http_request *req)
{
    int64_t limit = DEFAULT_LIMIT;
    int64_t after = 0;

    if (admin_query_number(req, "limit", &limit) && admin_query_number(req, "after", &after))
        reply_json(req, 200, calls_write(app_of(req)->calls, (size_t)limit, (uint64_t)after));
}

void calls_delete(struct http_request *req)
{
    calls_clear(app_of(req)->calls);
    admin_reply_change(req, ST_OK, NULL, false, json_pack("{s:s}", "deleted", "calls"));
}

struct listing {
    json_t *list;
    size_t bytes;
};

static bool add_row(void *ctx, const struct audit_row *row)
{
    struct listing *listing = ctx;
    json_t *record = NULL;
    char at[CLOCK_ISO_SIZE];

    if (json_read_nul(slice_of(row->record), &record, NULL) != ST_OK)
        record = json_null(); /* somebody changed the row: verify tells */
    clock_format_iso(row->at_us, at);
    json_array_append_new(listing->list,
                          json_pack("{s:I, s:s, s:s, s:o}", "number", (json_int_t)row->number, "at",
                                    at, "tenant", row->tenant, "record", record));
    listing->bytes += strlen(row->record);
    return listing->bytes < AUDIT_BYTES_MAX;
}

static bool read_instant(struct http_request *req, const char *name, int64_t *ret)
{
    const char *text = http_query_param(req, name);

    if (!text || clock_parse_iso(slice_of(text), ret, NULL) == ST_OK)
        return true;
    reply_error(req, ERR_INVALID_REQUEST, name, "must be an ISO 8601 instant with a zone");
    return false;
}

static bool read_numbers(struct http_request *req, struct audit_query *query)
{
    if (!admin_query_number(req, "after", &query->first) ||
        !admin_query_number(req, "before", &query->last))
        return false;
    if (http_query_param(req, "after") && query->first < INT64_MAX)
        query->first++;
    if (http_query_param(req, "before"))
        query->last--;
    return true;
}

static bool read_times(struct http_request *req, struct audit_query *query)
{
    if (!read_instant(req, "from", &query->from_us) || !read_instant(req, "until", &query->to_us))
        return false;
    if (http_query_param(req, "until"))
        query->to_us--;
    return true;
}

/* What was accepted before the question is part of the answer. */
static void flush(struct app *app)
{
    if (app->audit && audit_flush(app->audit, FLUSH_MS, NULL) != ST_OK)
        log_write(&app->log, LOG_WARN, "audit asked for while rows wait for the disk");
}

/* A connection of its own, where there is a file to open again: the way through a long trail must
 * hold up no call. */
static enum status open_trail(struct app *app, struct store **ret_own, struct store **ret,
                              struct why *why)
{
    enum status st = store_check_file(app->store, why);

    flush(app);
    if (st == ST_OK && strcmp(app->settings.database, ":memory:") != 0)
        st = store_open(app->settings.database, ret_own, why);
    *ret = *ret_own ? *ret_own : app->store;
    return st;
}

void audit_list(struct http_request *req)
{
    struct app *app = app_of(req);
    struct audit_query query = {AUDIT_QUERY_ALL, .tenant = http_query_param(req, "tenant"),
                                .newest_first = true};
    int64_t limit = DEFAULT_LIMIT;
    auto_store struct store *own = NULL;
    auto_json json_t *list = json_array();
    struct store *store;
    struct why why = {0};
    enum status st;

    if (!admin_query_number(req, "limit", &limit) || !read_numbers(req, &query) ||
        !read_times(req, &query))
        return;
    query.limit = limit < AUDIT_LIMIT_MAX ? limit : AUDIT_LIMIT_MAX;
    st = open_trail(app, &own, &store, &why);
    if (st == ST_OK)
        st = store_each_audit(store, &query, add_row, &(struct listing){list, 0}, &why);
    if (st == ST_OK)
        reply_json(req, 200, json_pack("{s:O}", "audit", list));
    else
        reply_fault(req, st, &why);
}

void audit_check(struct http_request *req)
{
    struct app *app = app_of(req);
    auto_store struct store *own = NULL;
    struct store *store;
    int64_t rows = 0;
    struct why why = {0};
    enum status st = open_trail(app, &own, &store, &why);

    if (st != ST_OK) {
        reply_fault(req, st, &why);
        return;
    }
    st = audit_verify(store, app->master, &rows, &why);
    if (st == ST_OK || st == ST_CONFLICT)
        reply_json(req, 200,
                   json_pack("{s:b, s:I, s:s*}", "whole", st == ST_OK, "rows", (json_int_t)rows,
                             "fault", st == ST_OK ? NULL : why.text));
    else
        reply_fault(req, st, &why);
}
