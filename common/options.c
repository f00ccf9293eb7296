#include "common/options_internal.h"

#include "common/file.h"

#include <ctype.h>
#include <stdio.h>

enum { SECRET_MAX_BYTES = 65536 };

/* ---- texts ---- */

static enum status texts_add(struct texts *t, struct slice text, struct why *why)
{
    auto_free char *copy = slice_dup(text);
    char **items = copy ? realloc(t->items, (t->count + 1) * sizeof *items) : NULL;

    if (!items)
        return fail_memory(why);
    t->items = items;
    t->items[t->count++] = take(copy);
    return ST_OK;
}

static void texts_done(struct texts *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->items[i]);
    free(t->items);
    *t = (struct texts){0};
}

/* ---- values ---- */

/* A later value replaces the former, but for those of a list that come from the same origin. */
static enum status set(struct options *o, size_t row, enum option_origin origin, const char *label,
                       struct slice text, struct why *why)
{
    struct option_value *value = &o->values[row];
    enum status st;

    if (o->table[row].type != OPTION_LIST || value->origin != origin)
        texts_done(&value->texts);
    value->origin = origin;
    st = texts_add(&value->texts, text, why);
    if (st != ST_OK)
        return st;
    return option_check(&o->table[row], label, value->texts.items[value->texts.count - 1], why);
}

/* ---- command line ---- */

/* Arguments that are still to be read. */
struct arguments {
    char **next;
    int left;
};

static char *next_argument(struct arguments *args)
{
    args->left--;
    return *args->next++;
}

static bool is_option_of(const struct options *o, const char *text)
{
    for (size_t i = 0; i < o->count; i++) {
        if (strncmp(text, "--", 2) == 0 && strcmp(text + 2, o->table[i].name) == 0)
            return true;
    }
    return false;
}

/* The value that stands in the next argument. It may begin with a minus, but what is an option of
 * this very program was hardly meant as one. */
static enum status next_value(const struct options *o, size_t row, struct arguments *args,
                              struct slice *ret, struct why *why)
{
    const struct option *option = &o->table[row];

    if (args->left == 0)
        return fail(why, ST_BAD_INPUT, "--%s needs a value: --%s %s", option->name, option->name,
                    option_value_word(option));
    if (is_option_of(o, *args->next))
        return fail(why, ST_BAD_INPUT,
                    "--%s needs a value, but %s follows (if that is the value: --%s=%s)",
                    option->name, *args->next, option->name, *args->next);
    *ret = slice_of(next_argument(args));
    return ST_OK;
}

static enum status parse_option(struct options *o, const char *text, struct arguments *args,
                                struct why *why)
{
    size_t len = strcspn(text, "=");
    char label[OPTION_LABEL_SIZE];
    struct slice value = SLICE("true");
    enum status st;
    size_t row;

    st = option_find(o->table, o->count, (struct slice){text, len}, &row, why);
    if (st != ST_OK)
        return st;
    if (text[len] == '=')
        value = slice_of(text + len + 1);
    else if (o->table[row].type != OPTION_FLAG)
        st = next_value(o, row, args, &value, why);
    if (st != ST_OK)
        return st;
    snprintf(label, sizeof label, "--%s", o->table[row].name);
    return set(o, row, ORIGIN_FLAG, label, value, why);
}

static enum status parse_arguments(struct options *o, struct arguments *args, struct why *why)
{
    bool words_only = false;
    enum status st = ST_OK;

    while (args->left > 0 && st == ST_OK) {
        const char *text = next_argument(args);

        if (words_only || text[0] != '-' || text[1] == '\0')
            st = texts_add(&o->words, slice_of(text), why);
        else if (strcmp(text, "--") == 0)
            words_only = true;
        else if (text[1] == '-')
            st = parse_option(o, text + 2, args, why);
        else
            st = fail(why, ST_BAD_INPUT, "options begin with two dashes; --help lists all");
    }
    return st;
}

/* ---- environment ---- */

void option_variable(const char *prefix, const char *name, char ret[OPTION_LABEL_SIZE])
{
    int len = snprintf(ret, OPTION_LABEL_SIZE, "%s_", prefix);

    for (; *name && len < OPTION_LABEL_SIZE - 1; name++)
        ret[len++] = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
    ret[len < OPTION_LABEL_SIZE ? len : OPTION_LABEL_SIZE - 1] = '\0';
}

/* An empty variable counts as none: that is how compose files pass on what nobody has set. */
static const char *variable(const char *name)
{
    const char *text = getenv(name);

    return text && *text ? text : NULL;
}

static enum status set_from_variable(struct options *o, size_t row, const char *label,
                                     const char *text, struct why *why)
{
    enum status st = ST_OK;

    if (o->table[row].type != OPTION_LIST)
        return set(o, row, ORIGIN_ENVIRONMENT, label, slice_of(text), why);
    while (*text && st == ST_OK) {
        size_t len = strcspn(text, ":");

        if (len > 0)
            st = set(o, row, ORIGIN_ENVIRONMENT, label, (struct slice){text, len}, why);
        text += len;
        text += *text == ':';
    }
    return st;
}

/* Without the line break that an editor leaves at the end. */
static struct slice without_line_end(struct slice text)
{
    if (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    return text;
}

static enum status set_from_file(struct options *o, size_t row, const char *label, const char *file,
                                 struct why *why)
{
    auto_buf struct buf content = BUF_INIT(SECRET_MAX_BYTES);
    struct why file_why = {0};
    enum status st = file_read(file, &content, &file_why);
    struct slice text;

    if (st == ST_NO_MEMORY)
        return fail_memory(why);
    if (st != ST_OK)
        return fail(why, ST_BAD_INPUT, "%s names %.80s, which %.80s", label, file, file_why.text);
    text = without_line_end(buf_slice(&content));
    if (text.len == 0 || memchr(text.data, '\0', text.len))
        return fail(why, ST_BAD_INPUT, "%s names %.80s, which %s", label, file,
                    text.len == 0 ? "is empty" : "has a NUL byte");
    return set(o, row, ORIGIN_FILE, label, text, why);
}

static enum status read_environment(struct options *o, size_t row, const char *prefix,
                                    struct why *why)
{
    char label[OPTION_LABEL_SIZE];
    char file_label[OPTION_LABEL_SIZE + 8];
    const char *text, *file;

    option_variable(prefix, o->table[row].name, label);
    snprintf(file_label, sizeof file_label, "%s_FILE", label);
    text = variable(label);
    file = o->table[row].secret ? variable(file_label) : NULL;
    if (text && file)
        return fail(why, ST_BAD_INPUT, "%s and %s are both set", label, file_label);
    if (file)
        return set_from_file(o, row, file_label, file, why);
    return text ? set_from_variable(o, row, label, text, why) : ST_OK;
}

/* ---- all together ---- */

static enum status fill_gaps(struct options *o, const char *prefix, struct why *why)
{
    for (size_t row = 0; row < o->count; row++) {
        const char *fallback = o->table[row].fallback;
        enum status st = ST_OK;

        if (prefix && o->values[row].texts.count == 0)
            st = read_environment(o, row, prefix, why);
        if (st == ST_OK && fallback && o->values[row].texts.count == 0)
            st = set(o, row, ORIGIN_DEFAULT, o->table[row].name, slice_of(fallback), why);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status options_parse(const struct option *table, size_t count, const char *prefix, int argc,
                          char **argv, struct options **ret, struct why *why)
{
    struct arguments args = {argv + 1, argc > 0 ? argc - 1 : 0};
    auto_options struct options *o = calloc(1, sizeof *o);
    enum status st;

    if (!o)
        return fail_memory(why);
    o->table = table;
    o->count = count;
    o->values = calloc(count ? count : 1, sizeof *o->values);
    if (!o->values)
        return fail_memory(why);
    st = parse_arguments(o, &args, why);
    if (st == ST_OK)
        st = fill_gaps(o, prefix, why);
    if (st != ST_OK)
        return st;
    *ret = take(o);
    return ST_OK;
}

void options_free(struct options *o)
{
    if (!o)
        return;
    for (size_t i = 0; o->values && i < o->count; i++)
        texts_done(&o->values[i].texts);
    free(o->values);
    texts_done(&o->words);
    free(o);
}

/* ---- asking ---- */

const char *options_text(const struct options *o, size_t row)
{
    const struct texts *texts = &o->values[row].texts;

    return texts->count > 0 ? texts->items[texts->count - 1] : NULL;
}

bool options_on(const struct options *o, size_t row)
{
    const char *text = options_text(o, row);

    return text && option_is_true(text);
}

long long options_number(const struct options *o, size_t row)
{
    const char *text = options_text(o, row);

    return text ? strtoll(text, NULL, 10) : 0;
}

bool options_given(const struct options *o, size_t row)
{
    return o->values[row].origin != ORIGIN_DEFAULT;
}

size_t options_count(const struct options *o, size_t row)
{
    return o->values[row].texts.count;
}

const char *options_item(const struct options *o, size_t row, size_t i)
{
    const struct texts *texts = &o->values[row].texts;

    return i < texts->count ? texts->items[i] : NULL;
}

enum option_origin options_origin(const struct options *o, size_t row)
{
    return o->values[row].origin;
}

size_t options_words(const struct options *o)
{
    return o->words.count;
}

const char *options_word(const struct options *o, size_t i)
{
    return i < o->words.count ? o->words.items[i] : NULL;
}
