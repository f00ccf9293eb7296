/* Stubs by their ids: a hash table that holds no references. The caller locks. */
#ifndef EMPLOYEES_MOCK_STUB_IDS_H
#define EMPLOYEES_MOCK_STUB_IDS_H

#include "employees-mock/stub.h"
#include "employees-mock/stub_index.h"

struct stub_ids {
    struct stub **slots; /* open addressing; NULL is free */
    size_t cap;          /* a power of two */
};

/* NULL: there is none. */
struct stub *stub_ids_find(const struct stub_ids *ids, const char *id);
/* Room for one more than `all`, which are in the table. false: memory is out. */
bool stub_ids_make_room(struct stub_ids *ids, const struct stub_list *all);
/* There is room, and no other with its id. */
void stub_ids_put(struct stub_ids *ids, struct stub *s);
void stub_ids_remove(struct stub_ids *ids, const struct stub *s);
void stub_ids_done(struct stub_ids *ids);

#endif
