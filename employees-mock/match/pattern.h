/* A compiled request pattern from the inside: private to matching. */
#ifndef EMPLOYEES_MOCK_PATTERN_H
#define EMPLOYEES_MOCK_PATTERN_H

#include "employees-mock/match/multi_matcher.h"
#include "employees-mock/match/path_template.h"

enum url_kind { URL_ANY, URL_EQUAL, URL_REGEX, URL_PATH_EQUAL, URL_PATH_REGEX, URL_PATH_TEMPLATE };

/* The member that bears each kind. */
extern const char *const url_members[];

struct named_value_matcher {
    char *name;
    struct value_matcher *matcher;
};

struct named_multi_matcher {
    char *name;
    struct multi_matcher *matcher;
};

struct value_matchers {
    bool said;     /* the member was there, be it empty */
    bool has_null; /* a name without a matcher, which is left out here; or null within one */
    struct named_value_matcher *items;
    size_t count;
};

struct multi_matchers {
    bool said;
    bool has_null; /* a name without a matcher, which is left out here */
    struct named_multi_matcher *items;
    size_t count;
};

struct content_matchers {
    bool said;
    bool has_null; /* some of the items are NULL, or null stands within one */
    struct value_matcher **items;
    size_t count;
};

struct part_pattern {
    bool is_null; /* null stands in its place in the list */
    char *name;
    char *file_name;
    int matching; /* 'A' ANY, 'L' ALL, 0 unsaid */
    struct multi_matchers headers;
    struct content_matchers body;
};

struct request_pattern {
    char *scheme;
    struct value_matcher *host;
    bool has_port;
    int port;
    struct value_matcher *client_ip;
    enum url_kind url_kind;
    struct value_matcher *url; /* NULL: URL_ANY */
    char *method;              /* NULL: unsaid */
    struct multi_matchers headers;
    struct value_matchers path_params;
    struct multi_matchers query;
    struct multi_matchers form;
    struct value_matchers cookies;
    char *username; /* basicAuthCredentials; both NULL: none */
    char *password;
    bool has_credentials;
    struct multi_matcher *authorization;
    struct content_matchers body;
    bool has_custom;           /* customMatcher: matches nothing */
    char *custom_name;         /* may be NULL */
    json_t *custom_parameters; /* may be NULL */
    bool has_multipart;
    struct part_pattern *parts;
    size_t part_count;
};

void pattern_free_value_matchers(struct value_matchers *list);
void pattern_free_multi_matchers(struct multi_matchers *list);
void pattern_free_content_matchers(struct content_matchers *list);
void pattern_free_parts(struct request_pattern *p);

/* From username and password. */
MUST_CHECK enum status pattern_make_authorization(struct request_pattern *p,
                                                  const struct matcher_place *place);

/* The customMatcher as it is written back; NULL: there is none. */
json_t *pattern_custom_json(const struct request_pattern *p);

/* "ANY" where it is unsaid. */
const char *pattern_method(const struct request_pattern *p);

bool pattern_method_matches(const struct request_pattern *p, struct slice method);
MUST_CHECK enum status pattern_url_matches(const struct request_pattern *p,
                                           const struct mock_request *r, bool *ret,
                                           struct why *why);
MUST_CHECK enum status pattern_part_matches(const struct part_pattern *pattern,
                                            const struct mock_part *part, bool *ret,
                                            struct why *why);
MUST_CHECK enum status pattern_parts_match(const struct part_pattern *pattern,
                                           const struct mock_request *r, bool *ret,
                                           struct why *why);
bool pattern_scheme_matches(const struct request_pattern *p, const struct mock_request *r);
bool pattern_port_matches(const struct request_pattern *p, const struct mock_request *r);

/* A text that is absent where its data is NULL; the URL or path; a parameter of the template. */
struct value_input pattern_input(struct slice text);
struct value_input pattern_url_input(const struct request_pattern *p, const struct mock_request *r);
struct value_input pattern_path_param_input(const struct request_pattern *p, const char *name,
                                            const struct mock_request *r);
/* The body as a matcher of bodies takes it: bytes for binaryEqualTo, text for others, none where
 * it is empty. */
struct value_input pattern_body_input(const struct value_matcher *m, const struct mock_request *r);

#endif
