#include "employees-mock/admin/files.h"

#include "employees-mock/admin/admin.h"
#include "employees-mock/base64.h"
#include "employees-mock/respond.h"

#include <string.h>

enum { FILE_MAX = 256 << 20 };

/* The name as it stands in the path: WireMock does not decode it. For the caller to free; NULL: there is
 * none, or memory is out. */
static char *file_name(const struct http_request *req)
{
    struct slice path = http_path(req);
    size_t skip = strlen("/__admin/files/");

    if (path.len <= skip)
        return NULL;
    return slice_dup(slice_from(path, skip));
}

void body_file_list(struct http_request *req)
{
    struct app *app = http_app(req);
    json_t *list = NULL;
    struct why why = {0};

    if (body_files_list(app->files, &list, &why) == ST_OK)
        admin_json(req, 200, list);
    else
        respond_exception(req, why.text);
}

static void refuse(struct http_request *req, enum status st, const struct why *why)
{
    if (st == ST_NOT_FOUND)
        admin_empty(req, 404);
    else
        respond_exception(req, why->text);
}

void body_file_read(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_free char *name = file_name(req);
    auto_buf struct buf content = BUF_INIT(FILE_MAX);
    struct why why = {0};
    enum status st = name ? body_files_read(app->files, name, &content, &why) : ST_NOT_FOUND;

    if (st != ST_OK) {
        refuse(req, st, &why);
        return;
    }
    http_reply_header(req, "Vary", "Origin");
    http_reply(req, 200, NULL, &content);
}

/* WireMock answers a write with the content again, as a JSON string in base64. */
void body_file_write(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_free char *name = file_name(req);
    auto_buf struct buf text = BUF_INIT(2u * FILE_MAX);
    struct why why = {0};
    enum status st = name ? body_files_write(app->files, name, http_body(req), &why) : ST_NOT_FOUND;

    if (st != ST_OK) {
        refuse(req, st, &why);
        return;
    }
    buf_put_char(&text, '"');
    base64_encode(http_body(req), &text);
    buf_put_char(&text, '"');
    http_reply_header(req, "Vary", "Origin");
    http_reply(req, 200, "application/json", &text);
}

void body_file_delete(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_free char *name = file_name(req);
    struct why why = {0};
    enum status st = name ? body_files_remove(app->files, name, &why) : ST_NOT_FOUND;

    if (name && (st == ST_OK || st == ST_NOT_FOUND))
        admin_empty(req, 200);
    else
        refuse(req, st, &why);
}
