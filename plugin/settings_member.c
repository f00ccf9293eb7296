#include "common/utf8.h"
#include "plugin/settings_internal.h"
#include "plugin/text.h"

enum { CODE_MAX = 64, TEXT_MAX = 4096 };

static void put(char *field, size_t size, const char *text)
{
    size_t len = strlen(text) < size ? strlen(text) : size - 1;

    memcpy(field, text, len);
    field[len] = '\0';
}

enum status settings_fault(const struct reading *reading, const char *text)
{
    if (reading->member)
        put(reading->why->place, sizeof reading->why->place, reading->member->name);
    put(reading->why->text, sizeof reading->why->text, text);
    return ST_BAD_INPUT;
}

static void *field(const struct reading *reading)
{
    char *home = reading->member->in_routes ? (char *)reading->policy : (char *)reading->settings;

    return home + reading->member->offset;
}

static bool is_header_safe(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return false;
    }
    return true;
}

/* ---- texts ---- */

static enum status any_text(struct reading *reading, struct slice text)
{
    if (text.len > TEXT_MAX)
        return settings_fault(reading, "is too long");
    if (!utf8_valid(text))
        return settings_fault(reading, "is not UTF-8");
    *(struct slice *)field(reading) = text;
    return ST_OK;
}

static enum status some_text(struct reading *reading, struct slice text)
{
    return text.len == 0 ? settings_fault(reading, "must not be empty") : any_text(reading, text);
}

/* What becomes a header: no control characters, so no CR or LF. */
static enum status header_text(struct reading *reading, struct slice text)
{
    if (!is_header_safe(text))
        return settings_fault(reading, "holds a control character");
    return some_text(reading, text);
}

static enum status visible_text(struct reading *reading, struct slice text)
{
    if (!text_is_visible(text))
        return settings_fault(reading, "holds a blank or an odd character");
    return some_text(reading, text);
}

static enum status base_path(struct reading *reading, struct slice text)
{
    struct slice *path = field(reading);

    while (text.len > 0 && text.data[text.len - 1] == '/')
        text.len--;
    if (text.len == 0) {
        *path = SLICE("");
        return ST_OK;
    }
    if (text.data[0] != '/' || memchr(text.data, '?', text.len) || memchr(text.data, '#', text.len))
        return settings_fault(reading, "is not an absolute path");
    return visible_text(reading, text);
}

static enum status country_code(struct reading *reading, struct slice text)
{
    return text.len > CODE_MAX ? settings_fault(reading, "is too long") : some_text(reading, text);
}

static bool digits(struct slice *text, size_t least, size_t most)
{
    size_t count = 0;

    while (count < most && text->len > 0 && text_is_digit(*text->data)) {
        text->data++;
        text->len--;
        count++;
    }
    return count >= least;
}

/* Two digits from least to most. */
static bool pair(struct slice *text, int least, int most)
{
    const char *at = text->data;
    int value;

    if (!digits(text, 2, 2))
        return false;
    value = (at[0] - '0') * 10 + at[1] - '0';
    return value >= least && value <= most;
}

static bool skip(struct slice *text, const char *one_of)
{
    if (text->len == 0 || !*text->data || !strchr(one_of, *text->data))
        return false;
    text->data++;
    text->len--;
    return true;
}

/* An instant of ISO 8601 with seconds, 0 to 9 digits of a fraction, and Z or an offset. */
static bool is_instant(struct slice t)
{
    if (!digits(&t, 4, 4) || !skip(&t, "-") || !pair(&t, 1, 12) || !skip(&t, "-") ||
        !pair(&t, 1, 31) || !skip(&t, "T") || !pair(&t, 0, 23) || !skip(&t, ":") ||
        !pair(&t, 0, 59) || !skip(&t, ":") || !pair(&t, 0, 59))
        return false;
    if (skip(&t, ".") && !digits(&t, 1, 9))
        return false;
    if (skip(&t, "Z"))
        return t.len == 0;
    return skip(&t, "+-") && pair(&t, 0, 23) && skip(&t, ":") && pair(&t, 0, 59) && t.len == 0;
}

static enum status instant(struct reading *reading, struct slice text)
{
    if (!is_instant(text))
        return settings_fault(reading, "is no instant like 2023-03-20T00:00:00Z");
    return any_text(reading, text);
}

/* ---- words of a list ---- */

/* The word of the member's choices that equals text in any case, and its place in the list. */
static struct slice choose(const struct member *member, struct slice text, uint32_t *ret_index)
{
    const char *at = member->choices;

    for (*ret_index = 0; *++at; ++*ret_index) {
        const char *blank = strchr(at, ' ');
        struct slice word = {at, (size_t)(blank - at)};

        if (slice_equal_nocase(word, text))
            return word;
        at = blank;
    }
    return (struct slice){NULL, 0};
}

static enum status not_one_of(const struct reading *reading)
{
    auto_buf struct buf text = BUF_INIT(sizeof reading->why->text - 1);

    buf_put_slice(&text, SLICE("is none of"));
    buf_put_text(&text, reading->member->choices);
    return settings_fault(reading, buf_text(&text) ? text.data : "is not possible");
}

static enum status word(struct reading *reading, struct slice text)
{
    uint32_t index;
    struct slice found = choose(reading->member, text, &index);

    if (!found.data)
        return not_one_of(reading);
    *(struct slice *)field(reading) = found;
    return ST_OK;
}

static enum status choice(struct reading *reading, struct slice text)
{
    uint32_t index;

    if (!choose(reading->member, text, &index).data)
        return not_one_of(reading);
    *(uint32_t *)field(reading) = index;
    return ST_OK;
}

static enum status truth_text(struct reading *reading, struct slice text)
{
    bool is_true = slice_equal_nocase(text, SLICE("true"));

    if (!is_true && !slice_equal_nocase(text, SLICE("false")))
        return settings_fault(reading, "is neither true nor false");
    *(bool *)field(reading) = is_true;
    return ST_OK;
}

/* ---- values as JSON ---- */

static enum status read_string(struct reading *reading, struct json_in *in)
{
    struct slice text;

    if (json_in_peek(in) != '"' || !json_in_string(in, &text))
        return settings_fault(reading, "is not a string");
    return reading->member->read_text(reading, text);
}

static enum status read_truth(struct reading *reading, struct json_in *in)
{
    struct slice text;

    if (reading->member->read_text && json_in_peek(in) == '"')
        return read_string(reading, in);
    if (json_in_peek(in) == '"' || !json_in_raw(in, &text) ||
        (!slice_is(text, "true") && !slice_is(text, "false")))
        return settings_fault(reading, "is neither true nor false");
    return truth_text(reading, text);
}

/* 5000, and 5000.0 too: what writes the configuration may know no integers. */
static bool is_integer(struct slice *text)
{
    struct slice rest = *text;

    skip(&rest, "-");
    if (!digits(&rest, 1, 15))
        return false;
    text->len -= rest.len;
    if (skip(&rest, ".")) {
        while (skip(&rest, "0"))
            ;
    }
    return rest.len == 0;
}

static enum status read_count(struct reading *reading, struct json_in *in)
{
    struct slice text;
    uint64_t value = 0;

    if (json_in_peek(in) == '"' || !json_in_raw(in, &text) || !is_integer(&text))
        return settings_fault(reading, "is no integer");
    for (size_t i = 0; i < text.len && text.data[0] != '-'; i++)
        value = value * 10 + (uint64_t)(text.data[i] - '0');
    if (value == 0 || value > reading->member->max)
        return settings_fault(reading, "is out of range");
    *(uint32_t *)field(reading) = (uint32_t)value;
    return ST_OK;
}

static enum status read_id(struct reading *reading, struct json_in *in)
{
    struct slice text;

    if (json_in_peek(in) == '"' || !json_in_raw(in, &text) || !is_integer(&text))
        return settings_fault(reading, "is no integer");
    *(struct slice *)field(reading) = text;
    return ST_OK;
}

#define IN_SETTINGS(f) .offset = offsetof(struct settings, f)
#define IN_POLICY(f)   .in_routes = true, .offset = offsetof(struct policy, f)
#define STRING(check)  .read = read_string, .read_text = (check)
#define CHOICE(words)  .read = read_string, .read_text = choice, .choices = (words)
#define COUNT(most)    .read = read_count, .max = (most)

const struct member settings_members[] = {
    {"interceptorCluster", "INTERCEPTOR_CLUSTER_NAME", IN_SETTINGS(cluster), STRING(header_text)},
    {"interceptorAuthority", NULL, IN_SETTINGS(authority), STRING(visible_text)},
    {"basePath", NULL, IN_SETTINGS(base_path), STRING(base_path)},
    {"apiKey", "API_KEY", IN_SETTINGS(api_key), STRING(header_text), .secret = true},
    {"clientId", "CLIENT_ID", IN_SETTINGS(client_id), STRING(some_text), .secret = true},
    {"clientSecret", "CLIENT_SECRET", IN_SETTINGS(client_secret), STRING(some_text),
     .secret = true},
    {"jobType", "JOB_TYPE", IN_POLICY(job_type), STRING(word),
     .choices = " DataMasking Pseudonymise Reconstruct Restrict Encrypt Decrypt Default "},
    {"manifestName", "MANIFEST_NAME", IN_POLICY(manifest_name), STRING(some_text)},
    {"restrictedText", "RESTRICTED_TEXT", IN_POLICY(restricted_text), STRING(any_text)},
    {"protectNullValues", "PROTECT_NULL_VALUES", IN_POLICY(protect_nulls), .read = read_truth,
     .read_text = truth_text},
    {"preserveStringLength", "PRESERVE_STRING_LENGTH", IN_POLICY(preserve_length),
     .read = read_truth, .read_text = truth_text},
    {"snapshotDate", "SNAPSHOT_DATE", IN_POLICY(snapshot_date), STRING(instant)},
    {"countryCode", NULL, IN_POLICY(country), STRING(country_code)},
    {"dataOwningCountryCode", NULL, IN_POLICY(owner), STRING(country_code)},
    {"dataUsageId", NULL, IN_POLICY(data_usage_id), .read = read_id},
    {"matchingRule", NULL, IN_POLICY(matching_rule), .read = settings_read_matching_rule},
    {"claimHeaders", NULL, IN_POLICY(claim_headers), .read = settings_read_claim_headers},
    {"timeoutMs", NULL, IN_POLICY(timeout_ms), COUNT(600000)},
    {"maxBodyBytes", NULL, IN_POLICY(max_body_bytes), COUNT(256 << 20)},
    {"responseBody", NULL, IN_POLICY(form), CHOICE(" dataSet envelope ")},
    {"holdResponseHeaders", NULL, IN_POLICY(hold), CHOICE(" none filter stop ")},
    {"onFailure", NULL, IN_POLICY(on_failure), CHOICE(" close open ")},
    {"passContentTypes", NULL, IN_POLICY(pass_types), .read = settings_read_pass_types},
    {"requireCountry", NULL, IN_POLICY(require_country), .read = read_truth},
};

const size_t settings_members_count = sizeof settings_members / sizeof settings_members[0];

const struct member *settings_member_find(struct slice name)
{
    for (size_t i = 0; i < settings_members_count; i++) {
        if (slice_is(name, settings_members[i].name))
            return &settings_members[i];
    }
    return NULL;
}
