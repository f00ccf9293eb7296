#include "common/http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct http_ready *http_ready_new(struct slice body)
{
    struct http_ready *ready = calloc(1, sizeof *ready);

    if (!ready)
        return NULL;
    ready->body = body;
    ready->mhd = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.data,
                                                 MHD_RESPMEM_PERSISTENT);
    if (!ready->mhd) {
        free(ready);
        return NULL;
    }
    return ready;
}

void http_ready_free(struct http_ready *ready)
{
    if (!ready)
        return;
    MHD_destroy_response(ready->mhd);
    free(ready);
}

bool http_ready_header(struct http_ready *ready, const char *name, const char *value)
{
    static const char *const framing[] = {"Connection", "Content-Length", "Transfer-Encoding"};

    for (size_t i = 0; i < sizeof framing / sizeof framing[0]; i++)
        if (strcasecmp(name, framing[i]) == 0)
            return false;
    return http_is_token(name) && value[strcspn(value, "\r\n")] == '\0' &&
           http_add_header(ready->mhd, name, value);
}

bool http_ready_goes_as_it_is(const struct http_request *req)
{
    const struct http_reply *reply = &req->reply;

    return reply->ready && !reply->headers && !reply->chunked && !reply->close &&
           reply->pieces == 0 && !http_raw_needed(req) && !atomic_load(&req->server->quiescing);
}

struct unfolding {
    struct http_request *req;
    bool failed;
};

static enum MHD_Result unfold_one(void *cls, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct unfolding *u = cls;

    (void)kind;
    u->failed = u->failed || !http_reply_header(u->req, name, value);
    return u->failed ? MHD_NO : MHD_YES;
}

bool http_ready_unfold(struct http_request *req)
{
    struct unfolding u = {.req = req};

    MHD_get_response_headers(req->reply.ready->mhd, unfold_one, &u);
    req->reply.ready = NULL;
    return !u.failed;
}
