/* Where the parts of a regular expression in Java's syntax end. Pure; each gives the place behind,
 * at most the text's end. */
#ifndef EMPLOYEES_MOCK_REGEX_ATOM_H
#define EMPLOYEES_MOCK_REGEX_ATOM_H

#include "common/buf.h"

/* Of the character, escape, class or group that begins at `at`, without its quantifier. */
size_t regex_atom_skip(struct slice s, size_t at);
/* Of the group whose '(' is at `at`. */
size_t regex_atom_skip_group(struct slice s, size_t at);
/* Of the next `close`. */
size_t regex_atom_skip_to(struct slice s, size_t at, char close);

#endif
