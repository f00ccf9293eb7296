#include "common/log.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_SIZE = 4096, /* PIPE_BUF of Linux: a pipe takes so much at once */
    TAIL_SIZE = 64,   /* of which this much is kept for what closes a cut value and the line */
    VALUE_SIZE = 1024,
    NUMBER_SIZE = 24,
    UNIT_SIZE = 12,
};

struct line {
    bool json;
    bool cut;
    size_t len;
    char text[LINE_SIZE];
};

static const char *const level_words[LOG_LEVELS] = {
    [LOG_ERROR] = "error",
    [LOG_WARN] = "warn",
    [LOG_INFO] = "info",
    [LOG_DEBUG] = "debug",
};

enum status log_level_parse(const char *word, enum log_level *ret, struct why *why)
{
    for (size_t i = 0; i < LOG_LEVELS; i++) {
        if (strcmp(word, level_words[i]) == 0) {
            *ret = (enum log_level)i;
            return ST_OK;
        }
    }
    return fail(why, ST_BAD_INPUT, "a log level is error, warn, info or debug");
}

/* The text is left as it is: there is much of it, and only what is put counts. */
static void start_line(struct line *line, bool json)
{
    line->json = json;
    line->cut = false;
    line->len = 0;
}

static size_t room(const struct line *line)
{
    return line->len < LINE_SIZE - TAIL_SIZE ? LINE_SIZE - TAIL_SIZE - line->len : 0;
}

/* Never called with more than fits: the room was asked for, or the tail holds it. */
static void put(struct line *line, const char *text)
{
    size_t len = strlen(text);

    memcpy(line->text + line->len, text, len);
    line->len += len;
}

/* What could end a line, or steer a terminal: C0, DEL, C1, line and paragraph separator. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

static void escape_control(bool json, uint32_t code, char ret[UNIT_SIZE])
{
    static const char short_forms[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r'};

    if (code < sizeof short_forms && short_forms[code])
        snprintf(ret, UNIT_SIZE, "\\%c", short_forms[code]);
    else
        snprintf(ret, UNIT_SIZE, json || code > 0xff ? "\\u%04x" : "\\x%02x", (unsigned)code);
}

/* The first character of the text as it goes into a line; tells how many bytes it stands for. */
static size_t next_unit(bool json, struct slice text, char ret[UNIT_SIZE])
{
    uint32_t code;
    size_t used = utf8_step(text, &code);

    if (used == 0) {
        snprintf(ret, UNIT_SIZE, json ? "\\ufffd" : "\\x%02x", (unsigned char)text.data[0]);
        return 1;
    }
    if (is_control(code))
        escape_control(json, code, ret);
    else
        snprintf(ret, UNIT_SIZE, "%s%.*s", code == '"' || code == '\\' ? "\\" : "", (int)used,
                 text.data);
    return used;
}

static void put_escaped(struct line *line, const char *text)
{
    /* A little more than can be shown, so that the loop sees it does not fit. */
    struct slice rest = {text, strnlen(text, VALUE_SIZE + UNIT_SIZE)};
    size_t left = room(line) < VALUE_SIZE ? room(line) : VALUE_SIZE;

    while (rest.len > 0) {
        char unit[UNIT_SIZE];
        size_t used = next_unit(line->json, rest, unit);

        if (strlen(unit) > left) {
            put(line, "...");
            return;
        }
        put(line, unit);
        left -= strlen(unit);
        rest.data += used;
        rest.len -= used;
    }
}

/* Whether a value of a text line can stand without quotes. */
static bool is_plain(const char *text)
{
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text <= ' ' || *text > '~' || strchr("\"=\\", *text))
            return false;
    }
    return true;
}

static void put_field(struct line *line, const struct log_field *field)
{
    bool quoted = field->text ? line->json || !is_plain(field->text) : false;
    char number[NUMBER_SIZE];

    if (strlen(field->name) + NUMBER_SIZE > room(line)) {
        line->cut = true;
        return;
    }
    put(line, line->json ? ",\"" : " ");
    put(line, field->name);
    put(line, line->json ? "\":" : "=");
    if (!field->text) {
        snprintf(number, sizeof number, "%lld", field->number);
        put(line, number);
        return;
    }
    put(line, quoted ? "\"" : "");
    put_escaped(line, field->text);
    put(line, quoted ? "\"" : "");
}

static void put_head(struct line *line, enum log_level level, const char *event)
{
    char time[CLOCK_ISO_SIZE];

    clock_format_iso(clock_now_us(NULL), time);
    put(line, line->json ? "{\"time\":\"" : "");
    put(line, time);
    put(line, line->json ? "\",\"level\":\"" : " ");
    put(line, level_words[level]);
    put(line, line->json ? "\",\"event\":\"" : " ");
    put_escaped(line, event);
    put(line, line->json ? "\"" : "");
}

/* Part of a line can't be taken back, so only a call that wrote nothing is tried again. */
static void write_line(int fd, const struct line *line)
{
    ssize_t written;

    do
        written = write(fd, line->text, line->len);
    while (written < 0 && errno == EINTR);
}

void log_line(const struct log *log, enum log_level level, const char *event,
              const struct log_field *fields, size_t count)
{
    struct line line;
    int error_before = errno;

    if (!log_wants(log, level))
        return;
    start_line(&line, log->json);
    put_head(&line, level, event);
    for (size_t i = 0; i < count && !line.cut; i++)
        put_field(&line, &fields[i]);
    if (line.cut)
        put(&line, line.json ? ",\"cut\":true" : " cut=true");
    put(&line, line.json ? "}\n" : "\n");
    write_line(log->fd, &line);
    errno = error_before;
}
