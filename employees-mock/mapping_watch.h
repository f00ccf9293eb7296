/* Watches a folder and all below it (inotify) on a thread of its own, and says when something
 * changed and has been quiet since. */
#ifndef EMPLOYEES_MOCK_MAPPING_WATCH_H
#define EMPLOYEES_MOCK_MAPPING_WATCH_H

#include "common/status.h"

struct mapping_watch;

/* Calls changed(ctx) on the watching thread; ctx moves in and is freed at the end. The folder need
 * not exist yet, but its parent must. */
MUST_CHECK enum status mapping_watch_start(const char *folder, void (*changed)(void *ctx),
                                           void *ctx, struct mapping_watch **ret, struct why *why);
void mapping_watch_stop(struct mapping_watch *w); /* NULL is accepted */

#endif
