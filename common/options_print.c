#include "common/options_internal.h"

enum {
    WIDTH = 100,
    HELP_COLUMN_MAX = 36, /* where the help begins; longer names have a line of their own */
    GAP = 2,
};

const char *option_value_word(const struct option *option)
{
    static const char *const words[] = {
        [OPTION_SWITCH] = "on|off",
        [OPTION_NUMBER] = "N",
        [OPTION_TEXT] = "TEXT",
        [OPTION_LIST] = "TEXT",
    };

    if (option->type == OPTION_FLAG)
        return NULL;
    if (option->value)
        return option->value;
    return option->choices ? option->choices : words[option->type];
}

/* ---- --help ---- */

static size_t name_width(const struct option *option)
{
    const char *word = option_value_word(option);

    return GAP + strlen("--") + strlen(option->name) + (word ? 1 + strlen(word) : 0);
}

static size_t help_column(const struct option *table, size_t count)
{
    size_t column = 0;

    for (size_t i = 0; i < count; i++) {
        size_t width = name_width(&table[i]) + GAP;

        if (width > column && width <= HELP_COLUMN_MAX)
            column = width;
    }
    return column;
}

static void put_blanks(struct buf *b, size_t count)
{
    buf_printf(b, "%*s", (int)count, "");
}

/* Words from one column to the end of the line; further lines begin in the same column. */
static void put_wrapped(struct buf *b, struct slice text, size_t column)
{
    size_t at = column;

    while (text.len > 0) {
        const char *blank = memchr(text.data, ' ', text.len);
        size_t len = blank ? (size_t)(blank - text.data) : text.len;

        if (at > column && at + 1 + len > WIDTH) {
            buf_put_char(b, '\n');
            put_blanks(b, column);
            at = column;
        } else if (at > column) {
            buf_put_char(b, ' ');
            at++;
        }
        buf_put(b, text.data, len);
        at += len;
        text.data += len + (blank != NULL);
        text.len -= len + (blank != NULL);
    }
}

/* The same for a text that was put together first, which may have failed. */
static void put_wrapped_buf(struct buf *b, const struct buf *text, size_t column)
{
    if (text->failed != ST_OK)
        b->failed = text->failed;
    put_wrapped(b, buf_slice(text), column);
}

/* "help (1 to 65535; default 8080)". */
static void put_words(struct buf *b, const struct option *option)
{
    const char *before = " (";

    buf_put_text(b, option->help ? option->help : "");
    if (option->type == OPTION_NUMBER && (option->min != 0 || option->max != 0)) {
        buf_printf(b, "%s%lld to %lld", before, option->min, option->max);
        before = "; ";
    }
    if (option->fallback && option->type != OPTION_FLAG && !option->secret) {
        buf_printf(b, "%sdefault %s", before, *option->fallback ? option->fallback : "empty");
        before = "; ";
    }
    if (option->type == OPTION_LIST) {
        buf_printf(b, "%smay be repeated", before);
        before = "; ";
    }
    buf_put_text(b, strcmp(before, "; ") == 0 ? ")" : "");
}

static void put_row(struct buf *b, const struct option *option, size_t column)
{
    const char *word = option_value_word(option);
    auto_buf struct buf words = BUF_INIT(4096);
    size_t width = name_width(option);

    buf_printf(b, "  --%s%s%s", option->name, word ? " " : "", word ? word : "");
    if (width + GAP > column) {
        buf_put_char(b, '\n');
        width = 0;
    }
    put_blanks(b, column - width);
    put_words(&words, option);
    put_wrapped_buf(b, &words, column);
    buf_put_char(b, '\n');
}

static void put_environment(struct buf *b, const struct option *table, size_t count,
                            const char *prefix)
{
    char variable[OPTION_LABEL_SIZE];
    auto_buf struct buf words = BUF_INIT(4096);
    bool secret = false;

    for (size_t i = 0; i < count; i++)
        secret = secret || table[i].secret;
    option_variable(prefix, table[0].name, variable);
    buf_printf(&words, "Each is also an environment variable, such as %s for --%s; the flag wins.",
               variable, table[0].name);
    if (secret)
        buf_put_text(&words, " For a secret, the variable with _FILE behind its name may name a "
                             "file that holds it.");
    buf_put_char(b, '\n');
    put_wrapped_buf(b, &words, 0);
    buf_put_char(b, '\n');
}

void options_help(const struct option *table, size_t count, const char *prefix, struct buf *ret)
{
    size_t column = help_column(table, count);

    for (size_t i = 0; i < count; i++)
        put_row(ret, &table[i], column);
    if (prefix && count > 0)
        put_environment(ret, table, count, prefix);
}

/* ---- --print-config ---- */

static void put_setting(struct buf *b, const struct option *option, const char *text,
                        enum option_origin origin)
{
    static const char *const words[] = {
        [ORIGIN_DEFAULT] = "default",
        [ORIGIN_ENVIRONMENT] = "environment",
        [ORIGIN_FILE] = "file",
        [ORIGIN_FLAG] = "flag",
    };

    buf_printf(b, "%s=%s  # %s\n", option->name, option->secret && *text ? "***" : text,
               words[origin]);
}

void options_print(const struct options *o, struct buf *ret)
{
    for (size_t row = 0; row < o->count; row++) {
        const struct option_value *value = &o->values[row];

        for (size_t i = 0; i < value->texts.count; i++)
            put_setting(ret, &o->table[row], value->texts.items[i], value->origin);
        if (value->texts.count == 0)
            put_setting(ret, &o->table[row], o->table[row].type == OPTION_FLAG ? "false" : "",
                        value->origin);
    }
}
