#include "common/router.h"

#include "common/buf.h"

/* Takes the first segment, without its slash, off a path that begins with one. */
static struct slice next_segment(struct slice *path)
{
    const char *from = path->data + 1;
    size_t left = path->len - 1;
    const char *slash = memchr(from, '/', left);
    size_t len = slash ? (size_t)(slash - from) : left;

    *path = (struct slice){from + len, left - len};
    return (struct slice){from, len};
}

static bool is_param(struct slice segment)
{
    return segment.len > 2 && segment.data[0] == '{' && segment.data[segment.len - 1] == '}';
}

static bool is_rest(struct slice segment)
{
    return is_param(segment) && segment.len > 5 &&
           memcmp(segment.data + segment.len - 4, "...}", 4) == 0;
}

static void add_param(struct route_match *match, struct slice segment, size_t tail,
                      struct slice value)
{
    if (match->param_count == ROUTE_PARAMS_MAX)
        return;
    match->param_names[match->param_count] =
        (struct slice){segment.data + 1, segment.len - 1 - tail};
    match->param_values[match->param_count] = value;
    match->param_count++;
}

static struct slice without_slash(struct slice path)
{
    return path.len > 0 ? slice_from(path, 1) : path;
}

static bool match_segment(struct slice wanted, struct slice segment, struct route_match *match)
{
    if (!is_param(wanted))
        return slice_equal(wanted, segment);
    if (segment.len == 0)
        return false;
    add_param(match, wanted, 1, segment);
    return true;
}

static bool path_matches(struct slice pattern, struct slice path, struct route_match *match)
{
    match->param_count = 0;
    while (pattern.len > 0) {
        struct slice wanted = next_segment(&pattern);

        if (is_rest(wanted)) {
            add_param(match, wanted, 4, without_slash(path));
            return true;
        }
        if (path.len == 0 || !match_segment(wanted, next_segment(&path), match))
            return false;
    }
    return path.len == 0;
}

/* Few rows have the path's own text up to their first parameter. Both begin with a slash; the one
 * before {name...} may be missing. */
static bool row_matches(const char *pattern, struct slice path, struct route_match *match)
{
    size_t i = 1;

    while (i < path.len && pattern[i] == path.data[i] && pattern[i] != '{' && pattern[i])
        i++;
    if (pattern[i] == '\0' && i == path.len) {
        match->param_count = 0;
        return true;
    }
    return (pattern[i] == '{' || (pattern[i] == '/' && pattern[i + 1] == '{')) &&
           path_matches(slice_of(pattern), path, match);
}

/* Most rows part from the path at the first character behind the slash. */
static inline bool row_may_match(const char *pattern, char first)
{
    return pattern[1] == first || pattern[1] == '{' || pattern[1] == '\0';
}

static bool method_matches(const char *allowed, const char *method)
{
    if (strcmp(allowed, method) == 0 || strcmp(allowed, "*") == 0)
        return true;
    return strcmp(method, "HEAD") == 0 && strcmp(allowed, "GET") == 0;
}

struct route_match router_find(const struct route *routes, size_t count, const char *method,
                               struct slice path)
{
    struct route_match match = {0};
    char first = path.len > 1 ? path.data[1] : '\0';

    if (path.len == 0 || path.data[0] != '/')
        return match;
    for (size_t i = 0; i < count; i++) {
        if (!row_may_match(routes[i].path, first) || !row_matches(routes[i].path, path, &match))
            continue;
        match.path_known = true;
        if (method_matches(routes[i].method, method)) {
            match.route = &routes[i];
            return match;
        }
    }
    match.param_count = 0;
    return match;
}

static void allow(struct buf *ret, const char *method)
{
    const char *at = ret->len > 0 ? buf_text(ret) : NULL;
    size_t len = strlen(method);

    for (; at; at = strchr(at, ',')) {
        at += strspn(at, ", ");
        if (strncmp(at, method, len) == 0 && (at[len] == ',' || at[len] == '\0'))
            return;
    }
    if (ret->len > 0)
        buf_put_text(ret, ", ");
    buf_put_text(ret, method);
}

void router_allow(const struct route *routes, size_t count, struct slice path, struct buf *ret)
{
    struct route_match match;

    if (path.len == 0 || path.data[0] != '/')
        return;
    for (size_t i = 0; i < count; i++) {
        if (!row_matches(routes[i].path, path, &match))
            continue;
        allow(ret, routes[i].method);
        if (strcmp(routes[i].method, "GET") == 0)
            allow(ret, "HEAD");
    }
}
