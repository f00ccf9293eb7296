/* Turns proxied answers into stubs: /__admin/recordings and --record-mappings.
 *
 * Any thread may call any function. */
#ifndef EMPLOYEES_MOCK_RECORDER_H
#define EMPLOYEES_MOCK_RECORDER_H

#include "employees-mock/app.h"
#include "employees-mock/record_spec.h"

struct recorder;

MUST_CHECK enum status recorder_new(struct recorder **ret, struct why *why);
void recorder_free(struct recorder *r);

enum recorder_state { RECORDER_NEVER_STARTED, RECORDER_RECORDING, RECORDER_STOPPED };
enum recorder_state recorder_state(struct recorder *r);

/* Proxies everything to the spec's target from now on; nothing happens while it records already.
 * The spec moves in when it is taken. */
MUST_CHECK enum status recorder_start(struct app *app, struct record_spec *spec, struct why *why);
/* What was proxied since becomes stubs, all or none: *ret is an array of their JSON, newest request
 * first, and *ret_only_ids what the spec said, if anything was served at all. ST_CONFLICT: it does not record. ST_BAD_INPUT: a
 * body is not what its matcher needs, which fault says. */
MUST_CHECK enum status recorder_stop(struct app *app, json_t **ret, bool *ret_only_ids,
                                     struct match_fault *fault, struct why *why);
/* The same of all that the journal has. */
MUST_CHECK enum status recorder_snapshot(struct app *app, const struct record_spec *spec,
                                         json_t **ret, struct match_fault *fault, struct why *why);

#endif
