/* --health: one server asks another, as a container's health check does. */
#ifndef EMPLOYEES_MOCK_HEALTH_ASK_H
#define EMPLOYEES_MOCK_HEALTH_ASK_H

#include "employees-mock/flags.h"

#include <stdbool.h>

/* Asks the server on the flags' port of this machine; true when it is healthy. Waits 3 s
 * at most. */
bool health_ask(const struct flags *flags);

#endif
