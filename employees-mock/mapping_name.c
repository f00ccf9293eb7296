#include "employees-mock/mapping_name.h"

#include <string.h>

/* In bytes; a file system takes 255 for all of it. */
enum { NAME_MAX_LEN = 200, METHOD_MAX_LEN = 20, URL_MAX_LEN = 179, EXTENSION_MAX_LEN = 16 };

void mapping_name_put_text(struct slice text, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == ' ')
            buf_put_char(ret, '-');
        else if (c >= 'A' && c <= 'Z')
            buf_put_char(ret, (char)(c - 'A' + 'a'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-_.", c)))
            buf_put_char(ret, c);
    }
}

static void put_part(struct slice text, size_t max, struct buf *ret)
{
    mapping_name_put_text((struct slice){text.data, text.len < max ? text.len : max}, ret);
}

void mapping_name_put(const char *name, const char *method, const char *url, const char *id,
                      struct slice extension, struct buf *ret)
{
    if (name && *name) {
        put_part(slice_of(name), NAME_MAX_LEN, ret);
    } else {
        put_part(slice_of(method), METHOD_MAX_LEN, ret);
        buf_put_char(ret, '-');
        put_part(slice_of(url), URL_MAX_LEN, ret);
    }
    buf_printf(ret, "-%s.", id);
    put_part(extension, EXTENSION_MAX_LEN, ret);
}
