#include "employees-mock/proxy_targets.h"

#include "common/buf.h"
#include "common/cleanup.h"
#include "employees-mock/match/regex.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 4096 };

/* A range of IPv4 addresses, or a name with *. */
struct rule {
    struct regex *name; /* NULL: the range counts */
    uint32_t low;
    uint32_t high;
};

struct rules {
    struct rule *items;
    size_t count;
};

struct proxy_targets {
    struct rules allow;
    struct rules deny;
};

static bool read_address(const char *text, uint32_t *ret)
{
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    *ret = ntohl(address.s_addr);
    return true;
}

static bool is_dotted_numbers(const char *text)
{
    size_t dots = 0;

    for (; strchr("0123456789.", *text) && *text; text++)
        dots += *text == '.';
    return *text == '\0' && dots == 3;
}

/* WireMock makes a regular expression of a name: '.' stands for itself, '*' for some letters. */
static enum status read_name(const char *name, struct rule *ret, struct why *why)
{
    auto_buf struct buf pattern = BUF_INIT(NAME_MAX_BYTES);
    struct why reason = {0};

    for (const char *text = name; *text; text++) {
        if (*text == '.' || *text == '*')
            buf_put_text(&pattern, *text == '.' ? "\\." : ".+");
        else
            buf_put_char(&pattern, *text);
    }
    if (pattern.failed != ST_OK)
        return buf_status(&pattern, why);
    if (regex_compile(buf_slice(&pattern), REGEX_ANY_CASE, &ret->name, &reason) != ST_OK)
        return fail(why, ST_BAD_INPUT, "%.100s is no target of proxies: %.*s", name,
                    (int)strcspn(reason.text, "\n"), reason.text);
    return ST_OK;
}

static enum status read_rule(const char *text, struct rule *ret, struct why *why)
{
    auto_free char *low = strdup(text);
    char *dash = low ? strchr(low, '-') : NULL;

    if (!low)
        return fail_memory(why);
    if (read_address(low, &ret->low)) {
        ret->high = ret->low;
        return ST_OK;
    }
    if (dash) {
        *dash = '\0';
        if (read_address(low, &ret->low) && read_address(dash + 1, &ret->high))
            return ret->low <= ret->high
                       ? ST_OK
                       : fail(why, ST_BAD_INPUT, "%.100s is no range of addresses", text);
    }
    return is_dotted_numbers(text) ? fail(why, ST_BAD_INPUT, "%.100s is no IP address", text)
                                   : read_name(text, ret, why);
}

static enum status read_rules(const char *text, struct rules *ret, struct why *why)
{
    auto_free char *copy = text ? strdup(text) : NULL;
    char *rest = copy;
    char *one;

    while (rest && (one = strsep(&rest, ","))) {
        struct rule *items = realloc(ret->items, (ret->count + 1) * sizeof *items);
        auto_free char *trimmed = slice_dup(slice_trim(slice_of(one)));
        enum status st;

        if (items)
            ret->items = items;
        if (!items || !trimmed)
            return fail_memory(why);
        items[ret->count] = (struct rule){0};
        if (!*trimmed)
            continue;
        st = read_rule(trimmed, &items[ret->count], why);
        if (st != ST_OK)
            return st;
        ret->count++;
    }
    return ST_OK;
}

enum status proxy_targets_parse(const char *allow, const char *deny, struct proxy_targets **ret,
                                struct why *why)
{
    struct proxy_targets *t = calloc(1, sizeof *t);
    enum status st;

    if (!t)
        return fail_memory(why);
    st = read_rules(allow, &t->allow, why);
    if (st == ST_OK)
        st = read_rules(deny, &t->deny, why);
    if (st == ST_OK)
        *ret = t;
    else
        proxy_targets_free(t);
    return st;
}

static void rules_done(struct rules *r)
{
    for (size_t i = 0; i < r->count; i++)
        regex_free(r->items[i].name);
    free(r->items);
}

void proxy_targets_free(struct proxy_targets *t)
{
    if (!t)
        return;
    rules_done(&t->allow);
    rules_done(&t->deny);
    free(t);
}

static bool matches(const struct rules *rules, const char *host, const uint32_t *addresses,
                    size_t count)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *r = &rules->items[i];
        struct why why = {0};
        bool named = false;

        if (r->name && regex_matches(r->name, slice_of(host), &named, &why) == ST_OK && named)
            return true;
        for (size_t k = 0; !r->name && k < count; k++)
            if (addresses[k] >= r->low && addresses[k] <= r->high)
                return true;
    }
    return false;
}

static bool has_ranges(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++)
        if (!rules->items[i].name)
            return true;
    return false;
}

static size_t resolve(const char *host, uint32_t *ret, size_t max)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    size_t count = 0;

    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return 0;
    for (const struct addrinfo *a = found; a && count < max; a = a->ai_next)
        ret[count++] =
            ntohl(((const struct sockaddr_in *)(const void *)a->ai_addr)->sin_addr.s_addr);
    freeaddrinfo(found);
    return count;
}

bool proxy_targets_allow(const struct proxy_targets *t, const char *host)
{
    enum { ADDRESSES_MAX = 16 };
    uint32_t addresses[ADDRESSES_MAX];
    size_t count = 0;

    if (!t->allow.count && !t->deny.count)
        return true;
    if (has_ranges(&t->allow) || has_ranges(&t->deny))
        count = resolve(host, addresses, ADDRESSES_MAX);
    if (t->allow.count && !matches(&t->allow, host, addresses, count))
        return false;
    return !matches(&t->deny, host, addresses, count);
}
