/* A parsed path from the inside. Private to value_path*.c. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_VALUE_PATH_PARTS_H
#define EMPLOYEES_MOCK_TEMPLATE_VALUE_PATH_PARTS_H

#include "employees-mock/template/value_path.h"

enum { VALUE_PATH_PARTS = 100, VALUE_PATH_CHOICES = 64 };

enum value_path_kind { VP_NAMES, VP_INDEXES, VP_RANGE, VP_ALL, VP_FILTER };

struct value_path_part {
    enum value_path_kind kind;
    bool scan; /* ".." before it */
    struct slice names[VALUE_PATH_CHOICES];
    int32_t indexes[VALUE_PATH_CHOICES]; /* VP_RANGE: from and to */
    size_t count;
    bool has_from;
    bool has_to;
    struct slice filter; /* "[?(...)]" */
};

struct value_path {
    struct value_path_part *parts[VALUE_PATH_PARTS];
    size_t count;
};

#endif
