/* The words behind a status, as Jetty has them.
 *
 * libmicrohttpd asks these two functions of its own for the words of every answer. Defined in the
 * program they take the place of the library's: it offers no other way to send words of one's own
 * on a connection that stays. */
#include <microhttpd.h>
#include <string.h>

static const struct {
    unsigned status;
    const char *words;
} known[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {103, "Early Hint"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Payload Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {418, "I'm a Teapot"},
    {420, "Enhance your Calm"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Entity"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable for Legal Reason"},
    {500, "Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {510, "Not Extended"},
    {511, "Network Authentication Required"},
};

/* Where Jetty knows no words it sends the digits: "000\0" "001\0" ... "999\0". */
/* clang-format off */
#define ONE(c, x, i) #c #x #i "\0"
#define TEN(c, x) ONE(c, x, 0) ONE(c, x, 1) ONE(c, x, 2) ONE(c, x, 3) ONE(c, x, 4) \
                  ONE(c, x, 5) ONE(c, x, 6) ONE(c, x, 7) ONE(c, x, 8) ONE(c, x, 9)
#define HUNDRED(c) TEN(c, 0) TEN(c, 1) TEN(c, 2) TEN(c, 3) TEN(c, 4) \
                   TEN(c, 5) TEN(c, 6) TEN(c, 7) TEN(c, 8) TEN(c, 9)
static const char digits[] = HUNDRED(0) HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4)
                             HUNDRED(5) HUNDRED(6) HUNDRED(7) HUNDRED(8) HUNDRED(9);
/* clang-format on */

const char *MHD_get_reason_phrase_for(unsigned int code)
{
    size_t low = 0;
    size_t high = sizeof known / sizeof known[0];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (known[middle].status == code)
            return known[middle].words;
        if (known[middle].status < code)
            low = middle + 1;
        else
            high = middle;
    }
    return digits + (size_t)4 * (code % 1000);
}

size_t MHD_get_reason_phrase_len_for(unsigned int code)
{
    return strlen(MHD_get_reason_phrase_for(code));
}
