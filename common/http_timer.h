/* One thread that calls back at given times: delays, deadlines, pieces of slow answers.
 *
 * Entries lie in the caller's structs. `fire` runs on the timer's thread, holding its lock, so it
 * must be short, and must not call http_timer_set or _cancel. After http_timer_cancel() has
 * returned, the entry's `fire` does not run and will not. All functions may be called from any
 * thread. */
#ifndef COMMON_HTTP_TIMER_H
#define COMMON_HTTP_TIMER_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_timer;
struct http_timer_entry;

/* Returns when it wants to be called again, in microseconds of clock_monotonic_us(); 0: never. */
typedef uint64_t http_timer_fire(struct http_timer_entry *entry, uint64_t now_us);

struct http_timer_entry {
    http_timer_fire *fire;
    uint64_t due_us;
    size_t place; /* in the heap, from 1; 0: not set */
};

MUST_CHECK enum status http_timer_open(struct http_timer **ret, struct why *why);
void http_timer_close(struct http_timer *timer);

/* Sets or moves an entry. false: memory is out, and the entry is not set. */
bool http_timer_set(struct http_timer *timer, struct http_timer_entry *entry, uint64_t due_us);
void http_timer_cancel(struct http_timer *timer, struct http_timer_entry *entry);

#endif
