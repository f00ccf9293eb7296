/* Options of a program, from one table: flags, environment, defaults, --help, --print-config.
 *
 * `--name value`, `--name=value`; a flag without a value is true. A value may begin with a minus,
 * but `--name --other` is refused where both are options. A name may be cut where it stays
 * unambiguous (`--verb`), as getopt_long and joptsimple allow. `--` ends the options; what begins
 * with a single dash is refused, but for "-" itself. Of a value given twice the last counts.
 *
 * A flag wins over the environment variable PREFIX_NAME (dashes as underscores), which wins over
 * the default; an empty variable counts as none. For a secret, PREFIX_NAME_FILE may name a file
 * that holds it, of which a line end behind it does not count. */
#ifndef COMMON_OPTIONS_H
#define COMMON_OPTIONS_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

enum option_type {
    OPTION_FLAG,   /* --verbose; --verbose=false takes it back (also on|off, yes|no, 1|0) */
    OPTION_SWITCH, /* on | off */
    OPTION_NUMBER, /* integer from min to max; both 0: any */
    OPTION_TEXT,
    OPTION_LIST, /* text that may be given several times; in the environment separated by ':' */
};

struct option {
    const char *name; /* without the dashes */
    enum option_type type;
    const char *fallback; /* the default as text; NULL: none */
    const char *value;    /* what stands for the value in --help: "FILE", "N"; NULL for flags */
    const char *help;     /* one line */
    long long min, max;   /* of a number */
    const char *choices;  /* "text|json": what a text may be; NULL: anything */
    bool secret;          /* never printed */
};

enum option_origin { ORIGIN_DEFAULT, ORIGIN_ENVIRONMENT, ORIGIN_FILE, ORIGIN_FLAG };

struct options;

/* The table must outlive the result; values are asked for by their row's number. `prefix` NULL: no
 * environment. ST_BAD_INPUT: one line that names the flag or variable at fault, and not its value
 * (why->place stays as it was). Words that are no flag (subcommands, their arguments) are kept in
 * their order. */
MUST_CHECK enum status options_parse(const struct option *table, size_t count, const char *prefix,
                                     int argc, char **argv, struct options **ret, struct why *why);
void options_free(struct options *o);

DEFINE_CLEANUP(options, struct options *, options_free)
#define auto_options __attribute__((cleanup(cleanup_options)))

/* All borrowed from `o`. */
bool options_on(const struct options *o, size_t row);          /* flag, switch */
long long options_number(const struct options *o, size_t row); /* number; 0 if it has none */
const char *options_text(const struct options *o, size_t row); /* text, list: the last; or NULL */
bool options_given(const struct options *o, size_t row);       /* not by default */
size_t options_count(const struct options *o, size_t row);     /* list: how many */
const char *options_item(const struct options *o, size_t row, size_t i);
enum option_origin options_origin(const struct options *o, size_t row);
size_t options_words(const struct options *o); /* those that are no flag */
const char *options_word(const struct options *o, size_t i);

/* --help: a line or more for each row, 100 columns wide, then a word on the environment. */
void options_help(const struct option *table, size_t count, const char *prefix, struct buf *ret);

/* --print-config: "name=value  # origin", a line for each value of a list, secrets as ***. */
void options_print(const struct options *o, struct buf *ret);

#endif
