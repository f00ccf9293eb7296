#include "employees-mock/match/regex_behind.h"

#include <ctype.h>
#include <string.h>

enum { ITEMS_MAX = 32, WAYS_MAX = 1024, TIMES_MAX = 255 };

struct item {
    struct slice atom;
    unsigned least;
    unsigned most;
    unsigned times; /* in the way that is being written */
};

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
static size_t skip_group(struct slice s, size_t at)
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

static size_t skip_braces(struct slice s, size_t at, char close)
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
        return skip_braces(s, at, '}');
    if (c == 'k')
        return skip_braces(s, at, '>');
    if (c == 'u' || c == 'x')
        return skip_digits(s, at + 2, c == 'u' ? 4 : 2);
    if (c == '0')
        return skip_digits(s, at + 2, 3);
    return at + 2 + (c == 'p' || c == 'P');
}

static size_t skip_atom(struct slice s, size_t at)
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
        end = skip_group(s, at);
        break;
    default:
        end = at + 1;
        while (end < s.len && ((unsigned char)s.data[end] & 0xC0) == 0x80)
            end++;
    }
    return end < s.len ? end : s.len;
}

static size_t read_number(struct slice s, size_t at, unsigned *ret)
{
    for (*ret = 0; at < s.len && isdigit((unsigned char)s.data[at]); at++)
        *ret = *ret < 1000 ? *ret * 10 + (unsigned)(s.data[at] - '0') : *ret;
    return at;
}

/* Behind the quantifier at `at`, if there is one. */
static size_t read_quantifier(struct slice s, size_t at, struct item *item)
{
    char c = at < s.len ? s.data[at] : '\0';

    item->least = item->most = 1;
    if (c == '{') {
        at = read_number(s, at + 1, &item->least);
        item->most = item->least;
        if (at < s.len && s.data[at] == ',') {
            at++;
            item->most = TIMES_MAX;
            if (at < s.len && isdigit((unsigned char)s.data[at]))
                at = read_number(s, at, &item->most);
        }
        at++;
    } else if (c != '\0' && strchr("*+?", c)) {
        item->least = c == '+';
        item->most = c == '?' ? 1 : TIMES_MAX;
        at++;
    } else {
        return at;
    }
    return at < s.len && strchr("?+", s.data[at]) ? at + 1 : at; /* lazy or possessive: the same */
}

/* One alternative, up to '|' or the end; 0: it has too many parts. */
static size_t read_items(struct slice s, size_t *at, struct item items[ITEMS_MAX])
{
    size_t count = 0;

    while (*at < s.len && s.data[*at] != '|') {
        size_t end = skip_atom(s, *at);

        if (count == ITEMS_MAX)
            return 0;
        items[count].atom = (struct slice){s.data + *at, end - *at};
        *at = read_quantifier(s, end, &items[count]);
        if (*at > s.len)
            *at = s.len;
        count++;
    }
    return count;
}

static size_t count_ways(const struct item *items, size_t count)
{
    size_t ways = 1;

    for (size_t i = 0; i < count && ways <= WAYS_MAX; i++)
        ways *= items[i].most >= items[i].least ? items[i].most - items[i].least + 1 : 1;
    return ways;
}

static void put_way(const struct item *items, size_t count, struct buf *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].times == 0)
            continue;
        buf_put_slice(ret, items[i].atom);
        if (items[i].times > 1)
            buf_printf(ret, "{%u}", items[i].times);
    }
}

static void put_ways(struct item *items, size_t count, size_t ways, struct buf *ret)
{
    for (size_t way = 0; way < ways; way++) {
        size_t rest = way;

        for (size_t i = 0; i < count; i++) {
            unsigned choices = items[i].most - items[i].least + 1;

            items[i].times = items[i].least + (unsigned)(rest % choices);
            rest /= choices;
        }
        if (way > 0)
            buf_put_char(ret, '|');
        put_way(items, count, ret);
    }
}

/* What stands in a look-behind. False: it stays as it is. */
static bool rewrite_inner(struct slice inner, struct buf *ret)
{
    struct item items[ITEMS_MAX];
    bool varies = false;

    for (size_t at = 0; at <= inner.len; at++) {
        bool empty = at == inner.len || inner.data[at] == '|';
        size_t count = read_items(inner, &at, items);
        size_t ways = count_ways(items, count);

        if ((count == 0 && !empty) || ways > WAYS_MAX)
            return false;
        for (size_t i = 0; i < count; i++) {
            if (items[i].most < items[i].least)
                return false;
            /* a group that captures can't be written twice */
            if (ways > 1 && items[i].atom.data[0] == '(' &&
                !slice_starts(items[i].atom, SLICE("(?")))
                return false;
        }
        varies = varies || ways > 1;
        put_ways(items, count, ways, ret);
        if (at < inner.len)
            buf_put_char(ret, '|');
    }
    return varies;
}

static bool looks_behind(struct slice s, size_t at)
{
    struct slice rest = {s.data + at, s.len - at};

    return slice_starts(rest, SLICE("(?<=")) || slice_starts(rest, SLICE("(?<!"));
}

bool regex_behind_rewrite(struct slice java, struct buf *ret)
{
    bool rewritten = false;

    if (memmem(java.data, java.len, "\\Q", 2))
        return false;
    for (size_t at = 0; at < java.len;) {
        size_t end = java.data[at] == '(' ? at + 1 : skip_atom(java, at);
        auto_buf struct buf inner = BUF_INIT(ret->max);

        if (looks_behind(java, at)) {
            size_t close = skip_group(java, at);

            if (java.data[close - 1] == ')' &&
                rewrite_inner((struct slice){java.data + at + 4, close - at - 5}, &inner)) {
                buf_put(ret, java.data + at, 4);
                buf_put_slice(ret, buf_slice(&inner));
                buf_put_char(ret, ')');
                rewritten = true;
                at = close;
                continue;
            }
        }
        buf_put(ret, java.data + at, end - at);
        at = end;
    }
    return rewritten && ret->failed == ST_OK;
}
