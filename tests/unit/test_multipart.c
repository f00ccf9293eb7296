#include "tests/unit/check.h"

#include "employees-mock/match/multipart.h"

#define TYPE "multipart/form-data; boundary=b"

static void parts_are_taken_apart(void **state)
{
    struct multipart *m = multipart_read(
        SLICE(TYPE),
        SLICE("ignored\r\n--b\r\nContent-Disposition: form-data; name=\"a\\\"x;\"; "
              "filename=f.txt\r\nX-Y: 1\r\n\r\none\r\ntwo\r\n--b\r\nA: no name\r\n\r\n\r\n--b\n"
              "content-disposition: FORM-DATA; NAME=c\r\n\r\n\r\n--b--\r\n"));
    const struct mock_part *parts;

    (void)state;
    assert_int_equal(multipart_parts(m, &parts), 2);
    assert_null(multipart_failure(m));
    assert_true(slice_is(parts[0].name, "a\\\"x;"));
    assert_true(slice_is(parts[0].filename, "f.txt"));
    assert_true(slice_is(mock_part_header(&parts[0], "x-y"), "1"));
    assert_true(slice_is(parts[0].body, "one\r\ntwo"));
    assert_true(slice_is(parts[1].name, "c"));
    assert_int_equal(parts[1].body.len, 0);
    multipart_free(m);
}

static void related_parts_have_no_names(void **state)
{
    struct multipart *m = multipart_read(
        SLICE("multipart/related; boundary=b"),
        SLICE("--b\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b\r\nA: b\r\n\r\ntwo"
              "\r\n--b--"));
    const struct mock_part *parts;

    (void)state;
    assert_int_equal(multipart_parts(m, &parts), 2);
    assert_null(parts[0].name.data);
    assert_true(slice_is(parts[1].body, "two"));
    multipart_free(m);
}

static void bodies_without_parts_are_no_failure(void **state)
{
    static const char *const empty[] = {"",
                                        "--b",
                                        "--b--",
                                        "--b \r\nA: b\r\n\r\n\r\n--b--",
                                        "no delimiter",
                                        "--b\r\nA: b\r\n\r\n\r\n--b--"};

    (void)state;
    for (size_t i = 0; i < COUNT(empty); i++) {
        const struct mock_part *parts;
        struct multipart *m = multipart_read(SLICE(TYPE), slice_of(empty[i]));

        assert_int_equal(multipart_parts(m, &parts), 0);
        assert_null(multipart_failure(m));
        multipart_free(m);
    }
}

static void broken_bodies_say_why(void **state)
{
    static const struct {
        const char *type, *body, *words;
    } broken[] = {
        {"multipart/form-data", "", "no multipart boundary was found"},
        {"multipart/form-data; boundary=", "x", "no multipart boundary was found"},
        {TYPE, "--b\r\n", "FileUploadException: Stream ended unexpectedly"},
        {TYPE, "--b\r\n\r\nx\r\n--b--", "FileUploadException: Stream ended unexpectedly"},
        {TYPE, "--b\r\nA: b\r\n\r\nno end", "request failed. Stream ended unexpectedly"},
        {TYPE, "--b\r\nA: b\r\n\r\nx\n--b--", "request failed. Stream ended unexpectedly"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct multipart *m = multipart_read(slice_of(broken[i].type), slice_of(broken[i].body));

        assert_non_null(strstr(multipart_failure(m), broken[i].words));
        multipart_free(m);
    }
}

static void parts_are_bounded(void **state)
{
    auto_buf struct buf body = BUF_INIT(1 << 20);
    const struct mock_part *parts;
    struct multipart *m;

    (void)state;
    for (int i = 0; i < 2 * MULTIPART_PARTS_MAX; i++)
        buf_put_text(&body, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n");
    buf_put_text(&body, "--b--");
    m = multipart_read(SLICE(TYPE), buf_slice(&body));
    assert_int_equal(multipart_parts(m, &parts), MULTIPART_PARTS_MAX);
    multipart_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_taken_apart),
        cmocka_unit_test(related_parts_have_no_names),
        cmocka_unit_test(bodies_without_parts_are_no_failure),
        cmocka_unit_test(broken_bodies_say_why),
        cmocka_unit_test(parts_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
