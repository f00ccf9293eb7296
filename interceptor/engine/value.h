/* One value of a data set, and what takes its place. */
#ifndef ENGINE_VALUE_H
#define ENGINE_VALUE_H

#include "common/buf.h"

/* What a manifest says an attribute is. */
enum value_type { TYPE_STRING, TYPE_DATE, TYPE_NUMBER, TYPE_BOOLEAN, VALUE_TYPES };

/* What a value of a data set is: its JSON type. */
enum value_kind { VALUE_NULL, VALUE_BOOLEAN, VALUE_NUMBER, VALUE_STRING, VALUE_KINDS };

/* text: of a string its characters, decoded; of the others the literal as it stands, such as
 * "1.10", "true" or "null". */
struct value {
    enum value_kind kind;
    struct slice text;
};

#endif
