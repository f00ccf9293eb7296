/* Base64 as RFC 4648 section 4 has it, in Java's wording of what is wrong. */
#ifndef EMPLOYEES_MOCK_BASE64_H
#define EMPLOYEES_MOCK_BASE64_H

#include "common/buf.h"
#include "common/status.h"

/* Appends the bytes. Padding may be left out. ST_BAD_INPUT: a byte that is no digit, or an end
 * within a byte. */
MUST_CHECK enum status base64_decode(struct slice text, struct buf *ret, struct why *why);

/* Appends the text, padded. */
void base64_encode(struct slice bytes, struct buf *ret);

#endif
