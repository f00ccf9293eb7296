/* What the mapping files said when they were last read or written: a file that still says it is no
 * news, whatever has become of its stubs meanwhile. Knows no store; the lock of mapping_files is
 * held meanwhile. */
#ifndef EMPLOYEES_MOCK_MAPPING_SAID_H
#define EMPLOYEES_MOCK_MAPPING_SAID_H

#include "employees-mock/stub_index.h"

/* Zeroed: nothing. */
struct mapping_said {
    struct said *items;
    size_t count;
    size_t cap;
    unsigned long serial; /* of readings and writings */
};
void mapping_said_done(struct mapping_said *m);

/* All files were read: they say these, and nothing else. Without memory they say nothing. */
void mapping_said_read(struct mapping_said *m, const struct stub_list *stubs);
/* The stub's file was written: it says this alone. */
void mapping_said_wrote(struct mapping_said *m, struct stub *s);

/* The stub with that id that a file said last; NULL: none. Borrowed. */
const struct stub *mapping_said_find(const struct mapping_said *m, const char *id);

/* What each file said last. Release with stub_store_unlist; empty without memory. */
void mapping_said_list(struct mapping_said *m, struct stub_list *ret);

#endif
