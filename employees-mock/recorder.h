/* Turns proxied answers into stubs: /__admin/recordings and --record-mappings. */
#ifndef EMPLOYEES_MOCK_RECORDER_H
#define EMPLOYEES_MOCK_RECORDER_H

#include "employees-mock/app.h"

/* A proxied request was answered; with --record-mappings it becomes a file at once. */
void recorder_note(struct app *app, struct event *event);

#endif
