#include "tests/unit/check.h"

#include "common/clock.h"
#include "common/http_timer.h"

#include <poll.h>
#include <stdatomic.h>

enum { ENTRIES = 500, PATIENCE_MS = 60000 };

struct item {
    struct http_timer_entry entry;
    atomic_uint fired;
    unsigned order;
    unsigned again;
};

static atomic_uint sequence;

static uint64_t fire(struct http_timer_entry *entry, uint64_t now_us)
{
    struct item *item = (struct item *)(void *)entry;

    if (now_us < entry->due_us)
        abort();
    item->order = atomic_load(&sequence);
    atomic_fetch_add(&item->fired, 1);
    atomic_fetch_add(&sequence, 1);
    if (item->again == 0)
        return 0;
    item->again--;
    return now_us + 100;
}

static void wait_for(const atomic_uint *counter, unsigned wanted)
{
    for (int i = 0; atomic_load(counter) < wanted; i++) {
        assert_true(i < PATIENCE_MS);
        poll(NULL, 0, 1);
    }
}

static struct item *items_new(unsigned again)
{
    struct item *items = calloc(ENTRIES, sizeof *items);

    assert_non_null(items);
    for (int i = 0; i < ENTRIES; i++) {
        items[i].entry.fire = fire;
        items[i].again = again;
    }
    atomic_store(&sequence, 0);
    return items;
}

static struct http_timer *timer_new(void)
{
    struct http_timer *timer;
    struct why why;

    assert_ok(http_timer_open(&timer, &why), &why);
    return timer;
}

/* The order in which they are set is any; all are due a little later. */
static void entries_fire_in_the_order_of_their_times(void **state)
{
    struct http_timer *timer = timer_new();
    struct item *items = items_new(0);
    uint64_t base_us = clock_monotonic_us() + 20000;

    (void)state;
    for (int i = 0; i < ENTRIES; i++) {
        int which = i * 7919 % ENTRIES;

        assert_true(http_timer_set(timer, &items[which].entry, base_us + (uint64_t)which));
    }
    wait_for(&sequence, ENTRIES);
    for (unsigned i = 0; i < ENTRIES; i++)
        assert_int_equal(items[i].order, i);
    http_timer_close(timer);
    free(items);
}

static void cancelled_entry_does_not_fire(void **state)
{
    struct http_timer *timer = timer_new();
    struct item *items = items_new(0);
    uint64_t base_us = clock_monotonic_us() + 20000;

    (void)state;
    for (int i = 0; i < ENTRIES; i++)
        assert_true(http_timer_set(timer, &items[i].entry, base_us));
    for (int i = 0; i < ENTRIES; i += 2) {
        http_timer_cancel(timer, &items[i].entry);
        atomic_store(&items[i].fired, 7);
        http_timer_cancel(timer, &items[i].entry);
    }
    for (int i = 1; i < ENTRIES; i += 2)
        wait_for(&items[i].fired, 1);
    for (int i = 0; i < ENTRIES; i += 2)
        assert_int_equal(atomic_load(&items[i].fired), 7);
    http_timer_close(timer);
    free(items);
}

static void entry_may_ask_to_be_called_again(void **state)
{
    struct http_timer *timer = timer_new();
    struct item *items = items_new(3);

    (void)state;
    assert_true(http_timer_set(timer, &items[0].entry, clock_monotonic_us()));
    wait_for(&items[0].fired, 4);
    http_timer_close(timer);
    free(items);
}

static void set_entry_can_be_moved(void **state)
{
    struct http_timer *timer = timer_new();
    struct item *items = items_new(0);
    uint64_t hour_us = clock_monotonic_us() + 3600000000ULL;

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_true(http_timer_set(timer, &items[i].entry, hour_us + i));
    assert_true(http_timer_set(timer, &items[77].entry, clock_monotonic_us()));
    wait_for(&items[77].fired, 1);
    assert_int_equal(atomic_load(&sequence), 1);
    http_timer_close(timer);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_fire_in_the_order_of_their_times),
        cmocka_unit_test(cancelled_entry_does_not_fire),
        cmocka_unit_test(entry_may_ask_to_be_called_again),
        cmocka_unit_test(set_entry_can_be_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
