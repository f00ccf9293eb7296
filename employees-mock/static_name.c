#include "employees-mock/static_name.h"

#include "common/hex.h"

/* A '%' without two digits stays as it is. */
static void decode(struct slice text, bool plus_is_blank, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;

        if (text.data[i] == '%' && low >= 0) {
            buf_put_char(ret, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_put_char(ret, text.data[i] == '+' && plus_is_blank ? ' ' : text.data[i]);
        }
    }
}

static struct slice before_any_of(struct slice text, const char *stops)
{
    size_t len = 0;

    while (len < text.len && (text.data[len] == '\0' || !strchr(stops, text.data[len])))
        len++;
    return (struct slice){text.data, len};
}

/* Without ";a=b" behind a segment. */
static void put_without_parameters(struct slice text, struct buf *ret)
{
    bool inside = false;

    for (size_t i = 0; i < text.len; i++) {
        inside = text.data[i] == ';' || (inside && text.data[i] != '/');
        if (!inside)
            buf_put_char(ret, text.data[i]);
    }
}

static bool climbs_out(struct slice path)
{
    long depth = 0;

    while (path.len > 0 && depth >= 0) {
        struct slice segment = before_any_of(path, "/");

        if (slice_is(segment, ".."))
            depth--;
        else if (segment.len > 0 && !slice_is(segment, "."))
            depth++;
        path = slice_from(path, segment.len + (segment.len < path.len));
    }
    return depth < 0;
}

enum status static_name(struct slice path, struct buf *ret, struct buf *ret_shown)
{
    auto_buf struct buf once = BUF_INIT(path.len + 1);
    auto_buf struct buf plain = BUF_INIT(path.len + 1);
    auto_buf struct buf twice = BUF_INIT(path.len + 1);
    struct slice name;

    decode(before_any_of(path, "#"), true, &once);
    buf_put_slice(ret_shown, before_any_of(buf_slice(&once), "?#"));
    put_without_parameters(buf_slice(ret_shown), &plain);
    decode(buf_slice(&plain), false, &twice);
    name = buf_slice(&twice);
    if (climbs_out(name))
        return ST_DENIED;
    if (name.len == 0 || memchr(name.data, '\0', name.len) || memmem(name.data, name.len, "//", 2))
        return ST_NOT_FOUND;
    if (slice_is(name, "/__files") || slice_starts(name, SLICE("/__files/")))
        name = slice_from(name, sizeof "/__files" - 1);
    if (name.len > 0 && name.data[0] == '/')
        name = slice_from(name, 1);
    buf_put_slice(ret, name);
    return buf_status(ret, NULL);
}
