/* Which stubs stay when mapping files are read again. mapping_files holds its lock meanwhile. */
#ifndef EMPLOYEES_MOCK_MAPPING_KEEP_H
#define EMPLOYEES_MOCK_MAPPING_KEEP_H

#include "employees-mock/mapping_said.h"
#include "employees-mock/stub_index.h"
#include "employees-mock/stub_store.h"

/* Puts stubs of `old` in the place of those of `fresh` that come from the same file and say the
 * same, but for an id: each once. Both lists hold their stubs. */
void mapping_keep_old(struct stub_list *fresh, const struct stub_list *old);

/* The same with what the files said before: a stub whose file says that still becomes the store's
 * with its id, edited or not, and one that has been removed there stays away. `said` learns what
 * the files say now. */
void mapping_keep_current(struct stub_list *fresh, struct mapping_said *said,
                          struct stub_store *store);

#endif
