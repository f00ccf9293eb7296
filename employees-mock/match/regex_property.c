#include "employees-mock/match/regex_property.h"

#include "common/memory.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>

/* What PCRE2 10.42 has not under the same name. */
static const struct {
    const char *java;
    const char *pcre;    /* inside a class */
    const char *unicode; /* the same under the flag U; NULL: no other */
} properties[] = {
    {"Lower", "a-z", "\\p{Ll}"},
    {"Upper", "A-Z", "\\p{Lu}"},
    {"ASCII", "\\x00-\\x7F", NULL},
    {"Alpha", "a-zA-Z", "\\p{L}\\p{Nl}"},
    {"Digit", "0-9", "\\p{Nd}"},
    {"Alnum", "a-zA-Z0-9", "\\p{L}\\p{Nl}\\p{Nd}"},
    {"Punct", "!-\\/:-@\\[-`{-~", "\\p{P}"},
    {"Graph", "!-~", NULL},
    {"Print", " -~", NULL},
    {"Blank", " \\t", "\\h"},
    {"Cntrl", "\\x00-\\x1F\\x7F", "\\p{Cc}"},
    {"XDigit", "0-9a-fA-F", NULL},
    {"Space", " \\t\\n\\x0B\\f\\r", "\\s"},
    {"L1", "\\x00-\\u{FF}", NULL},
    {"all", "\\x00-\\u{10FFFF}", NULL},
    {"LD", "\\p{L}\\p{Nd}", NULL},
    {"javaLowerCase", "\\p{Ll}", NULL},
    {"javaUpperCase", "\\p{Lu}", NULL},
    {"javaTitleCase", "\\p{Lt}", NULL},
    {"javaAlphabetic", "\\p{L}\\p{Nl}", NULL},
    {"javaIdeographic", "\\p{Ideographic}", NULL},
    {"javaDigit", "\\p{Nd}", NULL},
    {"javaDefined", "\\P{Cn}", NULL},
    {"javaLetter", "\\p{L}", NULL},
    {"javaLetterOrDigit", "\\p{L}\\p{Nd}", NULL},
    {"javaJavaIdentifierStart", "\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}", NULL},
    {"javaJavaIdentifierPart",
     "\\p{L}\\p{Nl}\\p{Sc}\\p{Pc}\\p{Nd}\\p{Mn}\\p{Mc}\\x00-\\x08\\x0E-\\x1B\\x7F-\\u{9F}\\p{Cf}",
     NULL},
    {"javaUnicodeIdentifierStart", "\\p{L}\\p{Nl}", NULL},
    {"javaUnicodeIdentifierPart",
     "\\p{L}\\p{Nl}\\p{Pc}\\p{Nd}\\p{Mn}\\p{Mc}\\x00-\\x08\\x0E-\\x1B\\x7F-\\u{9F}\\p{Cf}", NULL},
    {"javaIdentifierIgnorable", "\\x00-\\x08\\x0E-\\x1B\\x7F-\\u{9F}\\p{Cf}", NULL},
    {"javaSpaceChar", "\\p{Z}", NULL},
    {"javaWhitespace", "\\s", NULL},
    {"javaISOControl", "\\x00-\\x1F\\x7F-\\u{9F}", NULL},
    {"javaMirrored", "\\p{Bidi_M}", NULL},
    {"IsAlphabetic", "\\p{L}\\p{Nl}", NULL},
    {"IsLetter", "\\p{L}", NULL},
    {"IsDigit", "\\p{Nd}", NULL},
    {"IsUppercase", "\\p{Lu}", NULL},
    {"IsLowercase", "\\p{Ll}", NULL},
    {"IsTitlecase", "\\p{Lt}", NULL},
    {"IsPunctuation", "\\p{P}", NULL},
    {"IsControl", "\\p{Cc}", NULL},
    {"IsAssigned", "\\P{Cn}", NULL},
    {"IsWhite_Space", "\\s", NULL},
    {"IsWhiteSpace", "\\s", NULL},
};

/* "Latin-1 Supplement", "LATIN_1_SUPPLEMENT" and "Latin-1Supplement" are one. */
static bool names_block(struct slice name, const char *block)
{
    size_t at = 0;

    for (size_t i = 0; i < name.len; i++) {
        char c = (char)toupper((unsigned char)name.data[i]);

        if (c == ' ' || c == '_' || c == '-')
            continue;
        if (block[at] == '\0' || block[at] != c)
            return false;
        at++;
    }
    return block[at] == '\0';
}

static bool write_block(struct slice name, struct buf *ret)
{
    for (const struct regex_block *b = regex_blocks; b->name; b++) {
        if (!names_block(name, b->name))
            continue;
        buf_printf(ret, "\\u{%X}-\\u{%X}", (unsigned)b->first, (unsigned)b->last);
        return true;
    }
    return false;
}

static bool take_prefix(struct slice *name, const char *prefix)
{
    size_t len = strlen(prefix);

    if (!slice_starts(*name, slice_of(prefix)))
        return false;
    name->data += len;
    name->len -= len;
    return true;
}

bool regex_property_exists(struct slice name)
{
    auto_buf struct buf escape = BUF_INIT(256);
    pcre2_code *code;
    int error;
    PCRE2_SIZE at;

    buf_printf(&escape, "\\p{%.*s}", (int)name.len, name.data);
    if (!buf_text(&escape))
        return false;
    code = pcre2_compile((PCRE2_SPTR)escape.data, escape.len, PCRE2_UTF, &error, &at, NULL);
    pcre2_code_free(code);
    if (!code && error == PCRE2_ERROR_HEAP_FAILED)
        memory_note();
    return code != NULL;
}

bool regex_property_write(struct slice name, bool unicode, struct buf *ret)
{
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++) {
        if (!slice_is(name, properties[i].java))
            continue;
        buf_put_text(ret,
                     unicode && properties[i].unicode ? properties[i].unicode : properties[i].pcre);
        return true;
    }
    if (take_prefix(&name, "In") || take_prefix(&name, "block=") || take_prefix(&name, "blk="))
        return write_block(name, ret);
    if (!take_prefix(&name, "Is") && !take_prefix(&name, "gc=") &&
        !take_prefix(&name, "general_category="))
        return false;
    if (!regex_property_exists(name))
        return false;
    buf_printf(ret, "\\p{%.*s}", (int)name.len, name.data);
    return true;
}
