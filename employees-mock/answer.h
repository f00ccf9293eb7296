/* What a stub answers: WireMock's response definition, compiled once and sent often.
 *
 * An answer is immutable and belongs to its stub; how it goes out is respond.h's business. */
#ifndef EMPLOYEES_MOCK_ANSWER_H
#define EMPLOYEES_MOCK_ANSWER_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/http.h"
#include "employees-mock/delay.h"
#include "employees-mock/match/match.h"
#include "employees-mock/template/template.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* of an answer that is HTTP; others go out as Jetty writes them */
enum { ANSWER_STATUS_LOWEST = 200, ANSWER_STATUS_HIGHEST = 999 };

/* Text that may be a template; filled is NULL where it is plain. */
struct answer_text {
    char *text; /* NULL: not given */
    size_t len;
    struct template *filled;
};

/* One element for each value, in their order. */
struct answer_header {
    char *name;
    struct answer_text value;
};

enum answer_body { ANSWER_EMPTY, ANSWER_BYTES, ANSWER_FILE };

struct answer {
    json_t *json; /* as WireMock writes it back */

    unsigned status;
    struct answer_text status_text; /* "{{...}}": the status is what it renders to */
    char *reason;                   /* NULL: the standard one */
    struct answer_header *headers;
    size_t header_count;

    enum answer_body kind;
    struct answer_text body;  /* the bytes, or the name of the file */
    bool is_json;             /* it came as jsonBody */
    bool transformed;         /* WireMock looks for templates in it, and makes their model */
    bool templated;           /* parts of it are filled in for each request */
    bool file_templated;      /* ... the content of the body file too */
    const json_t *parameters; /* transformerParameters; in json; may be NULL */

    bool has_fixed_delay; /* else the global one counts */
    uint64_t fixed_delay_ms;
    struct delay delay;
    unsigned pieces; /* chunkedDribbleDelay; 0: none */
    uint64_t pieces_ms;
    bool breaks_off; /* before the body: an incomplete chunkedDribbleDelay */
    enum http_fault fault;

    struct answer_text proxy_base; /* text NULL: it does not proxy */
    const char *proxy_prefix;      /* in json: taken off the path; may be NULL */
    struct answer_header *proxy_headers;
    size_t proxy_header_count;
    const json_t *proxy_removed; /* in json: an array of header names, or NULL */

    unsigned weight; /* among the answers of a stub with several */

    bool plain; /* the same bytes for every request, sent whole, with no framing of its own */
    _Atomic(struct http_ready *) ready; /* of a plain one, when it was sent once; else NULL */
};

/* When a text counts as a template. */
enum templating { TEMPLATING_OFF, TEMPLATING_LOCAL, TEMPLATING_GLOBAL };

/* `response` is borrowed; null is an empty 200. weighted: it may have a "weight".
 * ST_BAD_INPUT: fault tells what; pointer is the response's place in its document. */
MUST_CHECK enum status answer_parse(const json_t *response, const char *pointer,
                                    enum templating templating, bool weighted, struct answer *ret,
                                    struct match_fault *fault);
/* Releases what the struct holds. */
void answer_done(struct answer *a);

/* A header's value that goes out as it stands: ASCII without line breaks. */
bool answer_value_is_plain(const char *value);

/* The first Content-Type; empty if there is none. */
struct slice answer_content_type(const struct answer *a);

/* The word of a fault in WireMock's JSON; NULL for none. */
const char *answer_fault_word(enum http_fault fault);

#endif
