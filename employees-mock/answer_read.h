/* How a response definition is read, shared by the files that read its parts. Used by answer*.c
 * only; a reading lives on answer_parse's stack. */
#ifndef EMPLOYEES_MOCK_ANSWER_READ_H
#define EMPLOYEES_MOCK_ANSWER_READ_H

#include "employees-mock/answer.h"
#include "employees-mock/bind.h"

enum { ANSWER_BODY_MAX = 256 << 20, ANSWER_POINTER_SIZE = 256 };

struct answer_reading {
    struct bind from;
    struct answer *to;
    bool fill; /* its texts are templates */
    const json_t *transformers;
    const json_t *parameters; /* of the transformers */
    bool weighted;
};

/* Keeps a member in the JSON that is written back; `made` moves in, NULL is "out of memory". */
MUST_CHECK enum status answer_keep(struct answer_reading *r, const char *name, json_t *made);
MUST_CHECK enum status answer_keep_as_is(struct answer_reading *r, const char *name,
                                         const json_t *value);

/* Copies text of len bytes into *ret and parses it as a template where it is one. */
MUST_CHECK enum status answer_make_text(struct answer_reading *r, const char *member,
                                        const char *text, size_t len, struct answer_text *ret);

/* {"A":"b","C":["d","e"]} into one element for each value; *ret is to be freed even on failure. */
MUST_CHECK enum status answer_read_headers(struct answer_reading *r, const char *member,
                                           struct answer_header **ret, size_t *count);

MUST_CHECK enum status answer_read_body(struct answer_reading *r);
MUST_CHECK enum status answer_read_file(struct answer_reading *r);
MUST_CHECK enum status answer_read_proxy_headers(struct answer_reading *r);
MUST_CHECK enum status answer_read_proxy(struct answer_reading *r);

#endif
