/* The formats of JSON Schema, as networknt's validator checks them by default. */
#include "employees-mock/match/json_schema_moment.h"
#include "employees-mock/match/json_schema_rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

enum { ADDRESS_MAX = 64, NAME_MAX_LEN = 253, LABEL_MAX = 63 };

/* ---- names and addresses ---- */

/* international: letters above ASCII count as letters, capitals of ASCII do not. */
static bool is_label(struct slice label, bool international)
{
    if (label.len == 0 || label.len > LABEL_MAX || label.data[0] == '-' ||
        label.data[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        unsigned char c = (unsigned char)label.data[i];

        if (international ? c < 0x80 && !islower(c) && !isdigit(c) && c != '-'
                          : !isalnum(c) && c != '-')
            return false;
    }
    return true;
}

static bool is_name(struct slice text, bool international)
{
    size_t at = 0;

    while (at <= text.len) {
        const char *dot = at < text.len ? memchr(text.data + at, '.', text.len - at) : NULL;
        size_t end = dot ? (size_t)(dot - text.data) : text.len;

        if (!is_label((struct slice){text.data + at, end - at}, international) &&
            !(international && end == at && text.len > 0)) /* an empty label passes there */
            return false;
        at = end + 1;
    }
    return true;
}

static bool is_hostname(struct slice text)
{
    return is_name(text, false);
}

static bool is_idn_hostname(struct slice text)
{
    return is_name(text, true);
}

/* A domain behind a dot ends with what looks like a top-level one, and is none that is reserved. */
static bool is_mail_domain(struct slice text)
{
    static const char *const reserved[] = {"example", "invalid", "test"};
    const char *dot = memrchr(text.data, '.', text.len);
    auto_buf struct buf lower = BUF_INIT(NAME_MAX_LEN + 1);
    struct slice top;

    for (size_t i = 0; i < text.len; i++)
        buf_put_char(&lower, (char)tolower((unsigned char)text.data[i]));
    if (!is_name(buf_slice(&lower), true) || memmem(text.data, text.len, "..", 2))
        return false;
    if (!dot)
        return true;
    top = (struct slice){dot + 1, text.len - (size_t)(dot + 1 - text.data)};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (slice_equal_nocase(top, slice_of(reserved[i])))
            return false;
    }
    if (top.len > 4 && strncasecmp(top.data, "xn--", 4) == 0)
        return true;
    for (size_t i = 0; i < top.len; i++) {
        if ((unsigned char)top.data[i] < 0x80 && !isalpha((unsigned char)top.data[i]))
            return false;
    }
    return top.len >= 2;
}

static bool is_ipv4(struct slice text)
{
    char address[ADDRESS_MAX];
    struct in_addr parsed;

    return json_schema_copy(text, address, sizeof address) &&
           inet_pton(AF_INET, address, &parsed) == 1;
}

static bool is_ipv6(struct slice text)
{
    char address[ADDRESS_MAX];
    struct in6_addr parsed;

    return json_schema_copy(text, address, sizeof address) &&
           inet_pton(AF_INET6, address, &parsed) == 1;
}

static bool is_email(struct slice text)
{
    const char *at = text.len > 0 ? memrchr(text.data, '@', text.len) : NULL;
    struct slice local;
    struct slice domain;

    if (!at)
        return false;
    local = (struct slice){text.data, (size_t)(at - text.data)};
    domain = (struct slice){at + 1, text.len - local.len - 1};
    if (local.len == 0 || local.len > 64 || domain.len == 0 || domain.len > NAME_MAX_LEN)
        return false;
    if (domain.data[0] == '[' && domain.data[domain.len - 1] == ']') {
        domain = (struct slice){domain.data + 1, domain.len - 2};
        if (slice_starts(domain, SLICE("IPv6:")))
            return is_ipv6(slice_from(domain, 5));
        return is_ipv4(domain);
    }
    if (local.data[0] == '"')
        return local.len > 1 && local.data[local.len - 1] == '"' && is_mail_domain(domain);
    if (local.data[0] == '.' || local.data[local.len - 1] == '.' ||
        memmem(local.data, local.len, "..", 2))
        return false;
    for (size_t i = 0; i < local.len; i++) {
        unsigned char c = (unsigned char)local.data[i];

        if (c <= ' ' || c == 0x7F || strchr("()<>[]:;,\\\"@", (char)c))
            return false;
    }
    return is_mail_domain(domain);
}

/* ---- references ---- */

/* RFC 3986 without a close look at the authority; `international` takes all above ASCII. */
static bool is_reference(struct slice text, bool international)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (c <= ' ' || c == 0x7F || strchr("\"<>\\^`{|}", (char)c))
            return false;
        if (c >= 0x80 && !international)
            return false;
        if (c == '%' && (i + 2 >= text.len || !isxdigit((unsigned char)text.data[i + 1]) ||
                         !isxdigit((unsigned char)text.data[i + 2])))
            return false;
    }
    return true;
}

static bool has_scheme(struct slice text)
{
    size_t i = 0;

    if (text.len == 0 || !isalpha((unsigned char)text.data[0]))
        return false;
    while (i < text.len && (isalnum((unsigned char)text.data[i]) || strchr("+-.", text.data[i])))
        i++;
    return i < text.len && text.data[i] == ':' && i + 1 < text.len;
}

/* A ':' in the first step ends a scheme; brackets stand around an address. */
static bool is_relative_or_absolute(struct slice text)
{
    size_t first = 0;

    while (first < text.len && !strchr("/?#", text.data[first]))
        first++;
    if (first > 0 && memchr(text.data, ':', first) && !has_scheme(text))
        return false;
    if (memmem(text.data, text.len, "//[", 3))
        return true;
    return !memchr(text.data, '[', text.len) && !memchr(text.data, ']', text.len);
}

static bool is_uri(struct slice text)
{
    return has_scheme(text) && is_reference(text, false);
}

static bool is_uri_reference(struct slice text)
{
    return is_relative_or_absolute(text) && is_reference(text, false);
}

static bool is_iri(struct slice text)
{
    return has_scheme(text) && is_reference(text, true);
}

static bool is_iri_reference(struct slice text)
{
    return is_relative_or_absolute(text) && is_reference(text, true);
}

/* ---- pointers, ids ---- */

static bool is_json_pointer(struct slice text)
{
    if (text.len > 0 && text.data[0] != '/')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '#')
            return false;
        if (text.data[i] == '~' &&
            (i + 1 == text.len || (text.data[i + 1] != '0' && text.data[i + 1] != '1')))
            return false;
    }
    return true;
}

static bool is_relative_json_pointer(struct slice text)
{
    size_t i = 0;

    while (i < text.len && isdigit((unsigned char)text.data[i]))
        i++;
    if (i == 0 || (i > 1 && text.data[0] == '0'))
        return false;
    if (i + 1 == text.len && text.data[i] == '#')
        return true;
    return is_json_pointer(slice_from(text, i));
}

static bool is_uuid(struct slice text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text.data[i] != '-' : !isxdigit((unsigned char)text.data[i]))
            return false;
    }
    return true;
}

static bool is_regex(struct slice text)
{
    auto_regex struct regex *re = NULL;

    return regex_compile(text, 0, &re, NULL) == ST_OK;
}

/* ---- by regular expressions ---- */

static bool finds(const char *pattern, unsigned flags, struct slice text)
{
    auto_regex struct regex *re = NULL;
    struct regex_found found;
    bool is_there = false;

    return regex_compile(slice_of(pattern), flags, &re, NULL) == ST_OK &&
           regex_find(re, text, 0, &found, &is_there, NULL) == ST_OK && is_there;
}

static bool is_duration(struct slice text)
{
    if (text.len == 0 || strchr("PT", text.data[text.len - 1]))
        return false;
    return finds("^P([0-9]+W|([0-9]+Y)?([0-9]+M)?([0-9]+D)?"
                 "(T([0-9]+H)?([0-9]+M)?([0-9]+S)?)?)$",
                 REGEX_ANY_CASE, text);
}

static bool is_uri_template(struct slice text)
{
    return finds("^([^\\x00-\\x1F\"'%<>^`{|}]|%[0-9a-fA-F]{2}|\\{[+#./;?&=,!@|]?[\\w%.:*,]+\\})*$",
                 0, text);
}

static bool is_alpha(struct slice text)
{
    return finds("^[a-zA-Z]+$", 0, text);
}

static bool is_alphanumeric(struct slice text)
{
    return finds("^[a-zA-Z0-9]+$", 0, text);
}

static bool is_phone(struct slice text)
{
    return finds("^\\+(?:[0-9] ?){6,14}[0-9]$", 0, text);
}

static bool is_utc_millisec(struct slice text)
{
    return finds("^[0-9]+(\\.?[0-9]+)?$", 0, text);
}

static bool is_style(struct slice text)
{
    return finds("\\s*(.+?):\\s*([^;]+);?", 0, text);
}

static bool is_color(struct slice text)
{
    return finds("(#?[0-9A-Fa-f]{3,6}\\b)|aqua|black|blue|fuchsia|gray|green|lime|maroon|navy|"
                 "olive|orange|purple|red|silver|teal|white|yellow|rgb\\(\\s*[0-9%]+\\s*,\\s*"
                 "[0-9%]+\\s*,\\s*[0-9%]+\\s*\\)",
                 0, text);
}

static const struct {
    const char *name;
    bool (*holds)(struct slice text);
} formats[] = {
    {"date", json_schema_is_date},
    {"date-time", json_schema_is_date_time},
    {"time", json_schema_is_time},
    {"duration", is_duration},
    {"email", is_email},
    {"idn-email", is_email},
    {"hostname", is_hostname},
    {"idn-hostname", is_idn_hostname},
    {"ipv4", is_ipv4},
    {"ip-address", is_ipv4},
    {"ipv6", is_ipv6},
    {"uri", is_uri},
    {"uri-reference", is_uri_reference},
    {"iri", is_iri},
    {"iri-reference", is_iri_reference},
    {"uri-template", is_uri_template},
    {"json-pointer", is_json_pointer},
    {"relative-json-pointer", is_relative_json_pointer},
    {"uuid", is_uuid},
    {"regex", is_regex},
    {"alpha", is_alpha},
    {"alphanumeric", is_alphanumeric},
    {"phone", is_phone},
    {"utc-millisec", is_utc_millisec},
    {"style", is_style},
    {"color", is_color},
};

bool schema_format_holds(const char *format, struct slice text)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].name, format) == 0)
            return formats[i].holds(text);
    }
    return true;
}
