#include "employees-mock/known_header.h"

#include <string.h>
#include <strings.h>

struct known_header {
    const char *name;
    const char *const *values; /* the longer ones first; NULL: none */
    const char *const *tails;  /* what may follow them */
};

static const char *const codings[] = {"gzip, deflate, br", "gzip, deflate", "gzip", NULL};
static const char *const body_codings[] = {"gzip", "deflate", NULL};
static const char *const caching[] = {"private, no-cache, no-cache=Set-Cookie, proxy-revalidate",
                                      "no-cache", "max-age=0", NULL};
static const char *const pragmas[] = {"no-cache", NULL};
static const char *const connections[] = {"close", "keep-alive", "Upgrade", NULL};
static const char *const ranges[] = {"bytes", NULL};
static const char *const types[] = {
    "text/plain", "text/html",        "text/xml",
    "text/json",  "application/json", "application/x-www-form-urlencoded",
    NULL};
static const char *const charsets[] = {";charset=UTF-8", "; charset=UTF-8", ";charset=ISO-8859-1",
                                       "; charset=ISO-8859-1", NULL};

/* Names by their length. */
static const struct known_header of_2[] = {
    {.name = "TE"},
    {0},
};
static const struct known_header of_3[] = {
    {.name = "Age"},
    {.name = "Via"},
    {0},
};
static const struct known_header of_4[] = {
    {.name = "Date"},
    {.name = "ETag"},
    {.name = "From"},
    {.name = "Host"},
    {.name = "Link"},
    {.name = "Vary"},
    {0},
};
static const struct known_header of_5[] = {
    {.name = "Allow"},
    {.name = "Range"},
    {0},
};
static const struct known_header of_6[] = {
    {.name = "Accept"},
    {.name = "Cookie"},
    {.name = "Expect"},
    {.name = "Origin"},
    {.name = "Pragma", .values = pragmas},
    {.name = "Server"},
    {0},
};
static const struct known_header of_7[] = {
    {.name = "Alt-Svc"},
    {.name = "Expires"},
    {.name = "Referer"},
    {.name = "Trailer"},
    {.name = "Upgrade"},
    {.name = "Warning"},
    {0},
};
static const struct known_header of_8[] = {
    {.name = "identity"}, {.name = "If-Match"}, {.name = "If-Range"}, {.name = "Location"}, {0},
};
static const struct known_header of_9[] = {
    {.name = "Forwarded"},
    {.name = "Negotiate"},
    {0},
};
static const struct known_header of_10[] = {
    {.name = "Connection", .values = connections},
    {.name = "Keep-Alive"},
    {.name = "Set-Cookie"},
    {.name = "User-Agent"},
    {0},
};
static const struct known_header of_11[] = {
    {.name = "Content-MD5"},
    {.name = "Retry-After"},
    {.name = "Set-Cookie2"},
    {0},
};
static const struct known_header of_12[] = {
    {.name = "Content-Type", .values = types, .tails = charsets},
    {.name = "Max-Forwards"},
    {.name = "MIME-Version"},
    {.name = "X-Powered-By"},
    {0},
};
static const struct known_header of_13[] = {
    {.name = "Accept-Ranges", .values = ranges},
    {.name = "Authorization"},
    {.name = "Cache-Control", .values = caching},
    {.name = "Content-Range"},
    {.name = "If-None-Match"},
    {.name = "Last-Modified"},
    {.name = "Request-Range"},
    {0},
};
static const struct known_header of_14[] = {
    {.name = "Accept-Charset"},
    {.name = "Content-Length"},
    {.name = "HTTP2-Settings"},
    {.name = "Servlet-Engine"},
    {0},
};
static const struct known_header of_15[] = {
    {.name = "Accept-Encoding", .values = codings},
    {.name = "Accept-Language"},
    {.name = "X-Forwarded-For"},
    {0},
};
static const struct known_header of_16[] = {
    {.name = "Content-Encoding", .values = body_codings},
    {.name = "Content-Language"},
    {.name = "Content-Location"},
    {.name = "Proxy-Connection"},
    {.name = "WWW-Authenticate"},
    {.name = "X-Forwarded-Host"},
    {.name = "X-Forwarded-Port"},
    {0},
};
static const struct known_header of_17[] = {
    {.name = "If-Modified-Since"},
    {.name = "Sec-WebSocket-Key"},
    {.name = "Transfer-Encoding"},
    {.name = "X-Forwarded-Proto"},
    {0},
};
static const struct known_header of_18[] = {
    {.name = "Proxy-Authenticate"},
    {.name = "X-Forwarded-Server"},
    {0},
};
static const struct known_header of_19[] = {
    {.name = "If-Unmodified-Since"},
    {.name = "Proxy-Authorization"},
    {0},
};
static const struct known_header of_20[] = {
    {.name = "Sec-WebSocket-Accept"},
    {0},
};
static const struct known_header of_21[] = {
    {.name = "Sec-WebSocket-Version"},
    {0},
};
static const struct known_header of_22[] = {
    {.name = "Sec-WebSocket-Protocol"},
    {0},
};
static const struct known_header of_24[] = {
    {.name = "Sec-WebSocket-Extensions"},
    {0},
};
static const struct known_header of_25[] = {
    {.name = "Strict-Transport-Security"},
    {0},
};
static const struct known_header *const by_length[] = {
    [2] = of_2,   [3] = of_3,   [4] = of_4,   [5] = of_5,   [6] = of_6,   [7] = of_7,
    [8] = of_8,   [9] = of_9,   [10] = of_10, [11] = of_11, [12] = of_12, [13] = of_13,
    [14] = of_14, [15] = of_15, [16] = of_16, [17] = of_17, [18] = of_18, [19] = of_19,
    [20] = of_20, [21] = of_21, [22] = of_22, [24] = of_24, [25] = of_25,
};

const struct known_header *known_header_find(struct slice name)
{
    const struct known_header *h = NULL;

    if (name.len < sizeof by_length / sizeof by_length[0])
        h = by_length[name.len];
    for (; h && h->name; h++)
        if ((h->name[0] | 0x20) == (name.data[0] | 0x20) &&
            (memcmp(h->name, name.data, name.len) == 0 ||
             strncasecmp(h->name, name.data, name.len) == 0))
            return h;
    return NULL;
}

struct slice known_header_name(const struct known_header *h)
{
    return slice_of(h->name);
}

/* The first of the texts that `text` begins with in any case; empty: none. */
static struct slice head_of(const char *const *texts, struct slice text)
{
    for (; texts && *texts; texts++) {
        size_t len = strlen(*texts);

        if (len <= text.len && strncasecmp(*texts, text.data, len) == 0)
            return (struct slice){*texts, len};
    }
    return SLICE("");
}

bool known_header_respells(const struct known_header *h, struct slice value)
{
    struct known_value known;

    if (!h->values)
        return false;
    known = known_header_value(h, value);
    return memcmp(known.head.data, value.data, known.head.len) != 0 ||
           memcmp(known.tail.data, value.data + known.head.len, known.tail.len) != 0;
}

struct known_value known_header_value(const struct known_header *h, struct slice value)
{
    struct known_value ret = {.head = head_of(h ? h->values : NULL, value)};

    ret.tail = head_of(ret.head.len ? h->tails : NULL, slice_from(value, ret.head.len));
    return ret;
}
