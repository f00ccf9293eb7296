#include "employees-mock/sending.h"

#include "common/memory.h"
#include "common/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    BODY_MAX = 256 << 20,
    TEXTS_MAX = 64 << 10,
    WORDS_MAX = 1 << 20,
    STUB_HEADERS = 2,
    ETAGS_MAX = 1 << 20
};

enum status sending_open(struct sending *s, const struct exchange *x, struct why *why)
{
    size_t count = x->answer->header_count + STUB_HEADERS;

    *s = (struct sending){.x = x,
                          .answer = x->answer,
                          .words = BUF_INIT(WORDS_MAX),
                          .texts = BUF_INIT(TEXTS_MAX),
                          .made = BUF_INIT(BODY_MAX),
                          .etags = BUF_INIT(ETAGS_MAX),
                          .content_type = answer_content_type(x->answer),
                          .told_length = -1};
    s->headers = count <= FEW_HEADERS ? s->few : memory_zeroed(count, sizeof *s->headers);
    return s->headers ? ST_OK : fail_memory(why);
}

void sending_done(struct sending *s)
{
    if (s->headers != s->few)
        free(s->headers);
    buf_done(&s->etags);
    buf_done(&s->made);
    buf_done(&s->texts);
    buf_done(&s->words);
}

enum status sending_fill(struct sending *s, const struct answer_text *text, struct buf *ret,
                         struct why *why)
{
    size_t before = ret->len;
    enum status st = exchange_fill(s->x, text, ret, why);

    if (st == ST_BAD_INPUT && !s->words.len)
        buf_put(&s->words, ret->data + before, ret->len - before);
    return st;
}

/* ---- headers ---- */

static bool goes_out_as_it_is(struct slice value)
{
    return utf8_is_ascii(value) && (value.len == 0 || (!memchr(value.data, '\r', value.len) &&
                                                       !memchr(value.data, '\n', value.len)));
}

/* Line breaks in a value would make headers of their own: blanks take their place. The rest goes
 * out in ISO-8859-1, and what that has not is a blank too. */
static void put_value(struct buf *b, struct slice value)
{
    size_t from = b->len;

    utf8_put_latin_1(value, ' ', b);
    for (size_t i = from; i < b->len; i++)
        if (b->data[i] == '\r' || b->data[i] == '\n' || b->data[i] == '\0')
            b->data[i] = ' ';
    buf_put_char(b, '\0');
}

/* As Java's Long.parseLong() reads it. */
static bool read_length(const char *text, long long *ret)
{
    const char *digits = text + (*text == '-' || *text == '+');
    char *end;

    errno = 0;
    *ret = strtoll(text, &end, 10);
    return *digits >= '0' && *digits <= '9' && *end == '\0' && errno == 0;
}

static void note_length(struct sending *s, const char *value)
{
    long long length;

    if (read_length(value, &length))
        s->told_length = length >= 0 ? length : -1;
    else
        fail(&s->bad_length, ST_BAD_INPUT,
             "java.lang.NumberFormatException: For input string: \"%s\"", value);
}

/* Headers that say how the body goes out are ours to send. */
static bool note_framing(struct sending *s, const char *name, const char *value)
{
    char first = (char)(name[0] | 0x20);

    if (first != 'c' && first != 't')
        return false;
    if (strcasecmp(name, "Content-Length") == 0) {
        note_length(s, value);
        return true;
    }
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        s->chunked = strcasecmp(value, "chunked") == 0;
        return true;
    }
    if (strcasecmp(name, "Content-Encoding") == 0)
        s->packed = true;
    return false;
}

static bool is_content_type(const char *name)
{
    return strcasecmp(name, "Content-Type") == 0;
}

/* A response has one content type, the last that it is given. */
static void send_header(struct sending *s, const char *name, struct slice value, bool replaced)
{
    auto_buf struct buf clean = BUF_INIT(1 << 20);

    s->headers[s->header_count++] = (struct mock_field){slice_of(name), value};
    if (!goes_out_as_it_is(value)) {
        put_value(&clean, value);
        value.data = clean.data;
    }
    if (value.data && strcasecmp(name, "ETag") == 0) {
        buf_put(&s->etags, value.data, strlen(value.data) + 1);
        return;
    }
    if (value.data && !note_framing(s, name, value.data) && !replaced)
        http_reply_header(s->x->http, is_content_type(name) ? "Content-Type" : name, value.data);
}

void sending_header(struct sending *s, const char *name, struct slice value)
{
    send_header(s, name, value, false);
}

static bool is_replaced(const struct answer *a, size_t at)
{
    if (!is_content_type(a->headers[at].name))
        return false;
    for (size_t i = at + 1; i < a->header_count; i++)
        if (is_content_type(a->headers[i].name))
            return true;
    return false;
}

/* At the end of `texts`, terminated. Their memory is taken at once, for it must not move. */
static bool keep_text(struct sending *s, struct slice text)
{
    if ((!s->texts.data && !buf_reserve(&s->texts, TEXTS_MAX)) ||
        s->texts.len + text.len + 1 > s->texts.cap)
        return false;
    buf_put_slice(&s->texts, text);
    buf_put_char(&s->texts, '\0');
    return true;
}

enum status sending_headers(struct sending *s, struct why *why)
{
    const struct answer *a = s->answer;

    for (size_t i = 0; i < a->header_count; i++) {
        const struct answer_text *text = &a->headers[i].value;
        auto_buf struct buf filled = BUF_INIT(1 << 20);
        enum status st;

        if (!text->filled) {
            send_header(s, a->headers[i].name, (struct slice){text->text, text->len},
                        is_replaced(a, i));
            continue;
        }
        st = sending_fill(s, text, &filled, why);
        if (st != ST_OK)
            return st;
        if (!keep_text(s, buf_slice(&filled)))
            return fail(why, ST_TOO_LARGE, "headers are too large");
        send_header(s, a->headers[i].name,
                    (struct slice){s->texts.data + s->texts.len - filled.len - 1, filled.len},
                    is_replaced(a, i));
    }
    return ST_OK;
}

void sending_stub_headers(struct sending *s)
{
    sending_header(s, "Matched-Stub-Id", slice_of(s->x->stub->id));
    if (s->x->stub->name_sent)
        sending_header(s, "Matched-Stub-Name", slice_of(s->x->stub->name_sent));
}
