#include "interceptor/engine/luhn.h"

enum { DIGITS_MIN = 12, DIGITS_MAX = 19 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The sum of the digits, every second from the right doubled; a card's ends with 0. */
static int luhn_sum(const char *text, size_t len)
{
    int sum = 0;
    bool doubled = false;

    for (size_t i = len; i-- > 0;) {
        int digit = text[i] - '0';

        if (!is_digit(text[i]))
            continue;
        sum += !doubled ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
        doubled = !doubled;
    }
    return sum % 10;
}

bool luhn_is_card(struct slice text)
{
    size_t digits = 0;

    if (text.len < DIGITS_MIN || !is_digit(text.data[0]) || !is_digit(text.data[text.len - 1]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.data[i]) && text.data[i] != ' ' && text.data[i] != '-')
            return false;
        digits += is_digit(text.data[i]);
    }
    return digits >= DIGITS_MIN && digits <= DIGITS_MAX && luhn_sum(text.data, text.len) == 0;
}

/* The second digit always changes, so that the number does. */
void luhn_replace(char *text, size_t len, const uint8_t *random)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++) {
        if (!is_digit(text[i]) || ++digits == 1)
            continue;
        if (digits == 2)
            text[i] = (char)('0' + (text[i] - '0' + 1 + random[i] % 9) % 10);
        else
            text[i] = (char)('0' + random[i] % 10);
    }
    text[len - 1] = '0';
    text[len - 1] = (char)('0' + (10 - luhn_sum(text, len)) % 10);
}
