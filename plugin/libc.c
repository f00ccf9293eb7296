/* What wasi-libc has in a fast but large form, and the module needs for short texts only: its
 * memchr(), strchr() and strlen() look at a word at a time and take a kilobyte of the 40 KB that
 * the module may have. Whole bodies go through text8.h. Natively this file is empty. */
#ifdef __wasm__

#include <stddef.h>
#include <string.h>

char *__strchrnul(const char *text, int c); /* what libc's strchr() and getenv() are made of */

char *__strchrnul(const char *text, int c)
{
    while (*text && *text != (char)c)
        text++;
    return (char *)text;
}

void *memchr(const void *data, int c, size_t len)
{
    for (const char *at = data; len > 0; at++, len--) {
        if (*at == (char)c)
            return (char *)at;
    }
    return NULL;
}

size_t strlen(const char *text)
{
    size_t len = 0;

    while (text[len])
        len++;
    return len;
}

#else
typedef int libc_is_of_the_host; /* no file may be empty */
#endif
