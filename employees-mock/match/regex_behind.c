#include "employees-mock/match/regex_behind.h"

#include "employees-mock/match/regex_atom.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS_MAX = 32, WAYS_MAX = 1024, WAYS_BYTES = 64 << 10, TIMES_MAX = 255, DEPTH_MAX = 16 };

struct item {
    struct slice atom;
    unsigned least;
    unsigned most;
};

/* Patterns that together stand for one with choices of length; each with a NUL behind. */
struct ways {
    struct buf text;
    size_t count;
};

#define NO_WAYS                                                                                    \
    {                                                                                              \
        .text = BUF_INIT(WAYS_BYTES)                                                               \
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
        size_t end = regex_atom_skip(s, *at);

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

/* ---- ways ---- */

static bool ways_add(struct ways *w, const char *head, const char *tail)
{
    buf_put_text(&w->text, head);
    buf_put_text(&w->text, tail);
    buf_put_char(&w->text, '\0');
    return ++w->count <= WAYS_MAX && w->text.failed == ST_OK;
}

/* Each of the one with each of the other behind it; replaces `heads`. */
static bool ways_follow(struct ways *heads, const struct ways *tails)
{
    struct ways made = NO_WAYS;
    bool good = true;
    const char *head = heads->text.data;

    for (size_t i = 0; i < heads->count && good; i++, head += strlen(head) + 1) {
        const char *tail = tails->text.data;

        for (size_t k = 0; k < tails->count && good; k++, tail += strlen(tail) + 1)
            good = ways_add(&made, head, tail);
    }
    buf_done(&heads->text);
    *heads = made;
    return good;
}

static bool ways_append(struct ways *to, const struct ways *more)
{
    const char *way = more->text.data;
    bool good = true;

    for (size_t i = 0; i < more->count && good; i++, way += strlen(way) + 1)
        good = ways_add(to, "", way);
    return good;
}

/* ---- groups ---- */

/* How a group whose alternatives can be told apart is opened when it is written again: "(?:" also
 * for one that captures; len 0: it is none of these. *ret_inner is where its content begins. */
static struct slice opener_of(struct slice atom, size_t *ret_inner)
{
    size_t at = 2;

    *ret_inner = 1;
    if (atom.data[0] != '(' || atom.len < 2 || atom.data[atom.len - 1] != ')')
        return SLICE("");
    if (atom.data[1] != '?')
        return SLICE("(?:");
    if (slice_starts(atom, SLICE("(?<")) && atom.len > 3 && isalpha((unsigned char)atom.data[3])) {
        *ret_inner = regex_atom_skip_to(atom, 3, '>');
        return *ret_inner < atom.len ? SLICE("(?:") : SLICE(""); /* a name may not end */
    }
    while (at < atom.len && (isalpha((unsigned char)atom.data[at]) || atom.data[at] == '-'))
        at++;
    *ret_inner = at + 1;
    return at < atom.len && atom.data[at] == ':' ? (struct slice){atom.data, at + 1} : SLICE("");
}

static bool expand(struct slice inner, unsigned depth, struct ways *ret);

/* The alternatives of a group, each as a group; a single one: the atom as it stands. */
static bool expand_atom(struct slice atom, unsigned depth, struct ways *ret)
{
    size_t from;
    struct slice opener = opener_of(atom, &from);
    struct ways inner = NO_WAYS;
    auto_buf struct buf text = BUF_INIT(WAYS_BYTES);
    bool good = depth < DEPTH_MAX;
    const char *way;

    if (opener.len > 0 && good)
        good = expand((struct slice){atom.data + from, atom.len - from - 1}, depth + 1, &inner);
    way = inner.text.data;
    for (size_t i = 0; inner.count > 1 && i < inner.count && good; i++, way += strlen(way) + 1) {
        buf_clear(&text);
        buf_put_slice(&text, opener);
        buf_put_text(&text, way);
        buf_put_char(&text, ')');
        good = buf_text(&text) && ways_add(ret, "", buf_text(&text));
    }
    if (good && inner.count <= 1) {
        buf_put_slice(&text, atom);
        good = buf_text(&text) && ways_add(ret, "", buf_text(&text));
    }
    buf_done(&inner.text);
    return good;
}

/* So many of an atom in a row. */
static bool repeat(const struct ways *atom, unsigned times, struct ways *ret)
{
    struct ways row = NO_WAYS;
    char count[16];
    bool good = ways_add(&row, "", "");

    if (atom->count == 1 && times > 1) {
        snprintf(count, sizeof count, "{%u}", times);
        good = good && ways_add(ret, atom->text.data, count);
    } else {
        for (unsigned i = 0; i < times && good; i++)
            good = ways_follow(&row, atom);
        good = good && ways_append(ret, &row);
    }
    buf_done(&row.text);
    return good;
}

static bool expand_item(const struct item *item, unsigned depth, struct ways *ret)
{
    struct ways atom = NO_WAYS;
    bool good = item->least <= item->most && expand_atom(item->atom, depth, &atom);

    for (unsigned times = item->least; times <= item->most && good; times++)
        good = repeat(&atom, times, ret);
    buf_done(&atom.text);
    return good;
}

static bool expand_items(const struct item *items, size_t count, unsigned depth, struct ways *ret)
{
    struct ways row = NO_WAYS;
    bool good = ways_add(&row, "", "");

    for (size_t i = 0; i < count && good; i++) {
        struct ways choices = NO_WAYS;

        good = expand_item(&items[i], depth, &choices) && ways_follow(&row, &choices);
        buf_done(&choices.text);
    }
    good = good && ways_append(ret, &row);
    buf_done(&row.text);
    return good;
}

/* All ways through a pattern's alternatives. False: there are too many, or a part is not known. */
static bool expand(struct slice inner, unsigned depth, struct ways *ret)
{
    struct item items[ITEMS_MAX];
    bool good = true;

    for (size_t at = 0; at <= inner.len && good; at++) {
        bool empty = at == inner.len || inner.data[at] == '|';
        size_t count = read_items(inner, &at, items);

        good = (count > 0 || empty) && expand_items(items, count, depth, ret);
    }
    return good;
}

/* ---- look-behinds ---- */

static bool captures_at(struct slice s, size_t at)
{
    struct slice rest = slice_from(s, at);

    return s.data[at] == '(' &&
           (!slice_starts(rest, SLICE("(?")) || (slice_starts(rest, SLICE("(?<")) && rest.len > 3 &&
                                                 isalpha((unsigned char)rest.data[3])));
}

/* Groups that capture keep their numbers and names when they are written otherwise: in front of the
 * look-behind stands an empty one for each, never entered. Java would tell what they held; whoever
 * refers back to it is left alone (see refers_back). */
static void put_captures(struct slice inner, struct buf *ret)
{
    for (size_t at = 0; at < inner.len;) {
        size_t end = captures_at(inner, at) && slice_starts(slice_from(inner, at), SLICE("(?<"))
                         ? regex_atom_skip_to(inner, at, '>')
                         : at + 1;

        if (captures_at(inner, at)) {
            buf_put_text(ret, "(?:");
            buf_put(ret, inner.data + at, end - at);
            buf_put_text(ret, ")){0}");
        }
        at = inner.data[at] == '(' ? end : regex_atom_skip(inner, at);
    }
}

static bool refers_back(struct slice s)
{
    for (size_t i = 0; i + 1 < s.len; i++) {
        if (s.data[i] != '\\')
            continue;
        if (s.data[i + 1] == 'k' || (s.data[i + 1] >= '1' && s.data[i + 1] <= '9'))
            return true;
        i++;
    }
    return false;
}

/* The whole look-behind "(?<=inner)". False: it stays as it is. */
static bool rewrite_one(struct slice behind, bool back_references, struct buf *ret)
{
    struct slice inner = {behind.data + 4, behind.len - 5};
    struct ways ways = NO_WAYS;
    auto_buf struct buf captures = BUF_INIT(WAYS_BYTES);
    const char *way;
    bool varies = expand(inner, 0, &ways) && ways.count > 1;

    put_captures(inner, &captures);
    if (varies && (captures.len == 0 || !back_references) && captures.failed == ST_OK) {
        buf_put_slice(ret, buf_slice(&captures));
        buf_put(ret, behind.data, 4);
        way = ways.text.data;
        for (size_t i = 0; i < ways.count; i++, way += strlen(way) + 1) {
            if (i > 0)
                buf_put_char(ret, '|');
            buf_put_text(ret, way);
        }
        buf_put_char(ret, ')');
    } else {
        varies = false;
    }
    buf_done(&ways.text);
    return varies;
}

static bool looks_behind(struct slice s, size_t at)
{
    struct slice rest = slice_from(s, at);

    return slice_starts(rest, SLICE("(?<=")) || slice_starts(rest, SLICE("(?<!"));
}

bool regex_behind_rewrite(struct slice java, struct buf *ret)
{
    bool back = refers_back(java);
    bool rewritten = false;

    if (memmem(java.data, java.len, "\\Q", 2) || memchr(java.data, '\0', java.len))
        return false;
    for (size_t at = 0; at < java.len;) {
        size_t close = looks_behind(java, at) ? regex_atom_skip_group(java, at) : 0;
        size_t end = java.data[at] == '(' ? at + 1 : regex_atom_skip(java, at);

        if (close > at + 5 && java.data[close - 1] == ')' &&
            rewrite_one((struct slice){java.data + at, close - at}, back, ret)) {
            rewritten = true;
            at = close;
            continue;
        }
        buf_put(ret, java.data + at, end - at);
        at = end;
    }
    return rewritten && ret->failed == ST_OK;
}
