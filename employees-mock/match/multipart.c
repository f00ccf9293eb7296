#include "employees-mock/match/multipart.h"

#include <stdlib.h>

struct part {
    struct mock_field headers[MULTIPART_HEADERS_MAX];
    struct buf name; /* where it had escapes */
    struct buf filename;
};

struct multipart {
    struct mock_part *parts;
    struct part **owned;
    size_t count;
};

void multipart_free(struct multipart *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++) {
        buf_done(&m->owned[i]->name);
        buf_done(&m->owned[i]->filename);
        free(m->owned[i]);
    }
    free(m->owned);
    free(m->parts);
    free(m);
}

size_t multipart_parts(const struct multipart *m, const struct mock_part **ret)
{
    *ret = m ? m->parts : NULL;
    return m ? m->count : 0;
}

/* ---- parameters of headers ---- */

/* From behind the opening quote; *at is left behind the closing one. */
static struct slice quoted(struct slice header, size_t *at, struct buf *space)
{
    size_t from = *at;
    bool escaped = false;

    for (; *at < header.len && header.data[*at] != '"'; (*at)++) {
        if (header.data[*at] == '\\' && *at + 1 < header.len) {
            if (!escaped)
                buf_put(space, header.data + from, *at - from);
            escaped = true;
            (*at)++;
        }
        if (escaped)
            buf_put_char(space, header.data[*at]);
    }
    if (*at < header.len)
        (*at)++;
    return escaped ? buf_slice(space)
                   : (struct slice){header.data + from,
                                    *at - from - (*at > from && header.data[*at - 1] == '"')};
}

static size_t find_char(struct slice s, size_t from, const char *any)
{
    while (from < s.len && !strchr(any, s.data[from]))
        from++;
    return from;
}

/* A parameter of a header value such as `form-data; name="a"`, unquoted, as a slice of it or of
 * `space`; data NULL: none. */
static struct slice parameter_of(struct slice header, const char *name, struct buf *space)
{
    size_t at = find_char(header, 0, ";");

    while (at < header.len) {
        size_t end = find_char(header, ++at, "=;");
        struct slice found = slice_trim((struct slice){header.data + at, end - at});
        struct slice value = {"", 0};

        at = end;
        if (end < header.len && header.data[end] == '=') {
            at++;
            while (at < header.len && (header.data[at] == ' ' || header.data[at] == '\t'))
                at++;
            if (at < header.len && header.data[at] == '"') {
                at++;
                buf_clear(space);
                value = quoted(header, &at, space);
                at = find_char(header, at, ";");
            } else {
                end = find_char(header, at, ";");
                value = slice_trim((struct slice){header.data + at, end - at});
                at = end;
            }
        }
        if (slice_equal_nocase(found, slice_of(name)))
            return value;
    }
    return (struct slice){NULL, 0};
}

/* ---- parts ---- */

static struct slice cut(struct slice s, size_t from)
{
    return (struct slice){s.data + from, s.len - from};
}

/* Lines "Name: value" up to an empty one; returns the length with it, 0 when there is no end. */
static size_t read_headers(struct slice text, struct part *owned, size_t *ret_count)
{
    size_t at = 0;

    *ret_count = 0;
    while (at < text.len) {
        const char *newline = memchr(text.data + at, '\n', text.len - at);
        struct slice line;
        const char *colon;

        if (!newline)
            return 0;
        line = slice_trim((struct slice){text.data + at, (size_t)(newline - text.data) - at});
        at = (size_t)(newline - text.data) + 1;
        if (line.len == 0)
            return at;
        colon = memchr(line.data, ':', line.len);
        if (!colon || *ret_count >= MULTIPART_HEADERS_MAX)
            continue;
        owned->headers[(*ret_count)++] =
            (struct mock_field){slice_trim((struct slice){line.data, (size_t)(colon - line.data)}),
                                slice_trim(cut(line, (size_t)(colon - line.data) + 1))};
    }
    return 0;
}

static bool add_part(struct multipart *m, struct slice text)
{
    struct part *owned = calloc(1, sizeof *owned);
    struct mock_part *part = &m->parts[m->count];
    size_t header_count = 0;
    size_t head;
    struct slice disposition = {NULL, 0};
    size_t at = 0;

    if (!owned)
        return false;
    m->owned[m->count++] = owned;
    head = read_headers(text, owned, &header_count);
    part->headers = (struct mock_fields){owned->headers, header_count};
    part->body = cut(text, head);
    buf_init(&owned->name, text.len + 1);
    buf_init(&owned->filename, text.len + 1);
    if (mock_fields_next(part->headers, SLICE("Content-Disposition"), true, &at, &disposition)) {
        part->name = parameter_of(disposition, "name", &owned->name);
        part->filename = parameter_of(disposition, "filename", &owned->filename);
    }
    return true;
}

/* The next "--boundary" at a line's beginning at or behind `from`; text.len: none. */
static size_t find_delimiter(struct slice text, struct slice delimiter, size_t from)
{
    while (from + delimiter.len <= text.len) {
        const char *found =
            memmem(text.data + from, text.len - from, delimiter.data, delimiter.len);
        size_t at;

        if (!found)
            break;
        at = (size_t)(found - text.data);
        if (at == 0 || text.data[at - 1] == '\n')
            return at;
        from = at + 1;
    }
    return text.len;
}

/* The text between two delimiters without the line break that belongs to the second. */
static struct slice between(struct slice body, size_t from, size_t to)
{
    if (to > from && body.data[to - 1] == '\n')
        to--;
    if (to > from && body.data[to - 1] == '\r')
        to--;
    return (struct slice){body.data + from, to - from};
}

static bool read_parts(struct multipart *m, struct slice body, struct slice delimiter)
{
    size_t at = find_delimiter(body, delimiter, 0);

    while (at < body.len && m->count < MULTIPART_PARTS_MAX) {
        size_t from = at + delimiter.len;
        size_t line;

        if (slice_starts(cut(body, from), SLICE("--")))
            return true;
        line = find_char(body, from, "\n");
        if (line == body.len)
            return false;
        at = find_delimiter(body, delimiter, line + 1);
        if (at == body.len || !add_part(m, between(body, line + 1, at)))
            return false;
    }
    return m->count > 0;
}

struct multipart *multipart_read(struct slice content_type, struct slice body)
{
    auto_buf struct buf space = BUF_INIT(1024);
    auto_buf struct buf delimiter = BUF_INIT(1024);
    struct slice boundary = parameter_of(content_type, "boundary", &space);
    struct multipart *m;

    if (!boundary.data || boundary.len == 0 || body.len == 0)
        return NULL;
    buf_put_text(&delimiter, "--");
    buf_put_slice(&delimiter, boundary);
    if (delimiter.failed != ST_OK)
        return NULL;
    m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->parts = calloc(MULTIPART_PARTS_MAX, sizeof *m->parts);
    m->owned = calloc(MULTIPART_PARTS_MAX, sizeof(struct part *));
    if (m->parts && m->owned && read_parts(m, body, buf_slice(&delimiter)))
        return m;
    multipart_free(m);
    return NULL;
}
