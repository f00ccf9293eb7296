#include "tests/unit/check.h"

#include "employees-mock/match/multipart.h"

#define TYPE "multipart/form-data; boundary=b"

static void parts_are_taken_apart(void **state)
{
    struct multipart *m = multipart_read(
        SLICE(TYPE),
        SLICE("ignored\r\n--b\r\nContent-Disposition: form-data; name=\"a\\\"x\"; "
              "filename=f.txt\r\nX-Y: 1\r\n\r\none\r\ntwo\r\n--b\r\n\r\n\r\n--b--\r\n"));
    const struct mock_part *parts;

    (void)state;
    assert_int_equal(multipart_parts(m, &parts), 2);
    assert_true(slice_is(parts[0].name, "a\"x"));
    assert_true(slice_is(parts[0].filename, "f.txt"));
    assert_true(slice_is(mock_part_header(&parts[0], "x-y"), "1"));
    assert_true(slice_is(parts[0].body, "one\r\ntwo"));
    assert_null(parts[1].name.data);
    assert_int_equal(parts[1].body.len, 0);
    multipart_free(m);
}

static void broken_bodies_have_no_parts(void **state)
{
    static const char *const broken[] = {
        "", "--b", "--b\r\n", "--b\r\nA: b\r\n\r\nno end", "no delimiter", "x--b\r\n\r\n--b--"};

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        const struct mock_part *parts;
        struct multipart *m = multipart_read(SLICE(TYPE), slice_of(broken[i]));

        assert_int_equal(multipart_parts(m, &parts), 0);
        multipart_free(m);
    }
    assert_null(multipart_read(SLICE("multipart/form-data"), SLICE("--b\r\n\r\n\r\n--b--")));
}

static void parts_are_bounded(void **state)
{
    auto_buf struct buf body = BUF_INIT(1 << 20);
    const struct mock_part *parts;
    struct multipart *m;

    (void)state;
    for (int i = 0; i < 2 * MULTIPART_PARTS_MAX; i++)
        buf_put_text(&body, "--b\r\n\r\nx\r\n");
    buf_put_text(&body, "--b--");
    m = multipart_read(SLICE(TYPE), buf_slice(&body));
    assert_int_equal(multipart_parts(m, &parts), MULTIPART_PARTS_MAX);
    multipart_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_taken_apart),
        cmocka_unit_test(broken_bodies_have_no_parts),
        cmocka_unit_test(parts_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
