/* Sizes in bytes as people write them in a recording's spec: "5", "20 kb", "1.5M". Pure. */
#ifndef EMPLOYEES_MOCK_BYTE_SIZE_H
#define EMPLOYEES_MOCK_BYTE_SIZE_H

#include <stddef.h>

enum byte_size_outcome {
    BYTE_SIZE_OK,
    BYTE_SIZE_UNIT, /* its unit is none of k, m and g */
    BYTE_SIZE_TEXT, /* it is no size at all */
};

/* A number and a unit, in capitals or not, with a "b" behind it or without; blanks around both.
 * *ret is at most SIZE_MAX, *ret_unit set with BYTE_SIZE_UNIT. */
enum byte_size_outcome byte_size_read(const char *text, size_t *ret, char *ret_unit);

#endif
