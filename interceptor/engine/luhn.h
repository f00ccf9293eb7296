/* Card numbers: 12 to 19 digits, blanks and hyphens between them, and Luhn's check digit. */
#ifndef ENGINE_LUHN_H
#define ENGINE_LUHN_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool luhn_is_card(struct slice text);

/* Replaces all digits of a card number but the first, so that it is another one, and is one. A
 * random byte for each character. */
void luhn_replace(char *text, size_t len, const uint8_t *random);

#endif
