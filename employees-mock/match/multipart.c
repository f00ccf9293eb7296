#include "employees-mock/match/multipart.h"

#include "common/cleanup.h"
#include "common/memory.h"

#include <stdlib.h>

#define REFUSED      "wiremock.jakarta.servlet.ServletException: " UPLOAD
#define UPLOAD       "wiremock.org.apache.commons.fileupload."
#define STREAM_ENDED "Stream ended unexpectedly"

static const char no_boundary[] = REFUSED "FileUploadException: the request was rejected because "
                                          "no multipart boundary was found";
static const char headers_end[] = REFUSED "FileUploadException: " STREAM_ENDED;
static const char body_ends[] =
    REFUSED "FileUploadBase$IOFileUploadException: Processing of multipart/form-data request "
            "failed. " STREAM_ENDED;

struct multipart {
    const char *failure;
    bool related; /* its parts have no names */
    struct mock_part *parts;
    struct mock_field **headers;
    char **heads; /* that were unfolded */
    size_t count;
};

void multipart_free(struct multipart *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++) {
        free(m->headers[i]);
        free(m->heads[i]);
    }
    free(m->heads);
    free(m->headers);
    free(m->parts);
    free(m);
}

const char *multipart_failure(const struct multipart *m)
{
    return m->failure;
}

size_t multipart_parts(const struct multipart *m, const struct mock_part **ret)
{
    *ret = m ? m->parts : NULL;
    return m ? m->count : 0;
}

/* ---- parameters of headers ---- */

static size_t find_char(struct slice s, size_t from, const char *any)
{
    while (from < s.len && !strchr(any, s.data[from]))
        from++;
    return from;
}

/* The place of the next semicolon that stands in no quotes. A backslash before a quote keeps it
 * from ending them, and stays in the value. */
static size_t find_end(struct slice header, size_t from)
{
    bool quoted = false;

    for (; from < header.len && (quoted || header.data[from] != ';'); from++) {
        if (quoted && header.data[from] == '\\' && from + 1 < header.len)
            from++;
        else if (header.data[from] == '"')
            quoted = !quoted;
    }
    return from;
}

static struct slice without_quotes(struct slice value)
{
    if (value.len < 2 || value.data[0] != '"' || value.data[value.len - 1] != '"')
        return value;
    return (struct slice){value.data + 1, value.len - 2};
}

/* A parameter of a header value such as `form-data; name="a"`, without its quotes, as a slice of
 * it; data NULL: none. */
static struct slice parameter_of(struct slice header, const char *name)
{
    size_t at = find_end(header, 0);

    while (at < header.len) {
        size_t end = find_end(header, ++at);
        struct slice pair = {header.data + at, end - at};
        size_t equals = find_char(pair, 0, "=");
        struct slice found = slice_trim((struct slice){pair.data, equals});

        if (slice_equal_nocase(found, slice_of(name)))
            return equals < pair.len ? without_quotes(slice_trim(slice_from(pair, equals + 1)))
                                     : SLICE("");
        at = end;
    }
    return (struct slice){NULL, 0};
}

/* ---- parts ---- */

static bool is_blank_at(struct slice text, size_t at)
{
    return at < text.len && (text.data[at] == ' ' || text.data[at] == '\t');
}

static size_t find_fold(struct slice head, size_t from)
{
    while (from < head.len && !(head.data[from] == '\r' && from + 1 < head.len &&
                                head.data[from + 1] == '\n' && is_blank_at(head, from + 2)))
        from++;
    return from;
}

/* A line that begins with blanks continues the one before it: they become a single one, in a copy
 * that *ret_kept is the owner of. */
static struct slice unfold(struct slice head, char **ret_kept)
{
    size_t fold = find_fold(head, 0);
    char *copy = fold < head.len ? memory_alloc(head.len) : NULL;
    size_t len = 0;

    for (size_t at = 0; copy && at < head.len;) {
        fold = find_fold(head, at);
        memcpy(copy + len, head.data + at, fold - at);
        len += fold - at;
        if (fold < head.len)
            copy[len++] = ' ';
        for (at = fold + 2; is_blank_at(head, at);)
            at++;
    }
    *ret_kept = copy;
    return copy ? (struct slice){copy, len} : head;
}

/* Lines "Name: value"; what has no colon is no header. */
static size_t read_headers(struct slice text, struct mock_field *headers)
{
    size_t count = 0;

    for (size_t at = 0; at < text.len && count < MULTIPART_HEADERS_MAX;) {
        size_t end = find_char(text, at, "\n");
        struct slice line = slice_trim((struct slice){text.data + at, end - at});
        size_t colon = find_char(line, 0, ":");

        if (colon < line.len)
            headers[count++] = (struct mock_field){slice_trim((struct slice){line.data, colon}),
                                                   slice_trim(slice_from(line, colon + 1))};
        at = end + 1;
    }
    return count;
}

static void read_disposition(struct mock_part *part)
{
    struct slice disposition = {NULL, 0};
    size_t at = 0;

    mock_fields_next(part->headers, SLICE("Content-Disposition"), true, &at, &disposition);
    part->filename = parameter_of(disposition, "filename");
    if (disposition.len >= 9 &&
        slice_equal_nocase((struct slice){disposition.data, 9}, SLICE("form-data")))
        part->name = parameter_of(disposition, "name");
}

/* A part without a name counts where none has one. */
static bool add_part(struct multipart *m, struct slice head, struct slice body)
{
    struct mock_field fields[MULTIPART_HEADERS_MAX];
    auto_free char *unfolded = NULL;
    struct mock_part part = {.body = body};
    struct mock_field *kept;

    head = unfold(head, &unfolded);
    part.headers = (struct mock_fields){fields, read_headers(head, fields)};
    read_disposition(&part);
    if (m->related)
        part.name = (struct slice){NULL, 0};
    else if (part.name.len == 0)
        return true;
    kept = memory_alloc((part.headers.count + 1) * sizeof *kept);
    if (!kept)
        return false;
    memcpy(kept, fields, part.headers.count * sizeof *kept);
    part.headers.items = kept;
    m->headers[m->count] = kept;
    m->heads[m->count] = take(unfolded);
    m->parts[m->count++] = part;
    return true;
}

static size_t find_text(struct slice text, size_t from, struct slice wanted)
{
    const char *found =
        from < text.len ? memmem(text.data + from, text.len - from, wanted.data, wanted.len) : NULL;

    return found ? (size_t)(found - text.data) : text.len;
}

/* Moves behind the line break after a boundary; false: the end, or no boundary's line. */
static bool pass_line_end(struct slice body, size_t *at)
{
    struct slice rest = slice_from(body, *at);

    *at += slice_starts(rest, SLICE("\n")) ? 1 : 2;
    return slice_starts(rest, SLICE("\n")) || slice_starts(rest, SLICE("\r\n"));
}

/* delimiter: CR, LF, "--", boundary; the first one needs no line break before it. */
static bool read_parts(struct multipart *m, struct slice body, struct slice delimiter)
{
    size_t at = find_text(body, 0, slice_from(delimiter, 2));

    if (at == body.len)
        return true;
    at += delimiter.len - 2;
    while (m->count < MULTIPART_PARTS_MAX && pass_line_end(body, &at)) {
        size_t head = find_text(body, at, SLICE("\r\n\r\n"));
        size_t end = find_text(body, head + 4, delimiter);

        if (head == body.len || end == body.len) {
            m->failure = head == body.len ? headers_end : body_ends;
            return true;
        }
        if (!add_part(m, (struct slice){body.data + at, head - at},
                      (struct slice){body.data + head + 4, end - head - 4}))
            return false;
        at = end + delimiter.len;
    }
    return true;
}

static bool read_all(struct multipart *m, struct slice content_type, struct slice body)
{
    auto_buf struct buf delimiter = BUF_INIT(1024);
    struct slice boundary = parameter_of(content_type, "boundary");

    if (boundary.len == 0) {
        m->failure = no_boundary;
        return true;
    }
    buf_put_text(&delimiter, "\r\n--");
    buf_put_slice(&delimiter, boundary);
    if (delimiter.failed != ST_OK)
        return delimiter.failed == ST_TOO_LARGE;
    m->related = content_type.len >= 17 && slice_equal_nocase((struct slice){content_type.data, 17},
                                                              SLICE("multipart/related"));
    return read_parts(m, body, buf_slice(&delimiter));
}

struct multipart *multipart_read(struct slice content_type, struct slice body)
{
    struct multipart *m = memory_zeroed(1, sizeof *m);

    if (!m)
        return NULL;
    m->parts = memory_zeroed(MULTIPART_PARTS_MAX, sizeof *m->parts);
    m->headers = memory_zeroed(MULTIPART_PARTS_MAX, sizeof *m->headers);
    m->heads = memory_zeroed(MULTIPART_PARTS_MAX, sizeof *m->heads);
    if (m->parts && m->headers && m->heads && read_all(m, content_type, body))
        return m;
    multipart_free(m);
    return NULL;
}
