#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/body_files.h"

#include <sys/resource.h>

/* As many descriptors as are open already, or as there were. */
static void allow_files(bool more)
{
    static struct rlimit before;
    struct rlimit none;

    if (more) {
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        return;
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void a_file_that_can_not_be_read_now_is_not_missing(void **state)
{
    const char *file = temp_path(state, "a.txt");
    struct body_files *files = NULL;
    auto_buf struct buf content = BUF_INIT(1 << 20);
    auto_json json_t *list = NULL;
    struct why why = {0};
    enum status read, listed;

    assert_ok(body_files_open(((struct temp *)*state)->folder, &files, &why), &why);
    assert_status(ST_NOT_FOUND, body_files_read(files, "a.txt", &content, &why), &why);
    fclose(fopen(file, "w"));
    allow_files(false);
    read = body_files_read(files, "a.txt", &content, &why);
    listed = body_files_list(files, &list, &why);
    allow_files(true);
    assert_status(ST_IO, read, &why);
    assert_status(ST_IO, listed, &why);
    assert_ok(body_files_read(files, "a.txt", &content, &why), &why);
    assert_ok(body_files_list(files, &list, &why), &why);
    assert_int_equal(json_array_size(list), 1);
    body_files_close(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_can_not_be_read_now_is_not_missing, temp_setup,
                                        temp_teardown),
    };

    return cmocka_run_group_tests_name("body files", tests, NULL, NULL);
}
