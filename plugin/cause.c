#include "plugin/cause.h"

#include "plugin/text.h"

struct row {
    struct slice word;
    uint32_t status;
    struct slice title;
};

#define ROW(word, status, title)                                                                   \
    {                                                                                              \
        {word, sizeof word - 1}, status,                                                           \
        {                                                                                          \
            title, sizeof title - 1                                                                \
        }                                                                                          \
    }

static const struct row rows[CAUSE_COUNT] = {
    [CAUSE_NONE] = ROW("none", 500, "No failure"),
    [CAUSE_NO_COUNTRY] = ROW("no_country", 400, "The request names no country"),
    [CAUSE_AMBIGUOUS_PATH] = ROW("ambiguous_path", 400, "The path can be read in two ways"),
    [CAUSE_TOO_BIG] = ROW("too_big", 413, "The body is too big to be protected"),
    [CAUSE_REFUSED] = ROW("refused", 502, "The interceptor refused the call"),
    [CAUSE_NONSENSE] = ROW("nonsense", 502, "The interceptor's answer is not valid"),
    [CAUSE_CONTENT_TYPE] = ROW("content_type", 502, "This type of content can't be protected"),
    [CAUSE_CONTENT_ENCODING] = ROW("content_encoding", 502, "Encoded content can't be protected"),
    [CAUSE_PARTIAL_CONTENT] = ROW("partial_content", 502, "Partial content can't be protected"),
    [CAUSE_UPGRADE] = ROW("upgrade", 502, "A change of protocol can't be protected"),
    [CAUSE_UNREACHABLE] = ROW("unreachable", 503, "The interceptor can't be reached"),
    [CAUSE_OVERLOADED] = ROW("overloaded", 503, "Too much is being protected at once"),
    [CAUSE_HOST] = ROW("host", 503, "The proxy could not carry out the protection"),
    [CAUSE_TIMEOUT] = ROW("timeout", 504, "The interceptor took too long"),
};

struct slice cause_word(enum cause cause)
{
    return rows[cause].word;
}

uint32_t cause_status(enum cause cause)
{
    return rows[cause].status;
}

void cause_write_problem(enum cause cause, struct buf *out)
{
    buf_put_slice(out, SLICE("{\"type\":\"urn:interception:"));
    buf_put_slice(out, rows[cause].word);
    buf_put_slice(out, SLICE("\",\"title\":\""));
    buf_put_slice(out, rows[cause].title);
    buf_put_slice(out, SLICE("\",\"status\":"));
    text_put_number(out, rows[cause].status);
    buf_put_char(out, '}');
}
