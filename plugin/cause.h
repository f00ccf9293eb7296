/* Why an answer is refused: one word for each cause, the same in the log, in the statistics
 * (interception.refused.WORD), in the access log's response details and in the problem's type
 * (urn:interception:WORD). */
#ifndef PLUGIN_CAUSE_H
#define PLUGIN_CAUSE_H

#include "common/buf.h"

#include <stdint.h>

enum cause {
    CAUSE_NONE,
    CAUSE_NO_COUNTRY,       /* 400 neither body, headers nor configuration name a country */
    CAUSE_AMBIGUOUS_PATH,   /* 400 the path may mean another route to the backend */
    CAUSE_TOO_BIG,          /* 413 a body above maxBodyBytes */
    CAUSE_REFUSED,          /* 502 the interceptor answered another status than 200 */
    CAUSE_NONSENSE,         /* 502 it answered 200 with something that is no valid answer */
    CAUSE_CONTENT_TYPE,     /* 502 a kind of content that can't be protected */
    CAUSE_CONTENT_ENCODING, /* 502 compressed although we asked for plain content */
    CAUSE_PARTIAL_CONTENT,  /* 502 a 206, though no range was asked for */
    CAUSE_UPGRADE,          /* 502 the connection becomes another protocol */
    CAUSE_UNREACHABLE,      /* 503 no connection, or it broke before the answer */
    CAUSE_OVERLOADED,       /* 503 out of memory, or too many bytes held back at once */
    CAUSE_HOST,             /* 503 the proxy refused one of our calls */
    CAUSE_TIMEOUT,          /* 504 no answer within timeoutMs */
    CAUSE_COUNT,
};

struct slice cause_word(enum cause cause);
uint32_t cause_status(enum cause cause);

/* The body of the answer, as application/problem+json (RFC 9457). */
void cause_write_problem(enum cause cause, struct buf *out);

#endif
