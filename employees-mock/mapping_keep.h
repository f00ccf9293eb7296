/* Which stubs stay when mapping files are read again. Knows no store. */
#ifndef EMPLOYEES_MOCK_MAPPING_KEEP_H
#define EMPLOYEES_MOCK_MAPPING_KEEP_H

#include "employees-mock/stub_index.h"

/* Puts stubs of `old` in the place of those of `fresh` that come from the same file and say the
 * same, but for an id: each once. Both lists hold their stubs. The lock of mapping_files is held
 * meanwhile. */
void mapping_keep_old(struct stub_list *fresh, const struct stub_list *old);

#endif
