/* Every template of tests/data/template/recorded.json gives what WireMock 3.13.2 gave for it (or
 * is refused, where WireMock refused it). */
#include "tests/unit/template_fixture.h"

static const char *text_of(const json_t *c, const char *name)
{
    return json_string_value(json_object_get(c, name));
}

static bool as_recorded(const json_t *c, const struct rendered *got)
{
    struct slice want = {json_string_value(json_object_get(c, "text")),
                         json_string_length(json_object_get(c, "text"))};
    enum status status =
        json_integer_value(json_object_get(c, "status")) == 500 ? ST_BAD_INPUT : ST_OK;

    if (json_is_true(json_object_get(c, "refused")))
        return got->parsed == ST_BAD_INPUT;
    return got->parsed == ST_OK && got->status == status &&
           slice_equal(buf_slice(&got->text), want);
}

static bool replay(const json_t *c)
{
    const json_t *template = json_object_get(c, "template");
    struct rendering in = {.template = json_string_value(template),
                           .template_len = json_string_length(template),
                           .method = text_of(c, "method"),
                           .url = text_of(c, "url"),
                           .body = text_of(c, "body"),
                           .content_type = text_of(c, "contentType"),
                           .parameters = json_object_get(c, "parameters"),
                           .headers = json_object_get(c, "headers"),
                           .path_template = text_of(c, "urlPathTemplate")};
    struct rendered got;
    bool same;

    fixture_render(&in, &got);
    same = as_recorded(c, &got);
    if (!same)
        print_error("%s\n  recorded: %s\n  now:      %.*s %s\n", in.template,
                    text_of(c, "text") ? text_of(c, "text") : "(refused)", (int)got.text.len,
                    got.text.data ? got.text.data : "", got.why.text);
    buf_done(&got.text);
    return same;
}

static void templates_answer_as_recorded(void **state)
{
    auto_buf struct buf text = BUF_INIT(16 << 20);
    json_t *cases = NULL;
    struct why why;
    size_t wrong = 0;

    (void)state;
    assert_ok(file_read("tests/data/template/recorded.json", &text, &why), &why);
    assert_ok(json_loose_read(buf_slice(&text), &cases, &why), &why);
    assert_true(json_array_size(cases) > 600);
    for (size_t i = 0; i < json_array_size(cases); i++)
        wrong += !replay(json_array_get(cases, i));
    json_decref(cases);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(templates_answer_as_recorded)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
