#include "employees-mock/flags_check.h"

#include "employees-mock/match/regex.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Two parts around one colon, neither of them empty. */
static enum status check_admin_auth(const char *text, struct why *why)
{
    const char *colon = strchr(text, ':');

    if (colon && colon != text && colon[1] != '\0' && !strchr(colon + 1, ':'))
        return ST_OK;
    return fail(why, ST_BAD_INPUT,
                "--admin-api-basic-auth must be in the format username:password");
}

/* The part up to `separator` or the end; *rest moves behind it, NULL at the end. */
static struct slice next_part(const char **rest, char separator)
{
    const char *from = *rest;
    const char *end = strchr(from, separator);

    *rest = end ? end + 1 : NULL;
    return (struct slice){from, end ? (size_t)(end - from) : strlen(from)};
}

static enum status check_filename_template(const char *text, struct why *why)
{
    for (const char *rest = text; rest;) {
        struct slice part = next_part(&rest, '-');

        if (part.len == 0 && text[0] != '\0')
            continue;
        if (!memmem(part.data, part.len, "{{{", 3) || !memmem(part.data, part.len, "}}}", 3))
            return fail(why, ST_BAD_INPUT,
                        "--filename-template must have a {{{value}}} in each part between '-'");
    }
    return ST_OK;
}

static enum status check_permitted_keys(const char *text, struct why *why)
{
    for (const char *rest = text; rest;) {
        struct slice part = next_part(&rest, ',');
        auto_regex struct regex *re = NULL;
        struct why reason = {0};

        if (regex_compile(part, REGEX_ANY_CASE, &re, &reason) != ST_OK)
            return fail(why, ST_BAD_INPUT, "--permitted-system-keys: %.*s",
                        (int)strcspn(reason.text, "\n"), reason.text);
    }
    return ST_OK;
}

/* Java's URI wants a host behind the scheme. */
static enum status check_proxy_all(const char *text, struct why *why)
{
    const char *slashes = strstr(text, "://");

    if (slashes && strchr("/?#", slashes[3])) /* the text's end too */
        return fail(why, ST_BAD_INPUT, "--proxy-all: %.150s names no host", text);
    return ST_OK;
}

/* "host", "host:port", "http://user:password@host:port" */
static enum status check_proxy_via(const char *text, struct why *why)
{
    const char *slashes = strstr(text, "://");
    const char *from = slashes ? slashes + 3 : text;
    const char *at = strrchr(from, '@');
    const char *host = at ? at + 1 : from;
    const char *port = strrchr(host[0] == '[' ? host + strcspn(host, "]") : host, ':');
    size_t digits = port ? strspn(port + 1, "0123456789") : 0;

    if (host[0] == '\0' || host[0] == ':')
        return fail(why, ST_BAD_INPUT, "--proxy-via: the host part of the proxy is missing");
    if (port && (port[1 + digits] != '\0' || digits > 5 || atoi(port + 1) > UINT16_MAX))
        return fail(why, ST_BAD_INPUT, "--proxy-via: %.150s has no port from 0 to 65535", text);
    return ST_OK;
}

enum status flags_check(const struct flags_check *texts, struct why *why)
{
    enum status st = ST_OK;

    if (texts->admin_auth)
        st = check_admin_auth(texts->admin_auth, why);
    if (st == ST_OK && texts->filename_template)
        st = check_filename_template(texts->filename_template, why);
    if (st == ST_OK && texts->permitted_keys)
        st = check_permitted_keys(texts->permitted_keys, why);
    if (st == ST_OK && texts->proxy_all)
        st = check_proxy_all(texts->proxy_all, why);
    if (st == ST_OK && texts->proxy_via)
        st = check_proxy_via(texts->proxy_via, why);
    return st;
}
