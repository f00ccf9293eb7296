#include "employees-mock/proxy_headers.h"

#include <string.h>
#include <strings.h>

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool proxy_header_is_one_of(struct slice name, const char *const names[])
{
    for (; *names; names++)
        if (slice_equal_nocase(name, slice_of(*names)))
            return true;
    return false;
}

/* As WireMock compares them: the header's name in small letters with the list's as they stand. */
static bool is_removed(const struct answer *a, struct slice name)
{
    size_t i;
    json_t *one;

    json_array_foreach ((json_t *)a->proxy_removed, i, one) {
        const char *listed = json_string_value(one);

        if (listed && slice_equal_nocase(name, slice_of(listed)) && !strpbrk(listed, CAPITALS))
            return true;
    }
    return false;
}

/* One Host goes out; all else that is added stands beside what came. */
static bool has_host(const struct answer *a)
{
    for (size_t i = 0; i < a->proxy_header_count; i++)
        if (strcasecmp(a->proxy_headers[i].name, "Host") == 0)
            return true;
    return false;
}

static bool goes_along(const struct exchange *x, struct slice name)
{
    static const char *const ours[] = {"Content-Length", "Transfer-Encoding",
                                       "Connection",     "Keep-Alive",
                                       "Expect",         "TE",
                                       "Upgrade",        NULL};
    const struct flags *flags = x->app->flags;

    if (slice_equal_nocase(name, SLICE("Host")))
        return flags->preserve_host && !has_host(x->answer);
    if (slice_equal_nocase(name, SLICE("User-Agent")) && !flags->preserve_user_agent)
        return false;
    return !proxy_header_is_one_of(name, ours) && !is_removed(x->answer, name);
}

static bool is_listed(const char *list, struct slice text)
{
    for (const char *from = list; from;) {
        const char *comma = strchr(from, ',');

        if (slice_equal((struct slice){from, comma ? (size_t)(comma - from) : strlen(from)}, text))
            return true;
        from = comma ? comma + 1 : NULL;
    }
    return false;
}

/* Appends those codings of an Accept-Encoding that --supported-proxy-encodings has, compared as
 * WireMock does: letter by letter, the list's as they stand. */
static void put_codings(const char *supported, struct slice value, struct buf *ret)
{
    while (value.len > 0) {
        const char *comma = memchr(value.data, ',', value.len);
        size_t len = comma ? (size_t)(comma - value.data) : value.len;
        struct slice coding = slice_trim((struct slice){value.data, len});

        if (coding.len > 0 && is_listed(supported, coding)) {
            if (ret->len > 0)
                buf_put_char(ret, ',');
            buf_put_slice(ret, coding);
        }
        len += comma ? 1 : 0;
        value = slice_from(value, len);
    }
}

/* All Accept-Encoding become one, in `texts`; none where nothing is left of them. */
static enum status limit_codings(const struct exchange *x, struct buf *texts,
                                 struct mock_field *fields, size_t *count, struct why *why)
{
    const struct slice name = SLICE("Accept-Encoding");
    const char *supported = x->app->flags->proxy_encodings;
    size_t kept = 0;

    if (!supported)
        return ST_OK;
    for (size_t i = 0; i < *count; i++) {
        if (slice_equal_nocase(fields[i].name, name))
            put_codings(supported, fields[i].value, texts);
        else
            fields[kept++] = fields[i];
    }
    *count = kept;
    if (texts->len > 0)
        fields[(*count)++] = (struct mock_field){name, buf_slice(texts)};
    return buf_status(texts, why);
}

/* WireMock adds the first value of a name; some names are its client's own business. */
static bool is_added(const struct answer *a, size_t at)
{
    static const char *const its_own[] = {"Content-Length", "Connection", "Upgrade", "User-Agent",
                                          NULL};
    const char *name = a->proxy_headers[at].name;

    return !proxy_header_is_one_of(slice_of(name), its_own) &&
           (at == 0 || strcmp(a->proxy_headers[at - 1].name, name) != 0);
}

enum status proxy_headers_make(const struct exchange *x, struct buf *texts,
                               struct mock_field fields[PROXY_FIELDS_MAX], size_t *count,
                               struct mock_fields *ret_added, struct why *why)
{
    struct mock_fields given = mock_request_headers(x->request);
    enum status st;

    for (size_t i = 0; i < given.count && *count < PROXY_FIELDS_MAX; i++)
        if (goes_along(x, given.items[i].name))
            fields[(*count)++] = given.items[i];
    if (!buf_reserve(texts, texts->max / 2))
        return buf_status(texts, why);
    st = limit_codings(x, texts, fields, count, why);
    ret_added->items = fields + *count;
    for (size_t i = 0; i < x->answer->proxy_header_count && st == ST_OK; i++) {
        const struct answer_header *h = &x->answer->proxy_headers[i];
        auto_buf struct buf value = BUF_INIT(texts->max);

        if (!is_added(x->answer, i) || *count == PROXY_FIELDS_MAX)
            continue;
        st = exchange_fill(x, &h->value, &value, why);
        if (st == ST_OK && texts->len + value.len > texts->cap)
            st = fail(why, ST_TOO_LARGE, "headers are too large");
        if (st != ST_OK)
            break;
        buf_put_slice(texts, buf_slice(&value));
        fields[(*count)++] = (struct mock_field){slice_of(h->name),
                                                 {texts->data + texts->len - value.len, value.len}};
        ret_added->count++;
    }
    return st;
}
