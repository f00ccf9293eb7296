#include "employees-mock/byte_size.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t\n\r\f\v");
}

static double factor_of(char unit)
{
    static const char units[] = "kmg";
    const char *at = strchr(units, tolower((unsigned char)unit));

    return at ? (double)(1 << (10 * (at - units + 1))) : 0;
}

enum byte_size_outcome byte_size_read(const char *text, size_t *ret, char *ret_unit)
{
    const char *number = skip_blanks(text);
    const char *rest = number + strspn(number, "0123456789.");
    char *end;
    double size = strtod(number, &end);

    if (rest == number || end != rest)
        return BYTE_SIZE_TEXT;
    rest = skip_blanks(rest);
    if (isalpha((unsigned char)*rest)) {
        *ret_unit = *rest++;
        size *= factor_of(*ret_unit);
        rest += tolower((unsigned char)*rest) == 'b';
        if (*skip_blanks(rest))
            return BYTE_SIZE_TEXT;
        if (factor_of(*ret_unit) == 0)
            return BYTE_SIZE_UNIT;
    }
    if (*skip_blanks(rest))
        return BYTE_SIZE_TEXT;
    *ret = size < (double)SIZE_MAX ? (size_t)size : SIZE_MAX;
    return BYTE_SIZE_OK;
}
