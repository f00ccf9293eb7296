/* Method and path against a table of routes: the whole URL map of a service is one such table.
 *
 * Pure. A path is matched segment by segment, raw: literal, {name} for one segment that is not
 * empty, and {name...} as the last for all the rest (also none). The first row that matches path and
 * method wins. A table is a constant of the service: every path in it begins with a slash. */
#ifndef COMMON_ROUTER_H
#define COMMON_ROUTER_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct http_request;

enum { ROUTE_PARAMS_MAX = 4 };

struct route {
    const char *method; /* "GET" also serves HEAD; "*" any method */
    const char *path;
    /* Looks at the headers before the body is read (credentials, content type): true goes on,
     * false has stored a reply. NULL: nothing to look at. */
    bool (*check)(struct http_request *req);
    size_t body_max_bytes; /* above it: fault ST_TOO_LARGE; 0: no body is taken */
    void (*handler)(struct http_request *req);
    const void *doc; /* what the service's own documentation says of it; NULL if it has none */
};

struct route_match {
    const struct route *route; /* NULL: none */
    bool path_known;           /* a row with this path exists, but for other methods */
    size_t param_count;
    struct slice param_names[ROUTE_PARAMS_MAX];  /* in the table's text */
    struct slice param_values[ROUTE_PARAMS_MAX]; /* in `path`, raw */
};

struct route_match router_find(const struct route *routes, size_t count, const char *method,
                               struct slice path);

/* The methods that the table has for a path, as the Allow header wants them: "GET, HEAD, PUT". */
void router_allow(const struct route *routes, size_t count, struct slice path, struct buf *ret);

#endif
