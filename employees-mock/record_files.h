/* --record-mappings: what a proxied server answers becomes a mapping file and a body file at once.
 *
 * The files are those of WireMock's old recorder: mappings/mapping-PATH-ID.json and
 * __files/body-PATH-ID.EXT, one pair for requests that say the same. */
#ifndef EMPLOYEES_MOCK_RECORD_FILES_H
#define EMPLOYEES_MOCK_RECORD_FILES_H

#include "employees-mock/app.h"

/* A proxied request was answered. Nothing happens without the flag. */
void record_files_note(struct app *app, const struct event *event);

#endif
