/* The global settings of /__admin/settings. Any thread may read and write them. */
#ifndef EMPLOYEES_MOCK_SETTINGS_H
#define EMPLOYEES_MOCK_SETTINGS_H

#include "common/status.h"
#include "employees-mock/answer.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdint.h>

struct settings;

/* pass_through: the setting proxyPassThrough at first. */
MUST_CHECK enum status settings_new(bool pass_through, struct settings **ret, struct why *why);
void settings_free(struct settings *s);

/* Replaces all: {"fixedDelay":…,"delayDistribution":…,"proxyPassThrough":…,"extended":{…}}, also
 * within {"settings":…}. ST_BAD_INPUT: fault says what is wrong. */
MUST_CHECK enum status settings_replace(struct settings *s, const json_t *given,
                                        struct match_fault *fault);
/* Adds the members of an object to "extended". */
MUST_CHECK enum status settings_extend(struct settings *s, const json_t *members);

json_t *settings_json(struct settings *s); /* a new reference */

/* How long an answer waits: its own delays, and the global ones where it has none. */
uint64_t settings_delay_ms(struct settings *s, const struct answer *a);

#endif
