/* All stubs: in the order in which they are tried, by id, and indexed for requests; and the states
 * of their scenarios.
 *
 * Any thread may call any function: readers share a lock, writers wait for them and go first.
 * Stubs handed out are references of the caller's own (stub_drop). */
#ifndef EMPLOYEES_MOCK_STUB_STORE_H
#define EMPLOYEES_MOCK_STUB_STORE_H

#include "common/status.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/scenario.h"
#include "employees-mock/stub.h"
#include "employees-mock/stub_index.h"

struct stub_store;

MUST_CHECK enum status stub_store_new(struct stub_store **ret, struct why *why);
void stub_store_free(struct stub_store *store);

struct scenarios *stub_store_scenarios(struct stub_store *store);

/* The stub that answers the request: its pattern matches, its scenario is in the state it asks for
 * and moves on, and one of its times is taken. NULL: there is none.
 * ST_TIMEOUT: a pattern needs more work than is allowed. */
MUST_CHECK enum status stub_store_match(struct stub_store *store, const struct mock_request *r,
                                        struct stub **ret, struct why *why);

/* Holds the stub. ST_CONFLICT: its id is taken. */
MUST_CHECK enum status stub_store_add(struct stub_store *store, struct stub *s, struct why *why);
/* Puts s in the place of the stub with its id. ST_NOT_FOUND: there is none. */
MUST_CHECK enum status stub_store_replace(struct stub_store *store, struct stub *s,
                                          struct why *why);

struct stub_import {
    bool keep_old; /* what has an id that is taken is left out; else it takes the place */
    bool delete_all_others;
    bool delete_others_of_files; /* only those that came from a mapping file */
    bool all_of_files;           /* an empty store gives them the places that their files name */
};
/* All in one step; the first of them is tried first. */
MUST_CHECK enum status stub_store_import(struct stub_store *store, struct stub *const *stubs,
                                         size_t count, struct stub_import how, struct why *why);

struct stub *stub_store_get(struct stub_store *store, const char *id); /* NULL: none */
/* The one removed, or NULL. */
struct stub *stub_store_remove(struct stub_store *store, const char *id);
/* Takes those out for which `which` says so, but for their scenarios, which go on and list them: as
 * WireMock does when they are not removed by what its scenarios know them by. They go when a stub
 * with the same id goes from that scenario, or all do. What is replaced is left to it as well. */
void stub_store_leave_if(struct stub_store *store, bool (*which)(void *ctx, struct stub *s),
                         void *ctx);
/* Removes those for which `which` says so (NULL: all). `which` runs under the store's lock and may
 * not wait for another. ret, unless NULL, gets what was removed: release with stub_store_unlist. */
void stub_store_remove_if(struct stub_store *store, bool (*which)(void *ctx, struct stub *s),
                          void *ctx, struct stub_list *ret);

/* All that are not spent, in the order in which they are tried. Release with stub_store_unlist. */
MUST_CHECK enum status stub_store_list(struct stub_store *store, struct stub_list *ret,
                                       struct why *why);
/* The same, and in no order, with those that were left to their scenarios. */
MUST_CHECK enum status stub_store_list_scenarios(struct stub_store *store, struct stub_list *ret,
                                                 struct why *why);
void stub_store_unlist(struct stub_list *list);
size_t stub_store_count(struct stub_store *store);

#define auto_stub_list __attribute__((cleanup(stub_store_unlist)))

#endif
