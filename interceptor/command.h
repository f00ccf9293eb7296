/* What the program does instead of serving: subcommands, and flags that only ask. One table. */
#ifndef INTERCEPTOR_COMMAND_H
#define INTERCEPTOR_COMMAND_H

#include "common/buf.h"
#include "common/json.h"
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

/* A value as laid-out JSON on stdout; it is taken over, NULL: memory was out. Returns the exit
 * code. */
int command_print_json(json_t *value);

/* At the end of the program: where not all of stdout could be written, that is told and the exit
 * code is EXIT_FAILED. Else it stays. */
int command_finish(int exit_code);

#endif
