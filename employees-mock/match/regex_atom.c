#include "employees-mock/match/regex_atom.h"

#include <ctype.h>
#include <string.h>

static size_t skip_class(struct slice s, size_t at)
{
    unsigned depth = 0;

    for (; at < s.len; at++) {
        if (s.data[at] == '\\')
            at++;
        else if (s.data[at] == '[')
            depth++;
        else if (s.data[at] == ']' && --depth == 0)
            return at + 1;
    }
    return s.len;
}

/* From '(' behind its ')'. */
size_t regex_atom_skip_group(struct slice s, size_t at)
{
    unsigned depth = 0;

    while (at < s.len) {
        char c = s.data[at];

        if (c == '\\') {
            at += 2;
        } else if (c == '[') {
            at = skip_class(s, at);
        } else {
            at++;
            depth += c == '(';
            if (c == ')' && --depth == 0)
                return at;
        }
    }
    return s.len;
}

size_t regex_atom_skip_to(struct slice s, size_t at, char close)
{
    while (at < s.len && s.data[at] != close)
        at++;
    return at < s.len ? at + 1 : s.len;
}

static size_t skip_digits(struct slice s, size_t at, size_t most)
{
    size_t end = at;

    while (end < s.len && end - at < most && isxdigit((unsigned char)s.data[end]))
        end++;
    return end;
}

static size_t skip_escape(struct slice s, size_t at)
{
    char c = at + 1 < s.len ? s.data[at + 1] : '\0';
    char next = at + 2 < s.len ? s.data[at + 2] : '\0';

    if (next == '{' && strchr("pPxN", c))
        return regex_atom_skip_to(s, at, '}');
    if (c == 'k')
        return regex_atom_skip_to(s, at, '>');
    if (c == 'u' || c == 'x')
        return skip_digits(s, at + 2, c == 'u' ? 4 : 2);
    if (c == '0')
        return skip_digits(s, at + 2, 3);
    return at + 2 + (c == 'p' || c == 'P');
}

size_t regex_atom_skip(struct slice s, size_t at)
{
    size_t end;

    switch (s.data[at]) {
    case '\\':
        end = skip_escape(s, at);
        break;
    case '[':
        end = skip_class(s, at);
        break;
    case '(':
        end = regex_atom_skip_group(s, at);
        break;
    default:
        end = at + 1;
        while (end < s.len && ((unsigned char)s.data[end] & 0xC0) == 0x80)
            end++;
    }
    return end < s.len ? end : s.len;
}
