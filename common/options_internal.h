/* What the files options*.c share; nobody else includes it. */
#ifndef COMMON_OPTIONS_INTERNAL_H
#define COMMON_OPTIONS_INTERNAL_H

#include "common/options.h"

enum { OPTION_LABEL_SIZE = 128 };

struct texts {
    char **items;
    size_t count;
};

struct option_value {
    struct texts texts; /* one, several for a list, none when there is no value */
    enum option_origin origin;
};

struct options {
    const struct option *table;
    size_t count;
    struct option_value *values; /* one a row */
    struct texts words;
};

/* The row that a flag's name means: its own, or the only one that begins so. ST_BAD_INPUT: none
 * (the words suggest the nearest), or several. */
MUST_CHECK enum status option_find(const struct option *table, size_t count, struct slice name,
                                   size_t *ret_row, struct why *why);

/* ST_BAD_INPUT: the text is no value for that option; `label` names the flag or variable. */
MUST_CHECK enum status option_check(const struct option *option, const char *label,
                                    const char *text, struct why *why);

/* Whether the text of a flag or switch means on. */
bool option_is_true(const char *text);

/* PREFIX_NAME, dashes as underscores. */
void option_variable(const char *prefix, const char *name, char ret[OPTION_LABEL_SIZE]);

/* What stands behind the name in --help: the value's own word, or the choices. NULL for flags. */
const char *option_value_word(const struct option *option);

#endif
