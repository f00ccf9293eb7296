#include "interceptor/engine/envelope_claims.h"

#include "interceptor/engine/unescape.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 8 };

static struct slice decode(struct envelope_reader *r, struct slice raw)
{
    return unescape_checked(r->body + (raw.data - r->body), raw.len);
}

struct slice envelope_text(struct envelope_reader *r, const struct json_item *item)
{
    return decode(r, item->raw);
}

bool envelope_is_name(const struct envelope_reader *r, struct slice raw, const char *name)
{
    /* Most names are told apart by their first byte, and have no escape. */
    if (raw.len == 0 || (raw.data[0] != name[0] && raw.data[0] != '\\'))
        return false;
    return slice_is(raw, name) ||
           (memchr(raw.data, '\\', raw.len) && json_text_same(&r->text, raw, slice_of(name)));
}

bool envelope_integer(const struct json_item *item, int64_t *ret)
{
    struct slice digits = item->raw;
    bool negative = digits.len > 0 && digits.data[0] == '-';
    int64_t number = 0;

    if (item->kind != ITEM_NUMBER)
        return false;
    for (size_t i = negative; i < digits.len; i++) {
        int digit = digits.data[i] - '0';

        if (digit < 0 || digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number))
            return false;
    }
    /* It was summed up below zero, where there is room for one more. */
    return negative ? (*ret = number, true) : !__builtin_sub_overflow((int64_t)0, number, ret);
}

static bool add_claim(struct envelope_reader *r, struct envelope *e, struct slice name,
                      struct slice value)
{
    struct claim *claims = e->claims;

    if (e->claim_count == ENVELOPE_CLAIMS_MAX)
        return false;
    if (e->claim_count == r->claim_room) {
        size_t room = r->claim_room ? r->claim_room * 2 : FIRST_ROOM;

        claims = realloc(e->claims, room * sizeof *claims);
        r->no_memory = !claims;
        if (!claims)
            return false;
        e->claims = claims;
        r->claim_room = room;
    }
    claims[e->claim_count++] = (struct claim){name, value};
    return true;
}

/* The member of an object, ITEM_ABSENT where it has none. */
static struct json_item find_member(struct envelope_reader *r, const struct json_item *object,
                                    const char *wanted)
{
    struct json_item item, found = {ITEM_ABSENT, {NULL, 0}};
    const char *at = NULL;
    struct slice name;

    while (json_item_next(&r->text, object, &at, &name, &item)) {
        if (envelope_is_name(r, name, wanted))
            found = item;
    }
    return found;
}

/* {"adgroup":"Analytics"}: every member is a claim; null counts as absent. Each is decoded when
 * the one behind it has been found. */
static bool read_members(struct envelope_reader *r, const struct json_item *object,
                         struct envelope *e)
{
    struct json_item item;
    const char *at = NULL;
    struct slice name;

    while (json_item_next(&r->text, object, &at, &name, &item)) {
        if (item.kind == ITEM_NULL)
            continue;
        if (item.kind != ITEM_STRING || !add_claim(r, e, decode(r, name), decode(r, item.raw)))
            return false;
    }
    return true;
}

static bool read_claim(struct envelope_reader *r, const struct json_item *object,
                       struct envelope *e)
{
    struct json_item name, value;

    if (object->kind != ITEM_OBJECT)
        return false;
    name = find_member(r, object, "attributeName");
    if (name.kind <= ITEM_NULL)
        return read_members(r, object, e);
    value = find_member(r, object, "attributeValue");
    return name.kind == ITEM_STRING && value.kind == ITEM_STRING &&
           add_claim(r, e, envelope_text(r, &name), envelope_text(r, &value));
}

bool envelope_claims(struct envelope_reader *r, const struct json_item *item, struct envelope *e)
{
    struct json_item claims, claim;
    const char *at = NULL;
    struct slice none;

    if (item->kind != ITEM_OBJECT)
        return false;
    claims = find_member(r, item, "claims");
    if (claims.kind <= ITEM_NULL)
        return true;
    if (claims.kind != ITEM_ARRAY)
        return false;
    while (json_item_next(&r->text, &claims, &at, &none, &claim)) {
        if (!read_claim(r, &claim, e))
            return false;
    }
    return true;
}

bool envelope_third_party(struct envelope_reader *r, const struct json_item *item,
                          struct envelope *e)
{
    struct json_item name, id;

    if (item->kind != ITEM_OBJECT)
        return false;
    name = find_member(r, item, "thirdPartyName");
    id = find_member(r, item, "thirdPartyId");
    if (name.kind > ITEM_NULL && id.kind > ITEM_NULL)
        return false;
    if (name.kind > ITEM_NULL && name.kind != ITEM_STRING)
        return false;
    if (name.kind == ITEM_STRING)
        e->third_party_name = envelope_text(r, &name);
    e->has_third_party_id = id.kind > ITEM_NULL;
    return !e->has_third_party_id || envelope_integer(&id, &e->third_party_id);
}
