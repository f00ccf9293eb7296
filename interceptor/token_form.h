/* The form that the token endpoint takes (application/x-www-form-urlencoded), read in place.
 *
 * Some clients encode their values and some do not, and a body does not tell which: a value is
 * there decoded ('+' is a blank, a '%' that two hex digits do not follow stands for itself) and as
 * it came. The first '=' splits name from value. Pure. */
#ifndef INTERCEPTOR_TOKEN_FORM_H
#define INTERCEPTOR_TOKEN_FORM_H

#include "common/buf.h"
#include "common/status.h"

enum token_field {
    FORM_CLIENT_ID,
    FORM_CLIENT_SECRET,
    FORM_GRANT_TYPE,
    FORM_REFRESH_TOKEN,
    FORM_FIELDS
};

struct token_form {
    struct slice fields[FORM_FIELDS]; /* decoded, in `text`; empty: not there */
    struct slice raw[FORM_FIELDS];    /* as they came, in the body */
    char *text;
    size_t text_len;
};

/* ST_BAD_INPUT: a known field comes twice; place is its name. Unknown fields are left out. */
MUST_CHECK enum status token_form_parse(struct slice body, struct token_form *ret, struct why *why);
void token_form_done(struct token_form *form);
#define auto_token_form __attribute__((cleanup(token_form_done)))

const char *token_field_name(enum token_field field);

#endif
