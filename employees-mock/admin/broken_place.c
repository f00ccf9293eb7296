#include "employees-mock/admin/broken_place.h"

#include <stdbool.h>

/* The objects and lists whose members have places of their own; * is any one name. */
static const char *const opened[] = {
    "",
    "/mappings",
    "/mappings/*",
    "/importOptions",
    "/request",
    "/request/bodyPatterns",
    "/request/multipartPatterns",
    "/request/multipartPatterns/*",
    "/request/multipartPatterns/*/bodyPatterns",
    "/request/basicAuthCredentials",
    "/bodyPatterns",
    "/multipartPatterns",
    "/multipartPatterns/*",
    "/multipartPatterns/*/bodyPatterns",
    "/basicAuthCredentials",
    "/response",
    "/response/chunkedDribbleDelay",
};

/* Lists of texts, whose next element is pointed at even before it begins. */
static const char *const lists_of_texts[] = {
    "/response/transformers",
    "/response/removeProxyRequestHeaders",
};

static size_t segment_end(struct slice path, size_t from)
{
    const char *slash =
        from < path.len ? memchr(path.data + from + 1, '/', path.len - from - 1) : NULL;

    return slash ? (size_t)(slash - path.data) : path.len;
}

static bool is_like(struct slice path, struct slice pattern)
{
    size_t a = 0;
    size_t b = 0;

    while (a < path.len && b < pattern.len) {
        size_t a_end = segment_end(path, a);
        size_t b_end = segment_end(pattern, b);
        struct slice name = {path.data + a, a_end - a};
        struct slice wanted = {pattern.data + b, b_end - b};

        if (!slice_is(wanted, "/*") && !slice_equal(name, wanted))
            return false;
        a = a_end;
        b = b_end;
    }
    return a == path.len && b == pattern.len;
}

/* A stub of an import is one like any other. */
static struct slice within_stub(struct slice path)
{
    size_t end;

    if (!slice_starts(path, SLICE("/mappings/")))
        return path;
    end = segment_end(path, sizeof "/mappings" - 1);
    return end < path.len ? (struct slice){path.data + end, path.len - end} : path;
}

static bool is_one_of(struct slice path, const char *const *patterns, size_t count)
{
    path = within_stub(path);
    for (size_t i = 0; i < count; i++)
        if (is_like(path, slice_of(patterns[i])))
            return true;
    return false;
}

void broken_place_shorten(struct buf *place, size_t items)
{
    struct slice whole = buf_slice(place);
    size_t end = 0;

    while (end < whole.len &&
           is_one_of((struct slice){whole.data, end}, opened, sizeof opened / sizeof opened[0]))
        end = segment_end(whole, end);
    place->len = end;
    if (is_one_of((struct slice){whole.data, end}, lists_of_texts,
                  sizeof lists_of_texts / sizeof lists_of_texts[0]))
        buf_printf(place, "/%zu", items);
}
