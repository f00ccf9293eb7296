/* What a value or a name looks like: e-mail address, phone number, card, IBAN, date, IP address,
 * name of a person. Pure. */
#ifndef ENGINE_CLASSIFY_H
#define ENGINE_CLASSIFY_H

#include "common/buf.h"
#include "interceptor/engine/value.h"

#include <stdbool.h>

enum personal {
    PERSONAL_EMAIL,
    PERSONAL_CARD,
    PERSONAL_IBAN,
    PERSONAL_DATE,
    PERSONAL_IP,
    PERSONAL_PHONE,
    PERSONAL_NAME,
    PERSONAL_ADDRESS,
    PERSONAL_ID,
    PERSONAL_KINDS
};

/* "email", "card", ... */
const char *personal_name(enum personal kind);

/* A technique that fits, or "". */
const char *personal_technique(enum personal kind);

/* Whether a value looks like that kind; false for the kinds that only names tell. */
bool personal_is_value(enum personal kind, struct slice text);

/* The kind that a member's name speaks of ("firstName", "e-mail"), or PERSONAL_KINDS. */
enum personal personal_of_name(struct slice name);

#endif
