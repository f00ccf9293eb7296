/* The journal of served requests: a bounded ring, the newest first.
 *
 * Bounded by number and by memory; the oldest make room. Any thread may call any function. Events
 * handed out are references of the caller's own. */
#ifndef EMPLOYEES_MOCK_JOURNAL_H
#define EMPLOYEES_MOCK_JOURNAL_H

#include "common/status.h"
#include "employees-mock/event.h"

struct journal;

struct journal_limits {
    bool disabled; /* nothing is kept */
    size_t entries;
    size_t bytes;    /* 0: JOURNAL_BYTES */
    size_t body_max; /* of an answer's body that are kept; SIZE_MAX: all */
};
enum { JOURNAL_ENTRIES = 10000, JOURNAL_BYTES = 16 << 20 };

MUST_CHECK enum status journal_new(const struct journal_limits *limits, struct journal **ret,
                                   struct why *why);
void journal_free(struct journal *j);

bool journal_is_disabled(const struct journal *j);
size_t journal_body_max(const struct journal *j);

void journal_add(struct journal *j, struct event *e); /* holds it */

struct journal_list {
    struct event **items; /* newest first */
    size_t count;
};
MUST_CHECK enum status journal_list(struct journal *j, struct journal_list *ret, struct why *why);
void journal_unlist(struct journal_list *list);
#define auto_journal_list __attribute__((cleanup(journal_unlist)))

struct event *journal_get(struct journal *j, const char *id); /* NULL: none */

/* Removes those for which `which` says so (NULL: all). It runs under the journal's lock, on which
 * every request waits. */
void journal_remove_if(struct journal *j, bool (*which)(void *ctx, const struct event *e),
                       void *ctx);
/* Removes those of the list that are still there. The list stays the caller's, in another order. */
void journal_remove_those(struct journal *j, struct journal_list *list);

size_t journal_count(struct journal *j);

#endif
