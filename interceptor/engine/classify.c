#include "interceptor/engine/classify.h"

#include "interceptor/engine/date.h"
#include "interceptor/engine/luhn.h"

#include <arpa/inet.h>

enum {
    PHONE_DIGITS_MIN = 8,
    PHONE_DIGITS_MAX = 15,
    IBAN_MIN = 15,
    IBAN_MAX = 34,
    NAME_MAX_LEN = 64
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    c |= 0x20;
    return c >= 'a' && c <= 'z';
}

/* One @ with text before it, and a dot inside the domain behind it. */
static bool is_email(struct slice text)
{
    const char *end = text.data + text.len;
    const char *at = memchr(text.data, '@', text.len);
    const char *dot;

    if (!at || at == text.data || memchr(at + 1, '@', (size_t)(end - at - 1)) ||
        memchr(text.data, ' ', text.len))
        return false;
    dot = memrchr(at + 1, '.', (size_t)(end - at - 1));
    return dot && dot > at + 1 && dot + 1 < end;
}

/* Digits and dots: a number, a version, an IP address. */
static bool is_decimal(struct slice text)
{
    size_t i = 0;

    while (i < text.len && (is_digit(text.data[i]) || text.data[i] == '.'))
        i++;
    return i == text.len;
}

/* A + or brackets, blanks, hyphens and slashes between the digits: bare digits may be anything. */
static bool is_phone(struct slice text)
{
    size_t digits = 0, others = 0;
    struct date date;

    for (size_t i = 0; i < text.len; i++) {
        if (is_digit(text.data[i]))
            digits++;
        else if (memchr(" -()./", text.data[i], 6) || (i == 0 && text.data[i] == '+'))
            others++;
        else
            return false;
    }
    return others > 0 && digits >= PHONE_DIGITS_MIN && digits <= PHONE_DIGITS_MAX &&
           !date_parse(text, &date) && !is_decimal(text);
}

/* ISO 13616: with its first four characters moved behind the others, and letters as numbers from
 * 10 on, it leaves 1 when divided by 97. */
static bool is_iban(struct slice text)
{
    char packed[IBAN_MAX];
    size_t len = 0;
    unsigned rest = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ' ')
            continue;
        if (len == IBAN_MAX || !(is_digit(text.data[i]) || is_letter(text.data[i])))
            return false;
        packed[len++] = text.data[i];
    }
    if (len < IBAN_MIN || !is_letter(packed[0]) || !is_letter(packed[1]) || !is_digit(packed[2]) ||
        !is_digit(packed[3]))
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = packed[(i + 4) % len];

        rest = is_digit(c) ? rest * 10 + (unsigned)(c - '0')
                           : rest * 100 + (unsigned)((c | 0x20) - 'a') + 10;
        rest %= 97;
    }
    return rest == 1;
}

static bool is_date(struct slice text)
{
    struct date date;

    return date_parse(text, &date);
}

static bool is_ip(struct slice text)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (text.len >= sizeof address || memchr(text.data, '\0', text.len))
        return false;
    memcpy(address, text.data, text.len);
    address[text.len] = '\0';
    return inet_pton(AF_INET, address, bytes) == 1 || inet_pton(AF_INET6, address, bytes) == 1;
}

/* words: parts of names that tell the kind, each between blanks; a leading = asks for all of the
 * name. */
static const struct row {
    const char *name;
    const char *technique;
    bool (*is_value)(struct slice text);
    const char *words[16];
} rows[PERSONAL_KINDS] = {
    [PERSONAL_EMAIL] = {"email", "email", is_email, {"email", "=mail", "mailaddress"}},
    [PERSONAL_CARD] = {"card", "card", luhn_is_card, {"cardnumber", "creditcard", "=pan", "=card"}},
    [PERSONAL_IBAN] = {"iban", "keepLast:4", is_iban, {"iban", "accountnumber"}},
    [PERSONAL_DATE] = {"date",
                       "year",
                       is_date,
                       {"birthdate", "dateofbirth", "birthday", "=dob", "=born"}},
    [PERSONAL_IP] = {"ip", "", is_ip, {"ipaddress", "=ip", "remoteaddr"}},
    [PERSONAL_PHONE] = {"phone",
                        "keepLast:3",
                        is_phone,
                        {"phone", "mobile", "=tel", "telefon", "=fax", "cellnumber"}},
    [PERSONAL_NAME] = {"name",
                       "",
                       NULL,
                       {"firstname", "lastname", "surname", "fullname", "givenname", "familyname",
                        "middlename", "maidenname", "personname", "customername", "=name",
                        "nickname"}},
    [PERSONAL_ADDRESS] = {"address",
                          "",
                          NULL,
                          {"street", "postcode", "postalcode", "zipcode", "=zip", "=address",
                           "addressline"}},
    [PERSONAL_ID] = {"id number",
                     "",
                     NULL,
                     {"passport", "socialsecurity", "=ssn", "nationalid", "taxid", "taxnumber",
                      "drivinglicen"}},
};

const char *personal_name(enum personal kind)
{
    return rows[kind].name;
}

const char *personal_technique(enum personal kind)
{
    return rows[kind].technique;
}

bool personal_is_value(enum personal kind, struct slice text)
{
    return rows[kind].is_value && text.len > 0 && rows[kind].is_value(text);
}

static bool speaks_of(const char *name, const struct row *row)
{
    for (size_t i = 0; row->words[i]; i++) {
        const char *word = row->words[i];

        if (*word == '=' ? strcmp(name, word + 1) == 0 : strstr(name, word) != NULL)
            return true;
    }
    return false;
}

enum personal personal_of_name(struct slice name)
{
    char letters[NAME_MAX_LEN + 1];
    enum personal kind = 0;
    size_t len = 0;

    for (size_t i = 0; i < name.len && len < NAME_MAX_LEN; i++) {
        if (is_letter(name.data[i]))
            letters[len++] = (char)(name.data[i] | 0x20);
    }
    letters[len] = '\0';
    while (kind < PERSONAL_KINDS && !speaks_of(letters, &rows[kind]))
        kind++;
    return kind;
}
