/* Rules: who may see which attributes in clear. A pure decision: no clock, no socket, no store.
 *
 * A rule grants its attributes to a request if all its conditions hold: data owning country,
 * requesting country, claims, purpose of use, and the time that the request speaks of. Without an
 * owning country no rule grants. Immutable once parsed. */
#ifndef INTERCEPTOR_RULE_H
#define INTERCEPTOR_RULE_H

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/json.h"
#include "common/status.h"
#include "interceptor/claims.h"

#include <stdbool.h>
#include <stdint.h>

enum { RULE_LIST_MAX = 1000, RULE_NAME_MAX = 200 };

struct rule;

/* One member of "rules" of the configuration document. ST_BAD_INPUT: place is the member. */
MUST_CHECK enum status rule_parse(const json_t *object, struct rule **ret, struct why *why);
void rule_free(struct rule *rule);

DEFINE_CLEANUP(rule, struct rule *, rule_free)
#define auto_rule __attribute__((cleanup(cleanup_rule)))

const char *rule_name(const struct rule *rule);
/* The document as it was given, compact JSON. */
const char *rule_document(const struct rule *rule);

/* Whether the rule speaks of all manifests, and of an attribute of one that it speaks of;
 * classification NULL: the attribute has none. */
bool rule_covers_all(const struct rule *rule);
bool rule_covers_attribute(const struct rule *rule, const char *path, const char *classification);

/* The manifests and attributes that the rule names, for a check that they exist; NULL behind the
 * last. "*" is among them if it was given. */
const char *rule_manifest_at(const struct rule *rule, size_t i);
const char *rule_attribute_at(const struct rule *rule, size_t i);

/* What a request says of itself. Country codes are two capital letters; "" for an unknown owner. */
struct rule_request {
    char country[3];
    char owner[3];
    bool has_usage;
    int64_t usage_id;
    struct instant at; /* the snapshot date */
    const struct claim *claims;
    size_t claim_count;
};

enum rule_outcome {
    RULE_GRANTS,
    RULE_INACTIVE,
    RULE_OWNER_UNKNOWN,
    RULE_OTHER_OWNER,
    RULE_OTHER_COUNTRY,
    RULE_CLAIMS_MISSING,
    RULE_OTHER_PURPOSE,
    RULE_OTHER_TIME,
};

/* The first condition that does not hold, in the order of the list above; RULE_GRANTS if all do. */
enum rule_outcome rule_test(const struct rule *rule, const struct rule_request *request);

/* "granted", "the data owning country is not among the rule's", ... */
const char *rule_outcome_word(enum rule_outcome outcome);

/* "gb" to "GB". False for anything but two letters that are an ISO 3166-1 alpha-2 code. */
bool country_read(struct slice text, char ret[3]);

#endif
