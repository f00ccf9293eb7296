/* A place in the text of a filter, and the operands read there. Private to json_filter_*.c. */
#ifndef EMPLOYEES_MOCK_JSON_FILTER_READER_H
#define EMPLOYEES_MOCK_JSON_FILTER_READER_H

#include "employees-mock/match/json_path_tokens.h"

struct filter_reader {
    struct slice text; /* "(...)", borrowed */
    size_t at;
    unsigned nesting; /* of paths around this filter */
    unsigned depth;   /* of terms inside of it */
    struct why *why;
};

/* '\0' behind the end. */
char filter_char_at(const struct filter_reader *r, size_t at);
/* Over blanks; the character then here. */
char filter_skip_blanks(struct filter_reader *r);
struct slice filter_cut(const struct filter_reader *r, size_t from, size_t to);
/* One that operators such as "<=" are made of. */
bool filter_is_relational(char c);
/* Over the word, where it is what comes next. */
bool filter_take_word(struct filter_reader *r, const char *word);
/* ST_BAD_INPUT: "Failed to parse filter", with the place. */
enum status filter_broken(struct filter_reader *r);

/* A path, a literal or a regex. What was read goes to *ret also where the rest fails:
 * filter_operand_free() it in any case. */
MUST_CHECK enum status filter_read_operand(struct filter_reader *r, struct operand *ret);
/* What the operand holds, not itself. */
void filter_operand_free(struct operand *o);

#endif
