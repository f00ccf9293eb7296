/* A sample payload's paths and what their values look like. */
#ifndef ENGINE_SUGGEST_INSIDE_H
#define ENGINE_SUGGEST_INSIDE_H

#include "interceptor/engine/classify.h"
#include "interceptor/engine/suggest.h"

enum { SAMPLE_PLACES_MAX = 5000, SAMPLE_BYTES_MAX = 256 << 20 };

struct sample_place {
    char *path;
    enum personal named; /* what its name speaks of, or PERSONAL_KINDS */
    size_t values;       /* without nulls and empty texts */
    size_t of_kind[VALUE_KINDS];
    size_t matches[PERSONAL_KINDS];
    size_t personal; /* values that look like any kind */
};

struct sample {
    struct sample_place *places;
    size_t count;
    size_t next;     /* where the search for the next one begins */
    struct buf path; /* of the value that is read */
    struct buf text; /* its characters */
};

void sample_done(struct sample *s);

/* Appends a step to the path. */
void sample_put_name(struct sample *s, struct slice name);

/* Counts a value at the path; name: of its member or element. */
MUST_CHECK enum status sample_add(struct sample *s, struct slice name, struct value v,
                                  struct why *why);

/* Read a sample that layout has checked. */
MUST_CHECK enum status sample_read_json(struct sample *s, struct slice text, struct why *why);
MUST_CHECK enum status sample_read_xml(struct sample *s, struct slice text, struct why *why);

#endif
