/* The fields of a protect call that are objects, and what their readers share. */
#ifndef ENGINE_ENVELOPE_CLAIMS_H
#define ENGINE_ENVELOPE_CLAIMS_H

#include "interceptor/engine/envelope.h"
#include "interceptor/engine/json_item.h"

struct envelope_reader {
    char *body;
    struct json_text text;
    struct name_set names;
    size_t claim_room;
    const char *data_set_end;
    bool no_memory;
};

/* The characters of a string, decoded in place: once only. */
struct slice envelope_text(struct envelope_reader *r, const struct json_item *item);

/* Whether a name, as it stands in the body, is this one. */
bool envelope_is_name(const struct envelope_reader *r, struct slice raw, const char *name);

/* An integer of 64 bits, without fraction or exponent. */
bool envelope_integer(const struct json_item *item, int64_t *ret);

/* {"claims":[...]}: see section 3.5 of docs/contract.md. */
bool envelope_claims(struct envelope_reader *r, const struct json_item *item, struct envelope *e);

bool envelope_third_party(struct envelope_reader *r, const struct json_item *item,
                          struct envelope *e);

#endif
