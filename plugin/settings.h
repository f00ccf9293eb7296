/* What the operator wants: environment variables, overridden by the plugin configuration, which
 * is a JSON object. docs/plugin.md explains each member. A configuration that can't work is
 * refused as a whole, with the member's name. */
#ifndef PLUGIN_SETTINGS_H
#define PLUGIN_SETTINGS_H

#include "common/buf.h"

#include <stdint.h>

enum body_form { FORM_DATA_SET, FORM_ENVELOPE };
enum hold { HOLD_NONE, HOLD_FILTER, HOLD_STOP };
enum on_failure { FAIL_CLOSED, FAIL_OPEN };

enum {
    SETTINGS_TEXT_MAX = 1 << 20,
    SETTINGS_CLAIMS_MAX = 32,
    SETTINGS_ROUTES_MAX = 256,
    SETTINGS_PREFIX_MAX = 4096,
};

/* A request header that becomes a claim of the matching rule. */
struct claim_header {
    struct slice header; /* lower case, terminated */
    struct slice claim;
};

/* How the requests of one route are treated. Slices borrow from the settings. */
struct policy {
    struct slice path_prefix;
    struct slice job_type;
    struct slice manifest_name;
    struct slice restricted_text; /* data NULL: not sent */
    struct slice snapshot_date;   /* the same */
    struct slice country;
    struct slice owner;
    struct slice data_usage_id;
    struct slice matching_rule; /* a JSON object; the claims go in at claims_at */
    uint32_t claims_at;
    struct claim_header *claim_headers;
    uint32_t claim_headers_count;
    struct slice *pass_types; /* lower case */
    uint32_t pass_types_count;
    uint32_t max_body_bytes;
    uint32_t timeout_ms;
    bool protect_nulls;
    bool preserve_length;
    bool require_country;
    bool intercept;
    enum body_form form;
    enum hold hold;
    enum on_failure on_failure;
};

struct settings {
    struct slice cluster;
    struct slice authority;
    struct slice base_path; /* without a final slash */
    struct slice api_key;
    struct slice client_id;
    struct slice client_secret;
    struct policy base; /* path_prefix is empty */
    struct policy *routes;
    uint32_t routes_count;
    struct buf origins; /* a line for each setting: name, value (secrets as ***), where from */
    uint32_t users;     /* who hold a share */
    bool placeholder;   /* the configuration was the one to be ignored */
    char *text;
    struct block *blocks;
};

/* Reads the environment and `configuration`, which is copied. why->place is the member at fault;
 * why->text says what is wrong with it; it must be there, and zeroed. *ret is the caller's to free. */
MUST_CHECK enum status settings_read(struct slice configuration, struct settings **ret,
                                     struct why *why);

/* One more user; each gives its share back by settings_free(), and the last one releases all. */
struct settings *settings_share(struct settings *settings);
void settings_free(struct settings *settings);

#endif
