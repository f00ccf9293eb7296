#include "interceptor/dataset_audit.h"

#include "common/utf8.h"
#include "interceptor/call.h"
#include "interceptor/hex.h"

#include <string.h>

enum { USUAL = 512, CLAIMS_KEPT = 100, TEXT_KEPT = 200, HASH_KEPT = 16 };

static void put_count(const char *name, uint64_t count, struct buf *ret)
{
    buf_put_text(ret, name);
    buf_put_int(ret, (int64_t)count, 1);
}

static void put_counts(const struct ward *ward, const struct protect_result *result,
                       struct buf *ret)
{
    const char *comma = "";

    buf_put_text(ret, ",\"counts\":{");
    for (size_t i = 0; i < result->count; i++) {
        const struct attribute_count *c = &result->counts[i];

        if (c->protected + c->granted + c->kept == 0)
            continue;
        buf_put_text(ret, comma);
        buf_put_json_string(ret, slice_of(ward && i + 1 < result->count
                                              ? ward->manifest->attributes[i].path
                                              : "unlisted"));
        put_count(":{\"protected\":", c->protected, ret);
        put_count(",\"granted\":", c->granted, ret);
        put_count(",\"kept\":", c->kept, ret);
        buf_put_char(ret, '}');
        comma = ",";
    }
    buf_put_char(ret, '}');
}

static void put_claims(const struct envelope *e, struct buf *ret)
{
    if (e->claim_count == 0)
        return;
    buf_put_text(ret, ",\"claims\":[");
    for (size_t i = 0; i < e->claim_count && i < CLAIMS_KEPT; i++) {
        if (i > 0)
            buf_put_char(ret, ',');
        buf_put_json_string(ret, utf8_cut(e->claims[i].name, TEXT_KEPT));
    }
    buf_put_char(ret, ']');
}

static void put_text(const char *name, struct slice text, struct buf *ret)
{
    struct slice kept = utf8_cut(text, TEXT_KEPT);

    if (kept.len == 0 || !utf8_valid(kept))
        return;
    buf_printf(ret, ",\"%s\":", name);
    buf_put_json_string(ret, kept);
}

static void put_validation_key(struct http_request *req, struct buf *ret)
{
    const char *key = http_header(req, "X-Validation-Key");
    uint8_t hash[KEYED_HASH_SIZE];
    char text[2 * KEYED_HASH_SIZE + 1];

    if (!key || ret->failed != ST_OK)
        return;
    ret->failed = master_hash(app_of(req)->master, "validation-key", slice_of(key), hash, NULL);
    if (ret->failed != ST_OK) /* no record is better than one that lacks it */
        return;
    hex_write(hash, HASH_KEPT, text);
    put_text("validationKeyHash", slice_of(text), ret);
}

void dataset_audit_headers(struct http_request *req)
{
    struct buf *record = &call_of(req)->audit;
    const char *context = http_header(req, "X-Execution-Context");

    if (!app_of(req)->audit)
        return;
    put_text("executionContext", slice_of(context ? context : ""), record);
    put_validation_key(req, record);
}

void dataset_audit_envelope(struct http_request *req, const struct envelope *e)
{
    struct buf *record = &call_of(req)->audit;

    if (!app_of(req)->audit)
        return;
    put_claims(e, record);
    put_text("classificationModel", e->classification_model, record);
    put_text("thirdPartyName", e->third_party_name, record);
    if (e->has_third_party_id)
        buf_printf(record, ",\"thirdPartyId\":%lld", (long long)e->third_party_id);
}

void dataset_audit_result(struct http_request *req, const struct ward *ward,
                          const struct protect_result *result)
{
    struct buf *record = &call_of(req)->audit;

    if (!app_of(req)->audit)
        return;
    buf_reserve(record, USUAL);
    put_counts(ward, result, record);
}
