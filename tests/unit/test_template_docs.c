/* Every row of docs/employees-mock-templates.md says what a template gives, and every helper
 * stands in one. */
#include "tests/unit/template_fixture.h"

#include "employees-mock/template/helper.h"

/* The text between the next pair of backquotes; false: there is none in the line. */
static bool next_code(struct slice *line, struct slice *ret)
{
    const char *open = line->len ? memchr(line->data, '`', line->len) : NULL;
    const char *close;

    if (!open)
        return false;
    open++;
    close = memchr(open, '`', (size_t)(line->data + line->len - open));
    if (!close)
        return false;
    *ret = (struct slice){open, (size_t)(close - open)};
    line->len -= (size_t)(close + 1 - line->data);
    line->data = close + 1;
    return true;
}

/* In a table '|' is written "\|"; a line break of an answer is shown as U+23CE. */
static void unescape(struct slice text, struct buf *ret)
{
    static const struct slice line_break = {"\xe2\x8f\x8e", sizeof "\xe2\x8f\x8e" - 1};

    for (size_t i = 0; i < text.len; i++) {
        struct slice rest = {text.data + i, text.len - i};

        if (slice_starts(rest, SLICE("\\|")))
            continue;
        if (slice_starts(rest, line_break)) {
            buf_put_char(ret, '\n');
            i += 2;
        } else {
            buf_put_char(ret, text.data[i]);
        }
    }
}

static bool check_row(struct slice line, const struct template_settings *settings)
{
    auto_buf struct buf template = BUF_INIT(10000);
    auto_buf struct buf answer = BUF_INIT(10000);
    struct slice code;
    struct rendered got;
    bool same;

    assert_true(next_code(&line, &code));
    unescape(code, &template);
    assert_true(next_code(&line, &code));
    unescape(code, &answer);
    fixture_render(&(struct rendering){.template = buf_text(&template), .settings = settings},
                   &got);
    same = got.parsed == ST_OK && got.status == ST_OK &&
           slice_equal(buf_slice(&got.text), buf_slice(&answer));
    if (!same)
        print_error("%s\n  says:  %s\n  gives: %.*s %s\n", buf_text(&template), buf_text(&answer),
                    (int)got.text.len, got.text.data ? got.text.data : "", got.why.text);
    buf_done(&got.text);
    return same;
}

static void read_doc(struct buf *ret)
{
    struct why why;

    assert_ok(file_read("docs/employees-mock-templates.md", ret, &why), &why);
}

static void rows_say_what_comes(void **state)
{
    auto_buf struct buf doc = BUF_INIT(1 << 20);
    auto_kv struct kv *kv = NULL;
    struct template_settings settings = {0};
    struct slice left;
    size_t rows = 0;
    size_t wrong = 0;
    struct why why;

    (void)state;
    read_doc(&doc);
    assert_ok(kv_new(NULL, NULL, &kv, &why), &why);
    settings.kv = kv;
    for (left = buf_slice(&doc); left.len > 0;) {
        const char *end = memchr(left.data, '\n', left.len);
        struct slice line = {left.data, end ? (size_t)(end - left.data) : left.len};

        left.data += line.len + (end != NULL);
        left.len -= line.len + (end != NULL);
        if (!slice_starts(line, SLICE("| `")))
            continue;
        rows++;
        wrong += !check_row(line, &settings);
    }
    assert_true(rows > 80);
    assert_int_equal(wrong, 0);
}

static bool is_named(const char *doc, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = strstr(doc, name); at; at = strstr(at + 1, name))
        if (strchr("{#(", at[-1]) && strchr(" })", at[len]))
            return true;
    return false;
}

static void every_helper_has_an_example(void **state)
{
    auto_buf struct buf doc = BUF_INIT(1 << 20);
    const struct helper *h;
    const char *text;

    (void)state;
    read_doc(&doc);
    text = buf_text(&doc);
    for (size_t i = 0; (h = helper_at(i)) != NULL; i++)
        if (!is_named(text, h->name))
            fail_msg("the documentation has no example of %s", h->name);
}

static void no_two_helpers_share_a_name(void **state)
{
    const struct helper *h;

    (void)state;
    for (size_t i = 0; (h = helper_at(i)) != NULL; i++)
        assert_ptr_equal(helper_find(slice_of(h->name)), h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_say_what_comes),
        cmocka_unit_test(every_helper_has_an_example),
        cmocka_unit_test(no_two_helpers_share_a_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
