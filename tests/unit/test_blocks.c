#include "tests/unit/check.h"

#include "common/blocks.h"
#include "common/buf.h"

static long page_size; /* that the system pretends to have; 0: its own */

long __sysconf(int name); /* glibc's own name for it */

/* The sanitizers call it before they are ready to watch it. */
__attribute__((no_sanitize("address", "undefined", "thread"))) long sysconf(int name)
{
    return name == _SC_PAGESIZE && page_size ? page_size : __sysconf(name);
}

static char *block(size_t size)
{
    char *data = malloc(size);

    assert_non_null(data);
    return data;
}

static int forget(void **state)
{
    (void)state;
    blocks_release();
    assert_false(blocks_any());
    return 0;
}

static void a_block_is_taken_by_the_next_who_needs_one(void **state)
{
    char *left = block(BLOCK_LARGE);
    size_t size = 0;
    unsigned before = blocks_left();

    (void)state;
    assert_null(blocks_take(BLOCK_LARGE, &size));
    blocks_leave(left, BLOCK_LARGE);
    assert_true(blocks_any());
    assert_int_equal(blocks_left(), before + 1);
    assert_ptr_equal(blocks_take(BLOCK_LARGE - 1, &size), left);
    assert_int_equal(size, BLOCK_LARGE);
    assert_null(blocks_take(BLOCK_LARGE, &size));
    free(left);
}

static void the_smallest_that_fits_is_taken(void **state)
{
    char *large = block(3 * BLOCK_LARGE), *larger = block(4 * BLOCK_LARGE);
    size_t size = 0;

    (void)state;
    blocks_leave(larger, 4 * BLOCK_LARGE);
    blocks_leave(large, 3 * BLOCK_LARGE);
    blocks_leave(block(BLOCK_LARGE), BLOCK_LARGE);
    assert_ptr_equal(blocks_take(2 * BLOCK_LARGE, &size), large);
    assert_ptr_equal(blocks_take(2 * BLOCK_LARGE, &size), larger);
    free(large);
    free(larger);
}

static void what_is_forgotten_leaves_its_surroundings(void **state)
{
    char *data = block(BLOCK_LARGE);

    (void)state;
    memset(data, 'x', BLOCK_LARGE);
    blocks_forget(data + 1000, data + BLOCK_LARGE - 1000);
    blocks_forget(data + 1000, data + 2000); /* no whole page */
    for (size_t i = 0; i < 1000; i++)
        assert_true(data[i] == 'x' && data[BLOCK_LARGE - 1 - i] == 'x');
    assert_int_equal(data[BLOCK_LARGE / 2], 0);
    free(data);
}

/* Also where the system's pages are larger than usual, as with some ARM kernels: it would take what
 * ends inside one for all of it. */
static void only_whole_pages_are_forgotten(void **state)
{
    enum { LARGE_PAGE = 1 << 16 };
    char *data = block(BLOCK_LARGE);
    size_t to_page = LARGE_PAGE - (uintptr_t)data % LARGE_PAGE;

    (void)state;
    memset(data, 'x', BLOCK_LARGE);
    page_size = LARGE_PAGE;
    blocks_forget(data + to_page, data + to_page + 3 * LARGE_PAGE - 1);
    page_size = 0;
    assert_int_equal(data[to_page + 2 * LARGE_PAGE - 1], 0);
    for (size_t i = to_page + 2 * LARGE_PAGE; i < to_page + 3 * LARGE_PAGE; i++)
        assert_true(data[i] == 'x');
    free(data);
}

static void blocks_that_fit_nobody_are_freed(void **state)
{
    const size_t needs[] = {1000, 2 * BLOCK_LARGE};
    size_t size = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(needs); i++) {
        blocks_leave(block(BLOCK_LARGE), BLOCK_LARGE);
        assert_null(blocks_take(needs[i], &size));
        assert_false(blocks_any());
    }
}

static void few_are_kept_and_none_that_is_small(void **state)
{
    size_t size = 0;
    int count = 0;

    (void)state;
    blocks_leave(NULL, 0);
    blocks_leave(block(BLOCK_LARGE - 1), BLOCK_LARGE - 1);
    assert_false(blocks_any());
    for (int i = 0; i < 10; i++)
        blocks_leave(block(BLOCK_LARGE), BLOCK_LARGE);
    for (char *data; (data = blocks_take(BLOCK_LARGE, &size)) != NULL; count++)
        free(data);
    assert_int_equal(count, 4);
}

static void a_buffer_moves_its_content_into_a_kept_block(void **state)
{
    struct buf first = BUF_INIT(8 * (size_t)BLOCK_LARGE), next = BUF_INIT(BLOCK_LARGE + 100);
    char *data;

    (void)state;
    assert_non_null(buf_reserve(&first, 2 * BLOCK_LARGE));
    data = first.data;
    buf_done(&first);
    buf_put_text(&next, "what was there before");
    assert_non_null(buf_reserve(&next, BLOCK_LARGE));
    assert_ptr_equal(next.data, data);
    assert_string_equal(buf_text(&next), "what was there before");
    assert_null(buf_reserve(&next, BLOCK_LARGE + 100)); /* its own ceiling still holds */
    buf_done(&next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_block_is_taken_by_the_next_who_needs_one, forget),
        cmocka_unit_test_teardown(the_smallest_that_fits_is_taken, forget),
        cmocka_unit_test(what_is_forgotten_leaves_its_surroundings),
        cmocka_unit_test(only_whole_pages_are_forgotten),
        cmocka_unit_test_teardown(blocks_that_fit_nobody_are_freed, forget),
        cmocka_unit_test_teardown(few_are_kept_and_none_that_is_small, forget),
        cmocka_unit_test_teardown(a_buffer_moves_its_content_into_a_kept_block, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
