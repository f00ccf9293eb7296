#include "tests/unit/check.h"

#include "common/uuid.h"

#include <pthread.h>
#include <sys/wait.h>

static void a_uuid_is_of_version_4(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        char text[UUID_SIZE];

        uuid_make(text);
        assert_int_equal(strlen(text), UUID_SIZE - 1);
        assert_true(uuid_valid(text));
        assert_int_equal(strspn(text, "0123456789abcdef-"), UUID_SIZE - 1);
        assert_int_equal(text[14], '4');
        assert_non_null(strchr("89ab", text[19]));
    }
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, UUID_SIZE);
}

static void assert_all_differ(char (*uuids)[UUID_SIZE], size_t count)
{
    qsort(uuids, count, UUID_SIZE, compare);
    for (size_t i = 1; i < count; i++)
        assert_string_not_equal(uuids[i - 1], uuids[i]);
}

enum { EACH = 2000, THREADS = 2 };

static void *make_many(void *uuids)
{
    for (size_t i = 0; i < EACH; i++)
        uuid_make(((char(*)[UUID_SIZE])uuids)[i]);
    return NULL;
}

static void threads_make_different_ones(void **state)
{
    static char uuids[THREADS * EACH][UUID_SIZE];
    pthread_t threads[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, uuids[i * EACH]), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_all_differ(uuids, THREADS * EACH);
}

static void a_forked_child_makes_others_than_its_parent(void **state)
{
    char uuids[2][UUID_SIZE];
    int ends[2], status;
    pid_t child;

    (void)state;
    uuid_make(uuids[0]); /* so that there is a filled pool to inherit */
    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uuid_make(uuids[1]);
        _exit(write(ends[1], uuids[1], UUID_SIZE) == UUID_SIZE ? 0 : 1);
    }
    uuid_make(uuids[0]);
    assert_int_equal(read(ends[0], uuids[1], UUID_SIZE), UUID_SIZE);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(ends[0]);
    close(ends[1]);
    assert_string_not_equal(uuids[0], uuids[1]);
}

/* Each bit is set now and then, and nothing beyond the end is touched, whatever the size. */
static void random_bytes_fill_exactly_what_is_asked(void **state)
{
    static const size_t sizes[] = {0, 1, 16, 511, 512, 513, 5000};
    unsigned char bytes[5001];

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char ones = 0, zeros = 0;

        memset(bytes, 0x5a, sizeof bytes);
        random_bytes(bytes, sizes[i]);
        assert_int_equal(bytes[sizes[i]], 0x5a);
        for (size_t at = 0; at < sizes[i]; at++) {
            ones |= bytes[at];
            zeros |= (unsigned char)~bytes[at];
        }
        if (sizes[i] > 100) {
            assert_int_equal(ones, 0xff);
            assert_int_equal(zeros, 0xff);
        }
    }
}

static void uuids_are_known_by_their_layout(void **state)
{
    static const char *const good[] = {
        "00000000-0000-0000-0000-000000000000",
        "123e4567-e89b-12d3-a456-426614174000",
        "ABCDEFab-cdef-4ABC-8def-0123456789aB",
    };
    static const char *const bad[] = {
        "",
        "123e4567e89b12d3a456426614174000",
        "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000",
        "123e4567-e89b-12d3-a456-42661417400g",
        "123e4567-e89b-12d3-a456_426614174000",
        "123e4567-e89b-12d3-a4564-26614174000",
        "{23e4567-e89b-12d3-a456-42661417400}",
        " 23e4567-e89b-12d3-a456-426614174000",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(uuid_valid(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(uuid_valid(bad[i]));
    assert_false(uuid_valid(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uuid_is_of_version_4),
        cmocka_unit_test(threads_make_different_ones),
        cmocka_unit_test(a_forked_child_makes_others_than_its_parent),
        cmocka_unit_test(random_bytes_fill_exactly_what_is_asked),
        cmocka_unit_test(uuids_are_known_by_their_layout),
    };

    return cmocka_run_group_tests_name("uuid", tests, NULL, NULL);
}
