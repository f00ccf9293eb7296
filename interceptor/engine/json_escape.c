#include "interceptor/engine/json_escape.h"

const char json_escape_short[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                     ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int json_escape_hex4(const char *p, const char *end)
{
    int code = 0;

    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);

        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

/* The low half of a pair, whose backslash is at p; -1: there is none. */
static int read_low(const char *p, const char *end)
{
    int code;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    code = json_escape_hex4(p + 2, end);
    return is_low_surrogate(code) ? code : -1;
}

const char *json_escape_skip(const char *p, const char *end, char apostrophe)
{
    int code;

    if (end - p < 2)
        return NULL;
    if (json_escape_short[(unsigned char)p[1]] || (apostrophe && p[1] == '\''))
        return p + 2;
    if (p[1] != 'u')
        return NULL;
    code = json_escape_hex4(p + 2, end);
    if (code < 0 || is_low_surrogate(code))
        return NULL;
    if (!is_high_surrogate(code))
        return p + 6;
    return read_low(p + 6, end) >= 0 ? p + 12 : NULL;
}

const char *json_escape_read(const char *p, char apostrophe, char ret[CODEPOINT_BYTES_MAX],
                             size_t *ret_len)
{
    int code;

    *ret_len = 1;
    if (p[1] != 'u') {
        ret[0] = p[1] == '\'' ? apostrophe : json_escape_short[(unsigned char)p[1]];
        return p + 2;
    }
    code = json_escape_hex4(p + 2, p + 6);
    if (!is_high_surrogate(code)) {
        *ret_len = codepoint_write((uint32_t)code, ret);
        return p + 6;
    }
    *ret_len = codepoint_write(join_surrogates(code, json_escape_hex4(p + 8, p + 12)), ret);
    return p + 12;
}
