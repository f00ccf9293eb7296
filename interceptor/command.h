/* What the program does instead of serving: subcommands, and flags that only ask. One table. */
#ifndef INTERCEPTOR_COMMAND_H
#define INTERCEPTOR_COMMAND_H

#include "common/buf.h"
#include "interceptor/settings.h"

#include <stdbool.h>

enum exit_code { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* True: the words or flags asked for a command; it has run, and *ret_exit is the program's. */
bool command_run(const struct settings *settings, int *ret_exit);

/* Lines on the subcommands for --help. */
void command_help(struct buf *ret);

/* "interceptor: place: words" on stderr. Returns EXIT_USAGE for ST_BAD_INPUT and the like,
 * EXIT_FAILED for the machine's failures. */
int command_complain(enum status st, const struct why *why);

#endif
