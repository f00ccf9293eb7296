#include "employees-mock/request_host.h"

#include "common/hex.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* RFC 3986, 3.2.2: a reg-name. */
static bool is_host_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (isalnum((unsigned char)name.data[i]) || name.data[i] == '.')
            continue;
        if (name.data[i] == '%' && (i + 2 >= name.len || hex_digit(name.data[i + 1]) < 0 ||
                                    hex_digit(name.data[i + 2]) < 0))
            return false;
        if (!strchr("-_~!$&'()*+,;=%", name.data[i]))
            return false;
    }
    return true;
}

static bool is_address(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isxdigit((unsigned char)text.data[i]) && !strchr(":.", text.data[i]))
            return false;
    return text.len > 1;
}

/* ":80" */
static bool is_port(struct slice text)
{
    unsigned long number = 0;

    for (size_t i = 1; i < text.len && number <= UINT16_MAX; i++) {
        if (!isdigit((unsigned char)text.data[i]))
            return false;
        number = number * 10 + (unsigned long)(text.data[i] - '0');
    }
    return text.data[0] == ':' && number > 0 && number <= UINT16_MAX;
}

static bool is_in_brackets(struct slice host)
{
    size_t close = slice_find(host, 0, ']');

    return close < host.len && is_address((struct slice){host.data + 1, close - 1}) &&
           (close + 1 == host.len || is_port(slice_from(host, close + 1)));
}

bool request_host_is_sound(struct slice host)
{
    size_t colon = slice_find(host, 0, ':');

    if (host.len > 0 && host.data[0] == '[')
        return is_in_brackets(host);
    if (slice_find(host, colon + 1, ':') < host.len)
        return is_address(host);
    return is_host_name((struct slice){host.data, colon}) &&
           (colon == host.len || (colon > 0 && is_port(slice_from(host, colon))));
}
