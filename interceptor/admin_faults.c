#include "interceptor/admin.h"

#include "interceptor/call.h"

void faults_get(struct http_request *req)
{
    reply_json(req, 200, faults_write(app_of(req)->faults));
}

void faults_put(struct http_request *req)
{
    struct faults *faults = app_of(req)->faults;
    auto_json json_t *document = NULL;
    struct why why = {0};
    enum status st;

    if (!admin_body(req, &document))
        return;
    st = faults_set(faults, document, &why);
    admin_reply_change(req, st, &why, false, st == ST_OK ? faults_write(faults) : NULL);
}

void faults_delete(struct http_request *req)
{
    struct faults *faults = app_of(req)->faults;

    faults_clear(faults);
    admin_reply_change(req, ST_OK, NULL, false, faults_write(faults));
}
