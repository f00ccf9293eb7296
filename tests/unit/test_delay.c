#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/base64.h"
#include "employees-mock/delay.h"
#include "employees-mock/gzip.h"
#include "employees-mock/match/json_loose.h"

static struct delay delay_from(const char *text)
{
    auto_json json_t *json = NULL;
    struct delay d = {0};
    struct match_fault fault = {0};
    struct why why = {0};

    assert_ok(json_loose_read(slice_of(text), &json, &why), &why);
    if (delay_parse(json, "/d", &d, &fault) != ST_OK)
        fail_msg("%s: %s", fault.pointer, fault.detail);
    return d;
}

static void distributions_stay_in_their_bounds(void **state)
{
    struct delay fixed = delay_from("{\"type\":\"fixed\",\"milliseconds\":7}");
    struct delay uniform = delay_from("{\"type\":\"uniform\",\"lower\":3,\"upper\":5}");
    struct delay log =
        delay_from("{\"type\":\"lognormal\",\"median\":50,\"sigma\":0.4,\"maxValue\":80}");

    (void)state;
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(delay_draw(&fixed), 7);
        assert_in_range(delay_draw(&uniform), 3, 5);
        assert_in_range(delay_draw(&log), 1, 80);
    }
}

static void lognormal_has_its_median(void **state)
{
    struct delay d = delay_from("{\"type\":\"lognormal\",\"median\":100,\"sigma\":0.5}");
    int below = 0;

    (void)state;
    for (int i = 0; i < 4000; i++)
        below += delay_draw(&d) < 100;
    assert_in_range(below, 1700, 2300);
}

static void hostile_numbers_give_a_day_at_most(void **state)
{
    struct delay huge = delay_from("{\"type\":\"fixed\",\"milliseconds\":1e9}");
    struct delay back = delay_from("{\"type\":\"uniform\",\"lower\":9,\"upper\":-9}");
    struct delay wild = delay_from("{\"type\":\"lognormal\",\"median\":1e308,\"sigma\":1e300}");

    (void)state;
    assert_int_equal(delay_draw(&huge), 86400000);
    for (int i = 0; i < 100; i++) {
        assert_in_range(delay_draw(&back), 0, 9);
        assert_in_range(delay_draw(&wild), 0, 86400000);
    }
}

static void gzip_comes_back(void **state)
{
    auto_buf struct buf packed = BUF_INIT(1 << 20);
    auto_buf struct buf plain = BUF_INIT(1 << 20);
    auto_buf struct buf small = BUF_INIT(10);
    auto_buf struct buf none = BUF_INIT(1 << 20);
    struct why why = {0};

    (void)state;
    assert_ok(gzip_pack(SLICE("hello, hello, hello"), &packed, &why), &why);
    assert_ok(gzip_unpack(buf_slice(&packed), &plain, &why), &why);
    assert_true(slice_is(buf_slice(&plain), "hello, hello, hello"));
    assert_status(ST_TOO_LARGE, gzip_unpack(buf_slice(&packed), &small, &why), &why);
    assert_status(ST_BAD_INPUT, gzip_unpack(SLICE("no gzip"), &none, &why), &why);
    packed.len /= 2;
    assert_status(ST_BAD_INPUT, gzip_unpack(buf_slice(&packed), &none, &why), &why);
}

static void gzip_is_sent_to_those_who_ask(void **state)
{
    (void)state;
    assert_true(gzip_is_accepted("gzip"));
    assert_true(gzip_is_accepted("br, GZIP;q=0.5"));
    assert_false(gzip_is_accepted("gzip;q=0"));
    assert_false(gzip_is_accepted("*"));
    assert_false(gzip_is_accepted("deflate, x-gzip2"));
    assert_false(gzip_is_accepted(NULL));
    assert_true(gzip_fits_type(SLICE("application/json")));
    assert_true(gzip_fits_type(SLICE("")));
    assert_false(gzip_fits_type(SLICE("Image/PNG")));
}

/* RFC 4648 section 10. */
static void base64_as_its_rfc(void **state)
{
    static const struct {
        const char *plain;
        const char *coded;
    } cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_buf struct buf coded = BUF_INIT(100);
        auto_buf struct buf plain = BUF_INIT(100);
        struct why why = {0};

        base64_encode(slice_of(cases[i].plain), &coded);
        assert_true(slice_is(buf_slice(&coded), cases[i].coded));
        assert_ok(base64_decode(slice_of(cases[i].coded), &plain, &why), &why);
        assert_true(slice_is(buf_slice(&plain), cases[i].plain));
    }
}

static void base64_refuses_what_is_none(void **state)
{
    static const char *const cases[] = {"!", "Zg===", "Z", "Zg=a", "Z g="};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_buf struct buf plain = BUF_INIT(100);

        if (base64_decode(slice_of(cases[i]), &plain, NULL) == ST_OK)
            fail_msg("taken: %s", cases[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distributions_stay_in_their_bounds),
        cmocka_unit_test(lognormal_has_its_median),
        cmocka_unit_test(hostile_numbers_give_a_day_at_most),
        cmocka_unit_test(gzip_comes_back),
        cmocka_unit_test(gzip_is_sent_to_those_who_ask),
        cmocka_unit_test(base64_as_its_rfc),
        cmocka_unit_test(base64_refuses_what_is_none),
    };

    return cmocka_run_group_tests_name("delay", tests, NULL, NULL);
}
