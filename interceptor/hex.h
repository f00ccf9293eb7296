/* Bytes as lower-case hexadecimal digits and back. Pure. */
#ifndef INTERCEPTOR_HEX_H
#define INTERCEPTOR_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes 2 * len digits and a NUL. */
void hex_write(const uint8_t *bytes, size_t len, char *ret);

/* Reads exactly `len` bytes, digits in any case; false when the text is anything else. */
bool hex_read(const char *text, uint8_t *ret, size_t len);

#endif
