/* Files read whole, up to a ceiling. */
#ifndef COMMON_FILE_H
#define COMMON_FILE_H

#include "common/buf.h"
#include "common/status.h"

/* Appends the file's content to `ret`, whose ceiling counts; on failure a part of it may be there.
 * place is the file's name.
 * ST_NOT_FOUND: there is none; ST_TOO_LARGE; ST_IO: it can't be opened or read (a folder). */
MUST_CHECK enum status file_read(const char *file, struct buf *ret, struct why *why);

#endif
