#include "tests/unit/check.h"

#include "common/clock.h"
#include "common/json.h"
#include "common/log.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

enum { TIME_LEN = 24 }; /* 2026-01-02T03:04:05.678Z */

/* A log into memory, and what came out. */
struct sink {
    struct log log;
    char text[16384];
};

static struct sink sink_new(bool json)
{
    struct sink s = {.log = {.fd = memfd_create("log", 0), .level = LOG_DEBUG, .json = json}};

    assert_true(s.log.fd >= 0);
    return s;
}

/* Closes it. */
static const char *sink_text(struct sink *s)
{
    ssize_t len = pread(s->log.fd, s->text, sizeof s->text - 1, 0);

    assert_true(len >= 0);
    s->text[len] = '\0';
    close(s->log.fd);
    return s->text;
}

static void lines_have_time_level_event_and_fields(void **state)
{
    struct sink s = sink_new(false);
    int64_t us;

    (void)state;
    log_write(&s.log, LOG_INFO, "listening", LOG_TEXT("address", "0.0.0.0:8443"),
              LOG_NUMBER("port", 8443), LOG_NUMBER("low", INT64_MIN));
    sink_text(&s);
    assert_ok(clock_parse_iso((struct slice){s.text, TIME_LEN}, &us, NULL), NULL);
    assert_string_equal(
        s.text + TIME_LEN,
        " info listening address=0.0.0.0:8443 port=8443 low=-9223372036854775808\n");
}

static void an_event_needs_no_fields(void **state)
{
    struct sink text = sink_new(false);
    struct sink json = sink_new(true);

    (void)state;
    log_write(&text.log, LOG_ERROR, "stopped by itself");
    log_write(&json.log, LOG_WARN, "stopped");
    assert_string_equal(sink_text(&text) + TIME_LEN, " error stopped by itself\n");
    assert_string_equal(sink_text(&json) + strlen("{\"time\":\"") + TIME_LEN,
                        "\",\"level\":\"warn\",\"event\":\"stopped\"}\n");
}

static void twelve_fields_are_taken(void **state)
{
    struct sink s = sink_new(false);

    (void)state;
    log_write(&s.log, LOG_DEBUG, "e", LOG_NUMBER("a", 1), LOG_NUMBER("b", 2), LOG_NUMBER("c", 3),
              LOG_NUMBER("d", 4), LOG_NUMBER("e", 5), LOG_NUMBER("f", 6), LOG_NUMBER("g", 7),
              LOG_NUMBER("h", 8), LOG_NUMBER("i", 9), LOG_NUMBER("j", 10), LOG_NUMBER("k", 11),
              LOG_NUMBER("l", 12));
    assert_string_equal(sink_text(&s) + TIME_LEN,
                        " debug e a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=10 k=11 l=12\n");
}

static const struct {
    const char *value, *text, *json;
} values[] = {
    {"plain", "plain", "plain"},
    {"/a/b?c", "/a/b?c", "/a/b?c"},
    {"", "\"\"", ""},
    {"two words", "\"two words\"", "two words"},
    {"a=b", "\"a=b\"", "a=b"},
    {"say \"x\"", "\"say \\\"x\\\"\"", "say \\\"x\\\""},
    {"a\\b", "\"a\\\\b\"", "a\\\\b"},
    {"a\nb\r\tc", "\"a\\nb\\r\\tc\"", "a\\nb\\r\\tc"},
    {"\x1b[31m", "\"\\x1b[31m\"", "\\u001b[31m"},
    {"\x01\x7f", "\"\\x01\\x7f\"", "\\u0001\\u007f"},
    {"\xc3\xa9", "\"\xc3\xa9\"", "\xc3\xa9"},
    {"\xc2\x85\xe2\x80\xa8", "\"\\x85\\u2028\"", "\\u0085\\u2028"},
    {"\xff\xc3", "\"\\xff\\xc3\"", "\\ufffd\\ufffd"},
    {"\xed\xa0\x80", "\"\\xed\\xa0\\x80\"", "\\ufffd\\ufffd\\ufffd"},
};

static void text_values_can_not_break_a_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        struct sink s = sink_new(false);
        char wanted[100];

        log_write(&s.log, LOG_INFO, "e", LOG_TEXT("v", values[i].value));
        snprintf(wanted, sizeof wanted, " info e v=%s\n", values[i].text);
        assert_string_equal(sink_text(&s) + TIME_LEN, wanted);
    }
}

static void json_values_can_not_break_a_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        struct sink s = sink_new(true);
        char wanted[100];

        log_write(&s.log, LOG_INFO, "e", LOG_TEXT("v", values[i].value));
        snprintf(wanted, sizeof wanted, "\",\"level\":\"info\",\"event\":\"e\",\"v\":\"%s\"}\n",
                 values[i].json);
        assert_string_equal(sink_text(&s) + strlen("{\"time\":\"") + TIME_LEN, wanted);
    }
}

static void a_null_text_is_empty(void **state)
{
    struct sink s = sink_new(false);
    const char *none = NULL;

    (void)state;
    log_write(&s.log, LOG_INFO, "e\nf", LOG_TEXT("v", none));
    assert_string_equal(sink_text(&s) + TIME_LEN, " info e\\nf v=\"\"\n");
}

static void long_values_end_in_dots(void **state)
{
    char value[5000];

    (void)state;
    for (size_t len = 1020; len < 1030; len++) {
        struct sink s = sink_new(false);

        memset(value, 'v', len);
        value[len] = '\0';
        log_write(&s.log, LOG_INFO, "e", LOG_TEXT("v", value), LOG_NUMBER("n", 1));
        sink_text(&s);
        assert_int_equal(strlen(s.text),
                         TIME_LEN + strlen(" info e v= n=1\n") + (len <= 1024 ? len : 1024 + 3));
        assert_int_equal(strstr(s.text, "... n=1\n") != NULL, len > 1024);
    }
}

static void parse_line(const char *line)
{
    auto_json json_t *value = NULL;
    struct why why = {0};

    assert_ok(json_read_object(slice_of(line), &value, &why), &why);
}

/* Whatever the size and kind of the values: one line, at most 4096 bytes, and JSON stays JSON. */
static void a_full_line_leaves_fields_out_and_says_so(void **state)
{
    static const char *const pieces[] = {"v", "\n", "\xff", "\xe2\x80\xa8", "\xf0\x9f\x99\x82",
                                         "\""};

    (void)state;
    for (size_t i = 0; i < COUNT(pieces) * 2; i++) {
        struct sink s = sink_new(i % 2);
        char value[2000] = "";

        while (strlen(value) + 5 < sizeof value)
            strcat(value, pieces[i / 2]);
        log_write(&s.log, LOG_INFO, value, LOG_TEXT("a", value), LOG_TEXT("b", value),
                  LOG_TEXT("c", value), LOG_TEXT("d", value), LOG_NUMBER("last", 1));
        sink_text(&s);
        assert_true(strlen(s.text) <= 4096);
        assert_ptr_equal(strchr(s.text, '\n'), s.text + strlen(s.text) - 1);
        assert_null(strstr(s.text, "last"));
        assert_contains(s.text, i % 2 ? ",\"cut\":true}\n" : " cut=true\n");
        if (i % 2)
            parse_line(s.text);
    }
}

static void levels_above_the_own_are_left_out(void **state)
{
    struct sink s = sink_new(false);

    (void)state;
    s.log.level = LOG_WARN;
    log_write(&s.log, LOG_INFO, "no");
    log_write(&s.log, LOG_DEBUG, "no", LOG_NUMBER("n", 1));
    log_line(&s.log, LOG_INFO, "no", NULL, 0);
    assert_string_equal(sink_text(&s), "");
    assert_false(log_wants(NULL, LOG_ERROR));
    log_write((struct log *)NULL, LOG_ERROR, "nowhere", LOG_NUMBER("n", 1));
    log_line(NULL, LOG_ERROR, "nowhere", NULL, 0);
}

static void levels_are_read_by_their_words(void **state)
{
    static const char *const words[LOG_LEVELS] = {"error", "warn", "info", "debug"};
    enum log_level level = LOG_DEBUG;
    struct why why = {0};

    (void)state;
    for (size_t i = 0; i < LOG_LEVELS; i++) {
        assert_ok(log_level_parse(words[i], &level, &why), &why);
        assert_int_equal(level, i);
    }
    assert_status(ST_BAD_INPUT, log_level_parse("INFO", &level, &why), &why);
    assert_status(ST_BAD_INPUT, log_level_parse("", &level, &why), &why);
    assert_int_equal(level, LOG_DEBUG);
}

static void a_closed_log_does_no_harm(void **state)
{
    struct log log = {.fd = -1, .level = LOG_INFO};

    (void)state;
    errno = EDOM;
    log_write(&log, LOG_INFO, "lost");
    assert_int_equal(errno, EDOM);
}

/* ---- many threads ---- */

enum { THREADS = 4, LINES = 500 };

static void *write_lines(void *log)
{
    char value[600];

    memset(value, 'w', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    for (int i = 0; i < LINES; i++)
        log_write((struct log *)log, LOG_INFO, "line", LOG_TEXT("v", value), LOG_NUMBER("end", 7));
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    struct log log = {.level = LOG_INFO};
    const char *path = temp_write(state, "log", "", 0);
    pthread_t threads[THREADS];
    char line[1000];
    int count = 0;
    FILE *file;

    log.fd = open(path, O_WRONLY | O_APPEND);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, &log), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    close(log.fd);
    file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); count++) {
        assert_int_equal(strlen(line), TIME_LEN + strlen(" info line v= end=7\n") + 599);
        assert_int_equal(strspn(strchr(line, '=') + 1, "w"), 599);
    }
    fclose(file);
    assert_int_equal(count, THREADS * LINES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_have_time_level_event_and_fields),
        cmocka_unit_test(an_event_needs_no_fields),
        cmocka_unit_test(twelve_fields_are_taken),
        cmocka_unit_test(text_values_can_not_break_a_line),
        cmocka_unit_test(json_values_can_not_break_a_line),
        cmocka_unit_test(a_null_text_is_empty),
        cmocka_unit_test(long_values_end_in_dots),
        cmocka_unit_test(a_full_line_leaves_fields_out_and_says_so),
        cmocka_unit_test(levels_above_the_own_are_left_out),
        cmocka_unit_test(levels_are_read_by_their_words),
        cmocka_unit_test(a_closed_log_does_no_harm),
        cmocka_unit_test_setup_teardown(lines_of_threads_do_not_mix, temp_setup, temp_teardown),
    };

    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
