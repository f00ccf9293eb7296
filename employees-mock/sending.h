/* One answer on its way out. Private to respond.c and sending.c. */
#ifndef EMPLOYEES_MOCK_SENDING_H
#define EMPLOYEES_MOCK_SENDING_H

#include "employees-mock/answer.h"
#include "employees-mock/exchange.h"

enum { FEW_HEADERS = 16 };

struct sending {
    const struct exchange *x;
    const struct answer *answer;
    struct buf words; /* of a template that failed */
    struct buf texts; /* values of filled-in headers; slices below point into it */
    struct mock_field few[FEW_HEADERS];
    struct mock_field *headers; /* as they go out, for the journal: those, or the heap's */
    size_t header_count;
    struct buf made;   /* a body that is not the stub's own bytes */
    struct slice body; /* those, or what was made */
    struct slice content_type;
    struct buf
        etags;    /* held back until it is known whether the body is packed; a NUL behind each */
    bool packed;  /* the stub set a Content-Encoding */
    bool chunked; /* it set Transfer-Encoding: chunked */
    long long told_length; /* its own Content-Length; -1: none */
    struct why bad_length; /* one that is no number; else empty */
};

/* To be released by sending_done; after a failure there is nothing to release. */
MUST_CHECK enum status sending_open(struct sending *s, const struct exchange *x, struct why *why);
void sending_done(struct sending *s);

/* Appends a text of the stub, filled in. The words of a template that failed go to s->words. */
MUST_CHECK enum status sending_fill(struct sending *s, const struct answer_text *text,
                                    struct buf *ret, struct why *why);

/* The stub's headers; those of its framing are noted in `s`. */
MUST_CHECK enum status sending_headers(struct sending *s, struct why *why);
/* The headers that tell the stub. */
void sending_stub_headers(struct sending *s);
/* One header more; the value is terminated. */
void sending_header(struct sending *s, const char *name, struct slice value);

#endif
