#include "employees-mock/admin/recordings.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/recorder.h"
#include "employees-mock/respond.h"

/* False: the refusal is stored. */
static bool read_spec(struct http_request *req, bool may_be_empty, struct record_spec *ret)
{
    const struct admin_null_use use =
        may_be_empty ? (struct admin_null_use){"recording.RecordSpec.getFilters()", "recordSpec"}
                     : (struct admin_null_use){"recording.RecordSpec.getTargetBaseUrl()", "spec"};
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};

    if (!(may_be_empty && http_body(req).len == 0) && !admin_read_something(req, use, &body))
        return false;
    if (record_spec_read(body, ret, &fault) == ST_OK)
        return true;
    admin_fault(req, &fault);
    return false;
}

static void answer_list(struct http_request *req, json_t *mappings, bool only_ids)
{
    json_t *ids = json_array();
    size_t i;
    json_t *one;

    if (!only_ids) {
        json_decref(ids);
        admin_json(req, 200, json_pack("{s:o}", "mappings", mappings));
        return;
    }
    json_array_foreach (mappings, i, one) {
        json_array_append(ids, json_object_get(one, "id"));
    }
    json_decref(mappings);
    admin_json(req, 200, json_pack("{s:o}", "ids", ids));
}

void recordings_start(struct http_request *req)
{
    struct app *app = http_app(req);
    struct record_spec spec = {0};
    struct why why = {0};

    if (!read_spec(req, false, &spec))
        return;
    if (recorder_start(app, &spec, &why) == ST_OK)
        admin_done(req);
    else
        respond_exception(req, why.text);
    record_spec_done(&spec);
}

void recordings_stop(struct http_request *req)
{
    struct app *app = http_app(req);
    json_t *mappings = NULL;
    bool only_ids = false;
    struct match_fault fault = {0};
    struct why why = {0};
    enum status st = recorder_stop(app, &mappings, &only_ids, &fault, &why);

    if (st == ST_OK)
        answer_list(req, mappings, only_ids);
    else if (st == ST_BAD_INPUT)
        admin_fault(req, &fault);
    else if (st == ST_CONFLICT)
        admin_error(req, 400, 30, why.text, NULL);
    else
        respond_exception(req, why.text);
}

void recordings_status(struct http_request *req)
{
    static const char *const words[] = {[RECORDER_NEVER_STARTED] = "NeverStarted",
                                        [RECORDER_RECORDING] = "Recording",
                                        [RECORDER_STOPPED] = "Stopped"};
    struct app *app = http_app(req);

    admin_json(req, 200, json_pack("{s:s}", "status", words[recorder_state(app->recorder)]));
}

void recordings_snapshot(struct http_request *req)
{
    struct app *app = http_app(req);
    struct record_spec spec = {0};
    json_t *mappings = NULL;
    struct match_fault fault = {0};
    struct why why = {0};
    enum status st;

    if (!read_spec(req, true, &spec))
        return;
    st = recorder_snapshot(app, &spec, &mappings, &fault, &why);
    if (st == ST_OK)
        answer_list(req, mappings, spec.only_ids);
    else if (st == ST_BAD_INPUT)
        admin_fault(req, &fault);
    else
        respond_exception(req, why.text);
    record_spec_done(&spec);
}
