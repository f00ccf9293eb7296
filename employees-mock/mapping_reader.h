/* Reads a folder of mapping files into stubs. Knows no store. */
#ifndef EMPLOYEES_MOCK_MAPPING_READER_H
#define EMPLOYEES_MOCK_MAPPING_READER_H

#include "common/status.h"
#include "employees-mock/stub.h"
#include "employees-mock/stub_index.h"

/* The stubs of all *.json, *.yaml and *.yml below the folder, in the order in which they are to be
 * tried; none where there is no folder. On failure the list holds what was read so far.
 * ST_BAD_INPUT: why->place is "FILE:LINE", the words name the member and what is wrong; or it is a
 * folder that is there and can't be read. ST_CONFLICT: "FILE:LINE" too; two stubs have one id. */
MUST_CHECK enum status mapping_reader_folder(const char *folder, const struct stub_rules *rules,
                                             struct stub_list *ret, struct why *why);

#endif
