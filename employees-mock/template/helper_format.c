/* numberFormat, stringFormat. */
#include "employees-mock/template/helper.h"

const struct helper helpers_format[] = {
    {.name = NULL},
};
