#include "employees-mock/bad_message.h"

#include "employees-mock/respond.h"

#include <string.h>

void bad_message(struct http_request *req, unsigned status, const char *reason)
{
    auto_buf struct buf page = BUF_INIT(1024);

    buf_printf(&page, "<h1>Bad Message %u</h1><pre>reason: %s</pre>", status, reason);
    http_reply_close(req);
    http_reply(req, status, "text/html;charset=iso-8859-1", &page);
}

/* Jetty's words for what is wrong with the headers of framing; NULL: they are right. */
static const char *framing_fault(const struct http_request *req)
{
    size_t lengths = http_header_count(req, "Content-Length");
    const char *length = http_header(req, "Content-Length");

    if (http_header(req, "Transfer-Encoding"))
        return lengths > 0 ? "Transfer-Encoding and Content-Length"
                           : "Bad Transfer-Encoding, chunked not last";
    if (lengths > 1)
        return "Multiple Content-Lengths";
    if (lengths > 0 && (length[0] == '\0' || length[strspn(length, "0123456789")] != '\0'))
        return "Invalid Content-Length Value";
    return NULL;
}

void bad_message_framing(struct http_request *req, const struct why *why)
{
    const char *reason = framing_fault(req);

    if (strcmp(why->place, "Host") == 0)
        reason = http_header(req, "Host") ? "Duplicate Host Header" : "No Host";
    bad_message(req, 400, why->place[0] != '\0' && reason ? reason : "Bad Request");
}

/* Of a body WireMock has begun to read, and throws what it meets. */
static bool is_in_body(const struct http_request *req)
{
    return http_route(req) != NULL;
}

void bad_message_refuse(struct http_request *req, unsigned status)
{
    const char *reason = framing_fault(req);

    if (is_in_body(req))
        respond_exception(
            req,
            "java.lang.RuntimeException: wiremock.org.eclipse.jetty.io.EofException: Early EOF");
    else if (status == 414)
        bad_message(req, 414, "URI Too Long");
    else if (status == 431)
        bad_message(req, 431, "Request Header Fields Too Large");
    else if (status == 505)
        bad_message(req, 505, "Unknown Version");
    else
        bad_message(req, 400, reason ? reason : "Bad Request");
}
