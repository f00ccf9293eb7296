/* How a request takes hold of the current snapshot without a lock: between reading the pointer and
 * counting itself in, it stands in `arriving`, and a publisher who has exchanged the pointer waits
 * until nobody stands there. Who arrives later sees the new pointer. */
#include "interceptor/snapshot.h"

#include <sched.h>
#include <stdatomic.h>

struct snapshot_box {
    _Atomic(struct snapshot *) current;
    atomic_size_t arriving;
};

enum status snapshot_box_new(struct snapshot_box **ret, struct why *why)
{
    *ret = calloc(1, sizeof **ret);
    return *ret ? ST_OK : fail_memory(why);
}

void snapshot_box_free(struct snapshot_box *box)
{
    if (!box)
        return;
    snapshot_release(atomic_load(&box->current));
    free(box);
}

void snapshot_publish(struct snapshot_box *box, struct snapshot *s)
{
    struct snapshot *old = atomic_exchange(&box->current, s);

    while (atomic_load(&box->arriving) != 0)
        sched_yield();
    snapshot_release(old);
}

struct snapshot *snapshot_hold(struct snapshot_box *box)
{
    struct snapshot *s;

    atomic_fetch_add(&box->arriving, 1);
    s = atomic_load(&box->current);
    if (s)
        snapshot_count_in(s);
    atomic_fetch_sub(&box->arriving, 1);
    return s;
}
