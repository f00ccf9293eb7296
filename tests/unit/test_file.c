#include "tests/unit/check.h"

#include "common/file.h"

#include <pthread.h>
#include <sys/stat.h>

static void a_file_is_read_whole(void **state)
{
    static char content[300000];
    auto_buf struct buf b = BUF_INIT(sizeof content);
    struct why why = {0};

    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (char)(i * 7 / 3);
    assert_ok(file_read(temp_write(state, "a", content, sizeof content), &b, &why), &why);
    assert_int_equal(b.len, sizeof content);
    assert_memory_equal(b.data, content, sizeof content);
}

static void content_is_appended_up_to_the_ceiling(void **state)
{
    const char *path = temp_write(state, "a", "12345", 5);
    struct why why = {0};

    for (size_t max = 0; max < 12; max++) {
        auto_buf struct buf b = BUF_INIT(max);
        enum status first = file_read(path, &b, &why);
        enum status second = first == ST_OK ? file_read(path, &b, &why) : first;

        assert_int_equal(first, max < 5 ? ST_TOO_LARGE : ST_OK);
        assert_int_equal(second, max < 10 ? ST_TOO_LARGE : ST_OK);
    }
}

static void an_empty_file_fits_everywhere(void **state)
{
    auto_buf struct buf b = BUF_INIT(0);
    struct why why = {0};

    assert_ok(file_read(temp_write(state, "a", "", 0), &b, &why), &why);
    assert_int_equal(b.len, 0);
}

static void an_endless_file_meets_the_ceiling(void **state)
{
    auto_buf struct buf b = BUF_INIT(100000);
    struct why why = {0};

    (void)state;
    assert_status(ST_TOO_LARGE, file_read("/dev/zero", &b, &why), &why);
    assert_string_equal(why.text, "has more than 100000 bytes");
    assert_string_equal(why.place, "/dev/zero");
}

static void what_is_no_file_is_told(void **state)
{
    auto_buf struct buf b = BUF_INIT(100);
    struct temp *t = *state;
    struct why why = {0};

    assert_status(ST_NOT_FOUND, file_read(temp_path(state, "none"), &b, &why), &why);
    assert_string_equal(why.place, t->path);
    assert_status(ST_IO, file_read(t->folder, &b, &why), &why);
    assert_string_equal(why.text, "can't be read: Is a directory");
}

static void *write_slowly(void *path)
{
    int fd = open(path, O_WRONLY);

    for (int i = 0; i < 5; i++) {
        if (write(fd, "piece", 5) != 5)
            break;
        sched_yield();
    }
    close(fd);
    return NULL;
}

static void a_pipe_is_read_to_its_end(void **state)
{
    auto_buf struct buf b = BUF_INIT(100);
    struct temp *t = *state;
    struct why why = {0};
    pthread_t writer;

    assert_int_equal(mkfifo(temp_path(state, "pipe"), 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_slowly, t->path), 0);
    assert_ok(file_read(t->path, &b, &why), &why);
    pthread_join(writer, NULL);
    assert_string_equal(buf_text(&b), "piecepiecepiecepiecepiece");
}

#define TEST_FILE(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FILE(a_file_is_read_whole),
        TEST_FILE(content_is_appended_up_to_the_ceiling),
        TEST_FILE(an_empty_file_fits_everywhere),
        cmocka_unit_test(an_endless_file_meets_the_ceiling),
        TEST_FILE(what_is_no_file_is_told),
        TEST_FILE(a_pipe_is_read_to_its_end),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
