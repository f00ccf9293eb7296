/* The program between its command line and its end: opens every part, loads the stubs, listens,
 * waits for a signal, closes. */
#ifndef EMPLOYEES_MOCK_MOCK_SERVER_H
#define EMPLOYEES_MOCK_MOCK_SERVER_H

#include "common/status.h"
#include "employees-mock/flags.h"

/* Returns when the program is told to stop. ST_BAD_INPUT: a mapping file or a flag is wrong; the
 * words name it. */
MUST_CHECK enum status mock_server_run(const struct flags *flags, struct why *why);

#endif
