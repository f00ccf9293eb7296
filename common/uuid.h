/* Random version 4 UUIDs and random bytes, from the kernel through a buffer for each thread. */
#ifndef COMMON_UUID_H
#define COMMON_UUID_H

#include "common/status.h"

#include <stddef.h>

enum { UUID_SIZE = 37 };

/* Fills n bytes, fit for keys and tokens; ends the process if the kernel gives none, since
 * nothing safe can be done without. */
void random_bytes(void *ret, size_t n);

/* "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx", lower case, terminated. */
void uuid_make(char ret[UUID_SIZE]);

/* Whether the text is a UUID in that layout, of any version, in any case. */
_Bool uuid_valid(const char *text);

#endif
