#include "tests/unit/options_fixture.h"

/* ---- the environment ---- */

static void variables_stand_behind_flags_and_before_defaults(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_LOG_FORMAT", "json", 1);
    setenv("UNIT_PORT", "1", 1);
    setenv("UNIT_VERBOSE", "1", 1);
    setenv("UNIT_AUDIT", "off", 1);
    setenv("UNIT_LISTEN", "", 1);
    assert_ok(parse(&o, &why, "--port=2"), &why);
    assert_string_equal(options_text(o, FORMAT), "json");
    assert_int_equal(options_origin(o, FORMAT), ORIGIN_ENVIRONMENT);
    assert_int_equal(options_number(o, PORT), 2);
    assert_int_equal(options_origin(o, PORT), ORIGIN_FLAG);
    assert_true(options_on(o, VERBOSE));
    assert_false(options_on(o, AUDIT));
    assert_string_equal(options_text(o, LISTEN), "0.0.0.0:8443");
    assert_false(options_given(o, LISTEN));
}

static void bad_variables_are_refused_by_name(void **state)
{
    (void)state;
    setenv("UNIT_PORT", "http", 1);
    refuse("UNIT_PORT must be an integer from -1 to 65535", "word");
    setenv("UNIT_PORT", "1", 1);
    setenv("UNIT_LOG_FORMAT", "xml", 1);
    refuse("UNIT_LOG_FORMAT must be one of text|json", "word");
}

static void a_bad_variable_does_not_count_beside_a_flag(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_PORT", "http", 1);
    assert_ok(parse(&o, &why, "--port=3"), &why);
    assert_int_equal(options_number(o, PORT), 3);
}

static void a_list_in_a_variable_is_separated_by_colons(void **state)
{
    auto_options struct options *o = NULL;
    auto_options struct options *flagged = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_CONFIG", ":a::b:", 1);
    assert_ok(parse(&o, &why, "word"), &why);
    assert_int_equal(options_count(o, CONFIG), 2);
    assert_string_equal(options_item(o, CONFIG, 0), "a");
    assert_string_equal(options_item(o, CONFIG, 1), "b");
    assert_ok(parse(&flagged, &why, "--config=c"), &why);
    assert_int_equal(options_count(flagged, CONFIG), 1);
    assert_string_equal(options_text(flagged, CONFIG), "c");
}

static void without_a_prefix_there_is_no_environment(void **state)
{
    auto_options struct options *o = NULL;
    char *argv[] = {NULL};
    struct why why = {0};

    (void)state;
    setenv("UNIT_PORT", "http", 1);
    assert_ok(options_parse(table, ROWS, NULL, 0, argv, &o, &why), &why);
    assert_int_equal(options_number(o, PORT), 8080);
}

static void a_secret_may_come_from_a_file(void **state)
{
    static const struct {
        const char *content, *value;
    } cases[] = {
        {"s3cret", "s3cret"},
        {"s3cret\n", "s3cret"},
        {"s3cret\r\n", "s3cret"},
        {" s \n", " s "},
        {"two\nlines\n\n", "two\nlines\n"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_options struct options *o = NULL;
        struct why why = {0};

        setenv("UNIT_ADMIN_TOKEN_FILE",
               temp_write(state, "token", cases[i].content, strlen(cases[i].content)), 1);
        assert_ok(parse(&o, &why, "word"), &why);
        assert_string_equal(options_text(o, TOKEN), cases[i].value);
        assert_int_equal(options_origin(o, TOKEN), ORIGIN_FILE);
    }
}

static void a_file_is_read_for_secrets_only(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    setenv("UNIT_LISTEN_FILE", temp_write(state, "listen", ":1", 2), 1);
    assert_ok(parse(&o, &why, "word"), &why);
    assert_string_equal(options_text(o, LISTEN), "0.0.0.0:8443");
}

static void a_secret_file_that_is_unfit_is_refused(void **state)
{
    static char large[70000];
    struct options *o = NULL;
    struct why why = {0};
    const struct {
        const char *bytes;
        size_t len;
        const char *words;
    } cases[] = {
        {"", 0, "which is empty"},
        {"\n", 1, "which is empty"},
        {"a\0b", 3, "which has a NUL byte"},
        {large, sizeof large, "which has more than 65536 bytes"},
    };

    memset(large, 's', sizeof large);
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("UNIT_ADMIN_TOKEN_FILE", temp_write(state, "t", cases[i].bytes, cases[i].len), 1);
        assert_status(ST_BAD_INPUT, parse(&o, &why, "word"), &why);
        assert_contains(why.text, "UNIT_ADMIN_TOKEN_FILE names /tmp/");
        assert_contains(why.text, cases[i].words);
    }
    setenv("UNIT_ADMIN_TOKEN_FILE", temp_path(state, "absent"), 1);
    assert_status(ST_BAD_INPUT, parse(&o, &why, "word"), &why);
    assert_contains(why.text, "No such file");
}

static void a_secret_and_its_file_exclude_each_other(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    setenv("UNIT_ADMIN_TOKEN", "a", 1);
    setenv("UNIT_ADMIN_TOKEN_FILE", temp_write(state, "token", "b", 1), 1);
    refuse("UNIT_ADMIN_TOKEN and UNIT_ADMIN_TOKEN_FILE are both set", "word");
    assert_ok(parse(&o, &why, "--admin-token=c"), &why);
    assert_string_equal(options_text(o, TOKEN), "c");
}

/* ---- what is printed ---- */

static void help_has_a_row_for_each_option(void **state)
{
    auto_buf struct buf b = BUF_INIT(10000);

    (void)state;
    options_help(table, ROWS, "UNIT", &b);
    assert_string_equal(
        buf_text(&b),
        "  --listen ADDR:PORT      where to listen (default 0.0.0.0:8443)\n"
        "  --port N                port (-1 to 65535; default 8080)\n"
        "  --audit on|off          keep a trail (default on)\n"
        "  --log-format text|json  layout of the log (default text)\n"
        "  --config PATH           a file (may be repeated)\n"
        "  --admin-token TEXT      a secret\n"
        "  --verbose               say more\n"
        "  --version               say which\n"
        "  --free N                any number\n"
        "\n"
        "Each is also an environment variable, such as UNIT_LISTEN for --listen; the flag wins. "
        "For a secret,\n"
        "the variable with _FILE behind its name may name a file that holds it.\n");
}

static void help_stays_within_100_columns(void **state)
{
    const struct option rows[] = {
        {.name = "a-name-that-is-so-long-that-its-help-needs-a-line-of-its-own",
         .type = OPTION_TEXT,
         .value = "VALUE",
         .help = "some help that goes on and on, and on, until there is no room left in the line "
                 "that it began in, nor in the next, which is filled as well, and so forth"},
        {.name = "b", .type = OPTION_NUMBER, .min = 1, .max = 1000000000000LL, .help = "short"},
    };
    auto_buf struct buf b = BUF_INIT(10000);
    auto_free char *text = NULL;

    (void)state;
    options_help(rows, COUNT(rows), NULL, &b);
    text = buf_take(&b, NULL);
    for (char *rest = text, *line; (line = strtok_r(rest, "\n", &rest));) {
        assert_true(strlen(line) <= 100);
        assert_int_not_equal(line[strlen(line) - 1], ' ');
    }
}

static void settings_are_printed_without_secrets(void **state)
{
    auto_options struct options *o = NULL;
    auto_buf struct buf b = BUF_INIT(10000);
    struct why why = {0};

    (void)state;
    setenv("UNIT_ADMIN_TOKEN", "hunter2", 1);
    assert_ok(parse(&o, &why, "--config=a", "--config=b", "--verbose"), &why);
    options_print(o, &b);
    assert_string_equal(buf_text(&b), "listen=0.0.0.0:8443  # default\n"
                                      "port=8080  # default\n"
                                      "audit=on  # default\n"
                                      "log-format=text  # default\n"
                                      "config=a  # flag\n"
                                      "config=b  # flag\n"
                                      "admin-token=***  # environment\n"
                                      "verbose=true  # flag\n"
                                      "version=false  # default\n"
                                      "free=  # default\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(variables_stand_behind_flags_and_before_defaults),
        TEST(bad_variables_are_refused_by_name),
        TEST(a_bad_variable_does_not_count_beside_a_flag),
        TEST(a_list_in_a_variable_is_separated_by_colons),
        TEST(without_a_prefix_there_is_no_environment),
        TEST_FILE(a_secret_may_come_from_a_file),
        TEST_FILE(a_file_is_read_for_secrets_only),
        TEST_FILE(a_secret_file_that_is_unfit_is_refused),
        TEST_FILE(a_secret_and_its_file_exclude_each_other),
        TEST(help_has_a_row_for_each_option),
        TEST(help_stays_within_100_columns),
        TEST(settings_are_printed_without_secrets),
    };

    return cmocka_run_group_tests_name("options_env", tests, NULL, NULL);
}
