/* Webhooks: requests that a stub sends when it has served one (serveEventListeners,
 * postServeActions). */
#ifndef EMPLOYEES_MOCK_WEBHOOK_H
#define EMPLOYEES_MOCK_WEBHOOK_H

#include "employees-mock/app.h"

/* Sends what the event's stub asks for; returns at once. */
void webhook_fire(struct app *app, struct event *event);

#endif
