/* A pattern of Java's in the first line, a text behind it. */
#include "employees-mock/match/regex.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    size_t len = newline ? (size_t)(newline - (const char *)data) : size;
    struct slice pattern = {(const char *)data, len};
    struct slice text = {(const char *)data + len, size - len};
    auto_regex struct regex *re = NULL;
    struct regex_found found;
    bool matched;

    if (regex_compile(pattern, size % 4, &re, NULL) != ST_OK)
        return 0;
    if (regex_find(re, text, 0, &found, &matched, NULL) == ST_OK && matched)
        return found.groups[0].data < text.data;
    return 0;
}
