#include "common/http_internal.h"

#include "common/clock.h"

#include <string.h>

/* The headers of a request, and what they say of its framing.
 *
 * libmicrohttpd ignores Content-Length beside Transfer-Encoding, takes a coding that it does not
 * know for none, and a name with a blank before its colon for another name: each a way to smuggle
 * a request past whatever stands before us. So all that is refused (RFC 9112, 6.1 and 6.3). */

/* RFC 9110, 5.6.2: letters, digits and !#$%&'*+-.^_`|~. */
static const bool token_bytes[256] = {
    /* clang-format off */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 1x */
    0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, /* 2x */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, /* 3x */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 4x */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, /* 5x */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 6x */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, /* 7x */
    /* clang-format on */
};

/* How many bytes at the front may stand in a token; the text's NUL may not. */
static size_t token_length(const char *text)
{
    size_t len = 0;

    while (token_bytes[(unsigned char)text[len]])
        len++;
    return len;
}

bool http_is_token(const char *text)
{
    size_t len = token_length(text);

    return len > 0 && text[len] == '\0';
}

static bool is_value_byte(char c)
{
    return ((unsigned char)c >= ' ' && c != 0x7f) || c == '\t';
}

/* Not zero if one of eight bytes is below a blank or DEL (Mycroft, by the word). */
static uint64_t odd_bytes(const char *text)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    uint64_t word, del;

    memcpy(&word, text, sizeof word);
    del = word ^ 0x7f * ones;
    return (((word - ' ' * ones) & ~word) | ((del - ones) & ~del)) & highs;
}

/* RFC 9110, 5.5: no control characters but the tab. */
static bool is_value(const char *text, size_t len)
{
    size_t i = 0;

    while (len - i >= sizeof(uint64_t) && odd_bytes(text + i) == 0)
        i += sizeof(uint64_t);
    while (i < len && is_value_byte(text[i]))
        i++;
    return i == len;
}

enum status http_check_value(const char *text, const char *place, struct why *why)
{
    struct slice whole = slice_of(text);

    if (is_value(whole.data, whole.len) && slice_trim(whole).len == whole.len)
        return ST_OK;
    return fail_at(why, ST_BAD_INPUT, place,
                   "no header can carry it: it has control characters, or blanks at its ends");
}

/* ---- lines ---- */

/* libmicrohttpd (before 1.0) ends a text at a NUL, the head at a line that begins with a colon or a
 * NUL, and takes a folded line for more of the name. But it leaves the head in one piece, with NULs
 * for its colons and line breaks, so that all of that shows: there is then more between two texts
 * than a line break, and these are alike all over. */
struct lines {
    const char *text_end;
    size_t line_break; /* 2: CR LF, 1: LF; 0 before the first header */
    bool odd;
};

static void next_line(struct lines *l, const char *text, const char *text_end)
{
    uintptr_t gap = (uintptr_t)text - (uintptr_t)l->text_end;

    if (l->line_break == 0)
        l->line_break = gap;
    l->odd |= gap != l->line_break || gap < 1 || gap > 2;
    l->text_end = text_end;
}

static bool lines_are_sound(const struct lines *l, const char *head_end)
{
    uintptr_t gap = (uintptr_t)head_end - (uintptr_t)l->text_end;

    if (MHD_VERSION >= 0x01000000)
        return true;
    return l->line_break == 0 ? gap == 2 || gap == 4 : !l->odd && gap == 2 * l->line_break;
}

static size_t head_size(struct MHD_Connection *mhd)
{
    return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

/* ---- collecting ---- */

struct collector {
    struct http_request *req;
    size_t room;
    struct lines lines;
    enum status st;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* libmicrohttpd leaves the blanks behind a value on it. data NULL: memory is out. */
static struct slice trimmed(struct http_request *req, struct slice value)
{
    if (value.len == 0 || !is_space(value.data[value.len - 1]))
        return value;
    while (value.len > 0 && is_space(value.data[value.len - 1]))
        value.len--;
    return (struct slice){http_arena_copy(&req->arena, value), value.len};
}

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name,
                               size_t name_len, const char *value, size_t value_len)
{
    struct collector *c = cls;
    struct http_header *header = &c->req->headers[c->req->header_count];
    struct slice text = value ? (struct slice){value, value_len} : SLICE("");

    (void)kind;
    if (c->req->header_count == c->room)
        return MHD_NO;
    if (name_len == 0 || token_length(name) != name_len || !is_value(text.data, text.len))
        c->st = ST_BAD_INPUT;
    next_line(&c->lines, name, text.data + text.len);
    text = trimmed(c->req, text);
    if (!text.data)
        c->st = ST_NO_MEMORY;
    if (c->st != ST_OK)
        return MHD_NO;
    *header = (struct http_header){name, text.data, name_len, text.len, NULL};
    c->req->header_count++;
    return MHD_YES;
}

static struct collector collect_all(struct http_request *req, struct MHD_Connection *mhd)
{
    int count = MHD_get_connection_values(mhd, MHD_HEADER_KIND, NULL, NULL);
    struct collector c = {.req = req,
                          .room = count > 0 ? (size_t)count : 0,
                          .lines.text_end = req->version + strlen(req->version)};

    req->headers = http_arena_take(&req->arena, (c.room + 1) * sizeof *req->headers);
    if (req->headers)
        MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, collect, &c);
    else
        c.st = ST_NO_MEMORY;
    return c;
}

static enum status read_headers(struct http_request *req, struct MHD_Connection *mhd,
                                struct why *why)
{
    struct collector c = collect_all(req, mhd);

    if (c.st == ST_OK && !lines_are_sound(&c.lines, req->method + head_size(mhd)))
        c.st = ST_BAD_INPUT;
    if (c.st == ST_BAD_INPUT)
        return fail(why, ST_BAD_INPUT,
                    "a line of the head is folded, or has bytes that none may have");
    return c.st == ST_OK ? ST_OK : fail_memory(why);
}

/* ---- framing ---- */

struct framing {
    const char *length;
    bool lengths_differ;
    const char *coding;
    size_t codings;
    size_t hosts;
    const char *expect;
};

static void look_at(struct framing *f, const struct http_header *header)
{
    switch (header->name_len) {
    case sizeof "Host" - 1:
        f->hosts += strcasecmp(header->name, "Host") == 0;
        break;
    case sizeof "Expect" - 1:
        if (strcasecmp(header->name, "Expect") == 0)
            f->expect = header->value;
        break;
    case sizeof "Content-Length" - 1:
        if (strcasecmp(header->name, "Content-Length") != 0)
            break;
        f->lengths_differ |= f->length && strcmp(f->length, header->value) != 0;
        f->length = header->value;
        break;
    case sizeof "Transfer-Encoding" - 1:
        if (strcasecmp(header->name, "Transfer-Encoding") != 0)
            break;
        f->coding = header->value;
        f->codings++;
        break;
    default:
        break;
    }
}

static enum status check_framing(const struct http_request *req, const struct framing *f,
                                 struct why *why)
{
    bool is_1_1 = strcmp(req->version, "HTTP/1.1") == 0;

    if (f->coding && f->length)
        return fail_at(why, ST_BAD_INPUT, "Content-Length", "it stands beside Transfer-Encoding");
    if (f->codings > 1 || (f->coding && strcasecmp(f->coding, "chunked") != 0))
        return fail_at(why, ST_BAD_INPUT, "Transfer-Encoding", "it is other than chunked");
    if (f->coding && !is_1_1)
        return fail_at(why, ST_BAD_INPUT, "Transfer-Encoding", "HTTP/1.0 does not have it");
    if (f->lengths_differ)
        return fail_at(why, ST_BAD_INPUT, "Content-Length", "there are two that differ");
    if (f->length && (f->length[0] == '\0' || f->length[strspn(f->length, "0123456789")] != '\0'))
        return fail_at(why, ST_BAD_INPUT, "Content-Length", "it is not a number");
    if (f->hosts > 1 || (is_1_1 && f->hosts == 0))
        return fail_at(why, ST_BAD_INPUT, "Host", "it is missing, or there are two");
    return ST_OK;
}

/* libmicrohttpd decodes nothing but "chunked" without a blank behind it. */
static enum status read_framing(struct http_request *req, struct MHD_Connection *mhd,
                                struct why *why)
{
    struct framing f = {0};
    enum status st;

    for (size_t i = 0; i < req->header_count; i++)
        look_at(&f, &req->headers[i]);
    if (f.coding)
        f.coding = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Transfer-Encoding");
    st = check_framing(req, &f, why);
    if (st != ST_OK)
        return st;
    req->chunked = f.coding != NULL;
    req->expects_continue = f.expect && strcasecmp(f.expect, "100-continue") == 0;
    req->content_length = f.length ? strtoull(f.length, NULL, 10) : 0;
    return ST_OK;
}

enum status http_request_read_head(struct http_request *req, struct MHD_Connection *mhd,
                                   const char *method, const char *version, struct why *why)
{
    enum status st;

    req->method = method;
    req->version = version;
    req->started_us = clock_monotonic_us();
    st = read_headers(req, mhd, why);
    if (st == ST_OK && !http_is_token(method))
        st = fail(why, ST_BAD_INPUT, "the method is no token");
    return st == ST_OK ? read_framing(req, mhd, why) : st;
}

void http_request_read_broken_head(struct http_request *req)
{
    req->method = "";
    req->version = "";
    req->started_us = clock_monotonic_us();
    collect_all(req, req->conn->mhd);
}
