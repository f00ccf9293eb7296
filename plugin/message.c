#include "plugin/message.h"

#include "plugin/json_in.h"
#include "plugin/text.h"

enum { TEN_YEARS_S = 315360000 };

/* ---- written ---- */

void message_put_token_form(const struct settings *settings, struct buf *out)
{
    buf_put_slice(out, SLICE("grant_type=client_credentials&client_id="));
    text_put_percent(out, settings->client_id);
    buf_put_slice(out, SLICE("&client_secret="));
    text_put_percent(out, settings->client_secret);
}

void message_put_claim(struct slice name, struct slice value, struct buf *out)
{
    buf_put_slice(out, SLICE("{\"attributeName\":\""));
    text_put_json(out, name);
    buf_put_slice(out, SLICE("\",\"attributeValue\":\""));
    text_put_json(out, value);
    buf_put_slice(out, SLICE("\"},"));
}

static bool ends_empty(struct slice list)
{
    while (list.len > 0 && strchr(" \t\r\n", list.data[list.len - 1]) && list.data[list.len - 1])
        list.len--;
    return list.len > 0 && list.data[list.len - 1] == '[';
}

/* The configured rule, with the caller's claims behind its own. */
static void put_matching_rule(const struct policy *policy, struct slice claims, struct buf *out)
{
    static const struct slice empty_rule = {"{\"claims\":[]}", 13};
    bool configured = policy->matching_rule.len > 0;
    struct slice rule = configured ? policy->matching_rule : empty_rule;
    size_t at = configured ? policy->claims_at : 11;

    if (!configured && claims.len == 0)
        return;
    buf_put_slice(out, SLICE(",\"matchingRule\":"));
    buf_put(out, rule.data, at);
    if (claims.len > 0 && !ends_empty((struct slice){rule.data, at}))
        buf_put_char(out, ',');
    if (claims.len > 0)
        buf_put(out, claims.data, claims.len - 1);
    buf_put(out, rule.data + at, rule.len - at);
}

static void put_truth(struct buf *out, const char *name, bool value)
{
    buf_put_slice(out, SLICE(",\""));
    buf_put_text(out, name);
    buf_put_text(out, value ? "\":true" : "\":false");
}

void message_put_head(const struct policy *policy, const struct caller *caller, struct buf *out)
{
    buf_put_slice(out, SLICE("{\"manifestName\":\""));
    text_put_json(out, policy->manifest_name);
    buf_put_char(out, '"');
    text_put_member(out, "jobType", policy->job_type);
    text_put_member(out, "countryCode", caller->country);
    if (caller->owner.len > 0)
        text_put_member(out, "dataOwningCountryCode", caller->owner);
    put_truth(out, "protectNullValues", policy->protect_nulls);
    put_truth(out, "preserveStringLength", policy->preserve_length);
    if (policy->snapshot_date.data)
        text_put_member(out, "snapshotDate", policy->snapshot_date);
    if (policy->restricted_text.data)
        text_put_member(out, "restrictedText", policy->restricted_text);
    if (policy->data_usage_id.len > 0) {
        buf_put_slice(out, SLICE(",\"dataUsageId\":"));
        buf_put_slice(out, policy->data_usage_id);
    }
    put_matching_rule(policy, caller->claims, out);
    buf_put_slice(out, SLICE(",\"dataSet\":\""));
}

void message_put_tail(struct buf *out)
{
    buf_put_slice(out, SLICE("\"}"));
}

/* ---- read ---- */

static bool is_token(struct slice text)
{
    return text_is_visible(text) && text.len > 0 && text.len <= MESSAGE_TOKEN_MAX;
}

/* A positive integer; more than ten years are ten years. */
static bool read_seconds(struct json_in *in, uint64_t *ret)
{
    struct slice digits;
    uint64_t seconds = 0;

    if (!json_in_raw(in, &digits))
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (!text_is_digit(digits.data[i]))
            return false;
        seconds = seconds * 10 + (uint64_t)(digits.data[i] - '0');
        if (seconds > TEN_YEARS_S)
            seconds = TEN_YEARS_S;
    }
    *ret = seconds;
    return seconds > 0;
}

bool message_read_token(char *text, size_t len, struct token_reply *ret)
{
    struct json_in in = json_in_open(text, len);
    struct token_reply reply = {0};
    bool first = true, has_token = false, has_seconds = false;
    struct slice name, ignored;

    if (!json_in_enter(&in, '{'))
        return false;
    while (json_in_member(&in, &first, &name)) {
        bool good;

        if (slice_is(name, "access_token"))
            good = json_in_once(&has_token) && json_in_string(&in, &reply.token) &&
                   is_token(reply.token);
        else if (slice_is(name, "expires_in"))
            good = json_in_once(&has_seconds) && read_seconds(&in, &reply.expires_in_s);
        else
            good = json_in_raw(&in, &ignored);
        if (!good)
            return false;
    }
    if (!json_in_ended(&in) || !has_token || !has_seconds)
        return false;
    *ret = reply;
    return true;
}

static bool begins_like(struct slice text, bool is_xml)
{
    text = slice_trim(text);
    return text.len > 0 &&
           (is_xml ? text.data[0] == '<' : text.data[0] == '{' || text.data[0] == '[');
}

bool message_read_data_set(char *text, size_t len, bool is_xml, struct slice *ret)
{
    struct json_in in = json_in_open(text, len);
    struct slice name, ignored, data_set = {NULL, 0};
    bool first = true, found = false;

    if (!json_in_enter(&in, '{'))
        return false;
    while (json_in_member(&in, &first, &name)) {
        bool good = slice_is(name, "dataSet")
                        ? json_in_once(&found) && json_in_string(&in, &data_set)
                        : json_in_raw(&in, &ignored);

        if (!good)
            return false;
    }
    if (!json_in_ended(&in) || !found || !begins_like(data_set, is_xml))
        return false;
    *ret = data_set;
    return true;
}
