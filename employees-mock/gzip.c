#include "employees-mock/gzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, ANY_WINDOW = 15 + 32, PIECE = 64 << 10 };

/* "gzip;q=0.5" */
static bool coding_is_gzip(struct slice coding)
{
    const char *mark = memchr(coding.data, ';', coding.len);
    size_t len = mark ? (size_t)(mark - coding.data) : coding.len;
    struct slice name = slice_trim((struct slice){coding.data, len});
    const char *q = mark ? memmem(mark, coding.len - len, "q=", 2) : NULL;

    return slice_equal_nocase(name, SLICE("gzip")) && (!q || strtod(q + 2, NULL) > 0);
}

bool gzip_is_accepted(const char *accept_encoding)
{
    const char *at = accept_encoding;

    while (at && *at) {
        size_t len = strcspn(at, ",");

        if (coding_is_gzip((struct slice){at, len}))
            return true;
        at += len + (at[len] == ',');
    }
    return false;
}

static bool starts_nocase(struct slice text, struct slice start)
{
    return text.len >= start.len && slice_equal_nocase((struct slice){text.data, start.len}, start);
}

bool gzip_fits_type(struct slice content_type)
{
    static const char *const left[] = {"image/",
                                       "audio/",
                                       "video/",
                                       "application/gzip",
                                       "application/zip",
                                       "application/compress",
                                       "application/brotli",
                                       "application/x-xz",
                                       "application/x-rar-compressed",
                                       "text/event-stream"};

    if (starts_nocase(content_type, SLICE("image/svg+xml")))
        return true;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        if (starts_nocase(content_type, slice_of(left[i])))
            return false;
    return true;
}

enum status gzip_pack(struct slice bytes, struct buf *ret, struct why *why)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)(bytes.data ? bytes.data : ""),
                  .avail_in = (uInt)bytes.len};
    gz_header head = {.os = 0}; /* as Java writes it, so that the bytes are the same */
    int rc;

    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return fail_memory(why);
    deflateSetHeader(&z, &head);
    do {
        z.next_out = (Bytef *)buf_reserve(ret, PIECE);
        if (!z.next_out) {
            deflateEnd(&z);
            return buf_status(ret, why);
        }
        z.avail_out = PIECE;
        rc = deflate(&z, Z_FINISH);
        buf_advance(ret, PIECE - z.avail_out);
    } while (rc == Z_OK);
    deflateEnd(&z);
    return rc == Z_STREAM_END ? ST_OK : fail(why, ST_INTERNAL, "gzip failed");
}

enum status gzip_unpack(struct slice bytes, struct buf *ret, struct why *why)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)(bytes.data ? bytes.data : ""),
                  .avail_in = (uInt)bytes.len};
    int rc;

    if (inflateInit2(&z, ANY_WINDOW) != Z_OK)
        return fail_memory(why);
    do {
        size_t room = ret->max - ret->len < PIECE ? ret->max - ret->len : PIECE;

        z.next_out = (Bytef *)(room ? buf_reserve(ret, room) : NULL);
        if (!z.next_out) {
            inflateEnd(&z);
            return fail(why, ST_TOO_LARGE, "the unpacked body is too large");
        }
        z.avail_out = (uInt)room;
        rc = inflate(&z, Z_NO_FLUSH);
        buf_advance(ret, room - z.avail_out);
    } while (rc == Z_OK && (z.avail_in > 0 || z.avail_out == 0));
    inflateEnd(&z);
    return rc == Z_STREAM_END ? ST_OK : fail(why, ST_BAD_INPUT, "Not in GZIP format");
}
