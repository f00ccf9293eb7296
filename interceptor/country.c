/* ISO 3166-1 alpha-2 codes in force (249). */
#include "interceptor/rule.h"

/* For each first letter the second letters that make a code with it. */
static const char *const second_letters[26] = {
    ['A' - 'A'] = "DEFGILMOQRSTUWXZ",
    ['B' - 'A'] = "ABDEFGHIJLMNOQRSTVWYZ",
    ['C' - 'A'] = "ACDFGHIKLMNORUVWXYZ",
    ['D' - 'A'] = "EJKMOZ",
    ['E' - 'A'] = "CEGHRST",
    ['F' - 'A'] = "IJKMOR",
    ['G' - 'A'] = "ABDEFGHILMNPQRSTUWY",
    ['H' - 'A'] = "KMNRTU",
    ['I' - 'A'] = "DELMNOQRST",
    ['J' - 'A'] = "EMOP",
    ['K' - 'A'] = "EGHIMNPRWYZ",
    ['L' - 'A'] = "ABCIKRSTUVY",
    ['M' - 'A'] = "ACDEFGHKLMNOPQRSTUVWXYZ",
    ['N' - 'A'] = "ACEFGILOPRUZ",
    ['O' - 'A'] = "M",
    ['P' - 'A'] = "AEFGHKLMNRSTWY",
    ['Q' - 'A'] = "A",
    ['R' - 'A'] = "EOSUW",
    ['S' - 'A'] = "ABCDEGHIJKLMNORSTVXYZ",
    ['T' - 'A'] = "CDFGHJKLMNORTVWZ",
    ['U' - 'A'] = "AGMSYZ",
    ['V' - 'A'] = "ACEGINU",
    ['W' - 'A'] = "FS",
    ['X' - 'A'] = "",
    ['Y' - 'A'] = "ET",
    ['Z' - 'A'] = "AMW",
};

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool country_read(struct slice text, char ret[3])
{
    char first, second;

    if (text.len != 2)
        return false;
    first = capital(text.data[0]);
    second = capital(text.data[1]);
    if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z')
        return false;
    if (!strchr(second_letters[first - 'A'], second))
        return false;
    ret[0] = first;
    ret[1] = second;
    ret[2] = '\0';
    return true;
}
