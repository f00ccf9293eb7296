/* The files of answers: __files under the root directory. Nothing outside of it can be named.
 *
 * Any thread may call any function; each call opens what it needs. */
#ifndef EMPLOYEES_MOCK_BODY_FILES_H
#define EMPLOYEES_MOCK_BODY_FILES_H

#include "common/buf.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct body_files;

/* The folder need not exist: it is made when something is written. */
MUST_CHECK enum status body_files_open(const char *folder, struct body_files **ret,
                                       struct why *why);
void body_files_close(struct body_files *f);

struct body_file_about {
    bool folder;
    int64_t modified_s;
};

/* What there is at a name, as below; "" is the folder itself, which counts as there. */
MUST_CHECK enum status body_files_about(const struct body_files *f, const char *name,
                                        struct body_file_about *ret, struct why *why);

/* Names are relative: "a/b.json". ST_DENIED: the name leaves the folder; ST_NOT_FOUND: no such
 * file; ST_IO: it can't be read now. A folder reads as its entries, a line each,
 * and so does "". */
MUST_CHECK enum status body_files_read(const struct body_files *f, const char *name,
                                       struct buf *ret, struct why *why);
MUST_CHECK enum status body_files_write(const struct body_files *f, const char *name,
                                        struct slice content, struct why *why);
MUST_CHECK enum status body_files_remove(const struct body_files *f, const char *name,
                                         struct why *why);
/* The names of all files, sorted: an array for the caller to json_decref. */
MUST_CHECK enum status body_files_list(const struct body_files *f, json_t **ret, struct why *why);

#endif
