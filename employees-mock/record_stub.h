/* A served request as the mapping that would answer it again. Pure. */
#ifndef EMPLOYEES_MOCK_RECORD_STUB_H
#define EMPLOYEES_MOCK_RECORD_STUB_H

#include "common/buf.h"
#include "employees-mock/event.h"
#include "employees-mock/record_spec.h"

#include <jansson.h>

/* A body that is to become a file of its own. */
struct record_file {
    char name[256];       /* "": none */
    struct slice content; /* borrowed from the event, or from `unpacked` */
    struct buf unpacked;  /* a body that came in gzip; released by record_file_done */
};

void record_file_done(struct record_file *f);
#define auto_record_file __attribute__((cleanup(record_file_done)))

/* Its "request", "response", "name", "id" and "uuid". A new reference; NULL: memory is out. */
json_t *record_stub_json(const struct event *e, const struct record_spec *spec,
                         struct record_file *ret_file);

/* Puts what a scenario of such requests is called after: the decoded path's segments, with '-'
 * between them. request: a mapping's. */
void record_stub_put_path(const json_t *request, struct buf *ret);

#endif
