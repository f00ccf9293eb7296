/* What libmicrohttpd refuses by itself: a request line or headers that are too long, a length or a
 * chunk that is none, a version that it does not have. It would answer in HTML of its own, without
 * the application's headers; and in 0.9.75 a wrong Content-Length with the head twice.
 *
 * Its own answers, too, go through MHD_queue_response(). Defined in the program that function takes
 * the place of the library's: the application answers, and the connection is closed. */
#include "common/http_internal.h"

#include <dlfcn.h>

http_queue_function *http_find_queue(void)
{
    http_queue_function *ret;

    *(void **)&ret = dlsym(RTLD_NEXT, "MHD_queue_response");
    return ret;
}

static void begin(struct http_request *req)
{
    http_request_read_broken_head(req);
    req->begun = true;
    if (req->server->app->begin)
        req->server->app->begin(req);
}

/* Where the line was too long already, libmicrohttpd knows of no request. */
static void refuse_unknown(struct http_conn *conn, unsigned status)
{
    struct http_request *req = http_request_new(conn, "");

    if (!req)
        return;
    http_refuse(req, status);
    if (req->server->app->finish)
        req->server->app->finish(req, req->sent);
    http_request_free(req);
}

void http_refuse(struct http_request *req, unsigned status)
{
    atomic_fetch_add(&req->server->refused_framing, 1);
    if (!req->begun)
        begin(req);
    if (req->reply.status == 0)
        req->server->app->refuse(req, status);
    http_raw_try(req);
}

enum MHD_Result MHD_queue_response(struct MHD_Connection *mhd, unsigned status,
                                   struct MHD_Response *response)
{
    struct http_conn *conn = http_conn_of(mhd);

    (void)response;
    if (conn && conn->request)
        http_refuse(conn->request, status);
    else if (conn)
        refuse_unknown(conn, status);
    return MHD_NO;
}
