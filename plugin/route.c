#include "plugin/route.h"

#include "plugin/text.h"

enum { PATH_MAX_BYTES = 65536 };

/* The byte at *at, decoded, and *at behind it; -1 for one that may be read in two ways. */
static int next_byte(struct slice *rest)
{
    int high, low, byte;

    byte = (unsigned char)rest->data[0];
    rest->data++;
    rest->len--;
    if (byte == '\\')
        return -1;
    if (byte != '%')
        return byte;
    if (rest->len < 2)
        return -1;
    high = text_hex_digit(rest->data[0]);
    low = text_hex_digit(rest->data[1]);
    byte = high * 16 + low;
    if (high < 0 || low < 0 || byte == '/' || byte == '\\' || byte == '%' || byte == '\0')
        return -1;
    rest->data += 2;
    rest->len -= 2;
    return byte;
}

/* Is the last segment of what is written a dot, or two? Their parameters (`..;x`) count too. */
static bool ends_in_dots(const struct buf *plain)
{
    size_t from = plain->len;
    struct slice segment;
    const char *semicolon;

    if (from == 0)
        return false;
    while (from > 0 && plain->data[from - 1] != '/')
        from--;
    segment = (struct slice){plain->data + from, plain->len - from};
    semicolon = memchr(segment.data, ';', segment.len);
    if (semicolon)
        segment.len = (size_t)(semicolon - segment.data);
    return slice_is(segment, ".") || slice_is(segment, "..");
}

bool route_put_plain(struct slice path, struct buf *plain)
{
    const char *query = path.len ? memchr(path.data, '?', path.len) : NULL;

    if (query)
        path.len = (size_t)(query - path.data);
    while (path.len > 0) {
        int byte = next_byte(&path);

        if (byte < 0 || (byte == '/' && ends_in_dots(plain)))
            return false;
        if (byte != '/' || plain->len == 0 || plain->data[plain->len - 1] != '/')
            buf_put_char(plain, (char)byte);
    }
    return plain->failed == ST_OK && !ends_in_dots(plain);
}

const struct policy *route_find(const struct settings *settings, struct slice path)
{
    auto_buf struct buf plain = BUF_INIT(PATH_MAX_BYTES);

    if (settings->routes_count == 0)
        return &settings->base;
    if (!route_put_plain(path, &plain))
        return NULL;
    for (uint32_t i = 0; i < settings->routes_count; i++) {
        if (slice_starts(buf_slice(&plain), settings->routes[i].path_prefix))
            return &settings->routes[i];
    }
    return &settings->base;
}
