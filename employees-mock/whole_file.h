/* Files written so that no reader ever sees half of one. */
#ifndef EMPLOYEES_MOCK_WHOLE_FILE_H
#define EMPLOYEES_MOCK_WHOLE_FILE_H

#include "common/buf.h"
#include "common/status.h"

/* Writes beside `path` and moves it there. ST_IO: the words name `name` and the reason. */
MUST_CHECK enum status whole_file_write(const char *path, const char *name, struct slice content,
                                        struct why *why);

#endif
