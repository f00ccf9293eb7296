/* Stubs that have left the store, and that only their scenarios list still. Each holds a reference to
 * its stub, and its stub one to the scenario. The store's lock guards them. */
#ifndef EMPLOYEES_MOCK_LEFT_STUBS_H
#define EMPLOYEES_MOCK_LEFT_STUBS_H

#include "employees-mock/scenario.h"
#include "employees-mock/stub.h"

enum { LEFT_STUBS_MAX = 256 };

struct left_stubs {
    struct stub *items[LEFT_STUBS_MAX]; /* the eldest first */
    size_t count;
    uint64_t last; /* stub.left of the newest */
};

/* The caller's reference moves. Where there are too many, the eldest goes. */
void left_stubs_add(struct left_stubs *left, struct scenarios *scenarios, struct stub *s);

/* Drops those with the id and scenario of this one. */
void left_stubs_drop_like(struct left_stubs *left, struct scenarios *scenarios,
                          const struct stub *like);

/* Of those, the ones that say the same too: a scenario lists no stub twice. */
void left_stubs_drop_same(struct left_stubs *left, struct scenarios *scenarios,
                          const struct stub *as);

void left_stubs_clear(struct left_stubs *left, struct scenarios *scenarios);

#endif
