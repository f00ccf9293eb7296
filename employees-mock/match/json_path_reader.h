/* A JSONPath being read. Private to json_path_compile.c and json_path_brackets.c. */
#ifndef EMPLOYEES_MOCK_JSON_PATH_READER_H
#define EMPLOYEES_MOCK_JSON_PATH_READER_H

#include "employees-mock/match/json_path_tokens.h"

struct path_reader {
    struct slice text;
    size_t at;
    unsigned nesting;
    struct json_path *path;
    struct token *last;
    struct why *why;
};

/* '\0' behind the end. */
char path_char_at(const struct path_reader *r, size_t at);
char path_here(const struct path_reader *r);
/* The place of the next character behind `at` that is no blank. */
size_t path_next_significant(const struct path_reader *r, size_t at);

MUST_CHECK enum status path_append(struct path_reader *r, enum token_kind kind, struct token **ret);
MUST_CHECK enum status path_add_name(struct path_reader *r, struct token *t, struct slice name);
/* ST_BAD_INPUT: what stands in a bracket can't. */
enum status path_expected_bracket(struct path_reader *r);
/* The next token begins at `at`, unless the path ends there. */
MUST_CHECK enum status path_go_on(struct path_reader *r, size_t at, bool *ret_more);

/* Each reads what stands in brackets, from '[' behind ']'. */
MUST_CHECK enum status path_read_names(struct path_reader *r, bool *ret_more);
MUST_CHECK enum status path_read_array(struct path_reader *r, bool *ret_more);
MUST_CHECK enum status path_read_wildcard(struct path_reader *r, bool *ret_more); /* or '*' alone */
MUST_CHECK enum status path_read_filter(struct path_reader *r, bool *ret_more);

#endif
