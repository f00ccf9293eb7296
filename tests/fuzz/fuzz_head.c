/* The head of a request to the mock: its target in the first line, a path template in the second,
 * lines of "name:value" behind them. */
#include "employees-mock/known_header.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/fields.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/request_host.h"
#include "employees-mock/request_target.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

enum { HEADERS_MAX = 20 };

static void check_target(struct slice target, const char *host)
{
    (void)!request_target_check(target, host, NULL);
    (void)!request_target_read_uri(target, NULL);
    (void)!request_target_check_uri(target, NULL);
    (void)request_target_admin_place(target);
}

static void match_template(struct slice text, struct slice path)
{
    struct path_template *t = NULL;
    auto_buf struct buf blank = BUF_INIT(1 << 16);
    struct slice value;

    if (path_template_compile(text, &t, NULL) != ST_OK)
        return;
    path_template_write_blank(t, &blank);
    for (size_t i = 0; i < path_template_count(t); i++) {
        if (path_template_value(t, i, path, &value) && value.len > path.len)
            abort();
    }
    path_template_free(t);
}

static void read_header(const struct mock_field *f)
{
    const struct known_header *known = known_header_find(f->name);
    struct known_value value = known_header_value(known, f->value);
    enum charset charset = charset_of_content_type(f->value);
    struct fields fields = {0};
    auto_buf struct buf text = BUF_INIT(1 << 16);

    if (value.head.len + value.tail.len > f->value.len)
        abort();
    if (known)
        (void)known_header_respells(known, f->value);
    (void)request_host_is_sound(f->value);
    charset_decode(charset, f->value, &text);
    fields_read_urlencoded(f->value, true, charset, &fields);
    (void)!fields_check_escapes(f->value, charset, NULL);
    fields_done(&fields);
}

static void ask(const struct mock_source *source)
{
    struct mock_request *r = mock_request_new(source);

    if (!r)
        return;
    (void)!mock_request_check(r, NULL);
    (void)mock_request_cookies(r);
    (void)mock_request_query_params(r);
    (void)mock_request_form_params(r);
    mock_request_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct slice target = fuzz_take(&text, '\n');
    struct slice pattern = fuzz_take(&text, '\n');
    struct mock_field headers[HEADERS_MAX];
    struct mock_source source = {.method = SLICE("POST"),
                                 .url = target,
                                 .scheme = SLICE("http"),
                                 .host = SLICE("h"),
                                 .port = 80,
                                 .headers = headers};
    struct fields cookies = {0};
    char *host;

    while (text.len > 0 && source.header_count < HEADERS_MAX) {
        struct slice line = fuzz_take(&text, '\n');
        struct mock_field *f = &headers[source.header_count++];

        f->name = fuzz_take(&line, ':');
        f->value = line;
        read_header(f);
    }
    source.body = text;
    host = slice_dup(source.header_count > 0 ? headers[0].value : target);
    check_target(target, host);
    free(host);
    match_template(pattern, target);
    (void)!fields_check_cookies((struct mock_fields){headers, source.header_count}, NULL);
    fields_read_cookies((struct mock_fields){headers, source.header_count}, &cookies);
    fields_done(&cookies);
    ask(&source);
    return 0;
}
