/* What the program prints when it is ready: its version and its settings, as WireMock does. */
#ifndef EMPLOYEES_MOCK_BANNER_H
#define EMPLOYEES_MOCK_BANNER_H

#include "employees-mock/flags.h"

/* To standard output; a port of 0 is none. */
void banner_print(const struct flags *flags, unsigned port, unsigned https_port);

#endif
