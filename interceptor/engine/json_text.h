/* The tokens of JSON text, in both of its encodings: RFC 8259, or with every '"' replaced by "'".
 *
 * A scanner borrows the text. Functions that read a token take the place where it begins and give
 * the one behind it, or NULL with the fault noted. Section 3.3 of docs/contract.md is the law. */
#ifndef ENGINE_JSON_TEXT_H
#define ENGINE_JSON_TEXT_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/sink.h"

#include <stdbool.h>
#include <stdint.h>

/* quote: what stands around strings, or 0 as long as none was seen: the first string tells the
 * encoding, since up to there the two are the same.
 * apostrophe: what \' stands for in a string, and then raw LF, CR and TAB may stand there too; 0:
 * neither may. */
struct json_text {
    const char *start;
    const char *end;
    char quote;
    char apostrophe;
    const char *fault_at;
    const char *fault;
};

/* Where a string stands, which tells what may follow it. */
enum json_role { ROLE_NAME, ROLE_IN_OBJECT, ROLE_IN_ARRAY };

/* The bytes between the quotes. plain: they are the characters, and need no escape. */
struct json_string {
    struct slice raw;
    bool plain;
};

/* Notes the fault; returns NULL. Only the first one counts. */
const char *json_text_fail(struct json_text *t, const char *at, const char *fault);

/* ST_BAD_INPUT with the fault's words and place. */
enum status json_text_status(const struct json_text *t, struct why *why);

/* p: behind the opening quote. */
const char *json_text_string(struct json_text *t, const char *p, enum json_role role,
                             struct json_string *ret);
/* p: at "-" or a digit. */
const char *json_text_number(struct json_text *t, const char *p);
/* p: at "t", "f" or "n". */
const char *json_text_word(struct json_text *t, const char *p);

/* Whether the text is a number of JSON, all of it. */
bool json_text_is_number(struct slice text);

/* Appends the characters of a string. */
void json_text_decode(const struct json_text *t, struct slice raw, struct buf *ret);

/* Writes a string that is not plain, without its quotes. */
bool json_text_copy(const struct json_text *t, struct slice raw, struct sink *s);

/* Whether two strings, raw, have the same characters. */
bool json_text_same(const struct json_text *t, struct slice a, struct slice b);

#endif
