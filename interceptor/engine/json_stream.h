/* One pass over a JSON data set, in either encoding, into the answer.
 *
 * No tree and no recursion: a frame for each open object or array. */
#ifndef ENGINE_JSON_STREAM_H
#define ENGINE_JSON_STREAM_H

#include "interceptor/engine/run.h"

struct json_work;

/* Working memory, for one call at a time. */
MUST_CHECK enum status json_work_new(struct json_work **ret, struct why *why);
void json_work_free(struct json_work *w);

MUST_CHECK enum status json_protect(struct run *run, struct json_work *work, struct slice data_set,
                                    struct why *why);

#endif
