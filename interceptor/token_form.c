#include "interceptor/token_form.h"

#include <openssl/crypto.h>
#include <stdlib.h>

static const char *const names[FORM_FIELDS] = {
    [FORM_CLIENT_ID] = "client_id",
    [FORM_CLIENT_SECRET] = "client_secret",
    [FORM_GRANT_TYPE] = "grant_type",
    [FORM_REFRESH_TOKEN] = "refresh_token",
};

const char *token_field_name(enum token_field field)
{
    return names[field];
}

void token_form_done(struct token_form *form)
{
    if (form->text)
        OPENSSL_cleanse(form->text, form->text_len);
    free(form->text);
    form->text = NULL;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place: what comes out is never longer. */
static struct slice decode(char *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (c == '+') {
            c = ' ';
        } else if (c == '%' && i + 2 < len && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        text[out++] = c;
    }
    return (struct slice){text, out};
}

/* raw: the same bytes in the body, which stay as they are. */
static enum status read_pair(char *pair, const char *raw, size_t len, struct token_form *form,
                             struct why *why)
{
    char *equals = memchr(pair, '=', len);
    size_t name_len = equals ? (size_t)(equals - pair) : len;
    struct slice name = decode(pair, name_len);

    for (size_t field = 0; field < FORM_FIELDS; field++) {
        if (!slice_is(name, names[field]))
            continue;
        if (form->fields[field].data)
            return fail_at(why, ST_BAD_INPUT, names[field], "%s is given twice", names[field]);
        form->fields[field] = form->raw[field] = (struct slice){pair + len, 0};
        if (equals) {
            form->raw[field] = (struct slice){raw + name_len + 1, len - name_len - 1};
            form->fields[field] = decode(equals + 1, len - name_len - 1);
        }
        return ST_OK;
    }
    return ST_OK;
}

enum status token_form_parse(struct slice body, struct token_form *ret, struct why *why)
{
    auto_token_form struct token_form form = {.text = slice_dup(body), .text_len = body.len};
    char *at = form.text;
    char *end;
    enum status st;

    if (!form.text)
        return fail_memory(why);
    for (end = at + body.len; at < end;) {
        char *stop = memchr(at, '&', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);

        st = read_pair(at, body.data + (at - form.text), len, &form, why);
        if (st != ST_OK)
            return st;
        at += len + 1;
    }
    *ret = form;
    form.text = NULL;
    return ST_OK;
}
